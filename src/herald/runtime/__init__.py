"""The common parts of all Lambda functions: settings, dependencies, events, logs and metrics."""
