"""What every Lambda function is built from: settings, dependencies, events, logs and metrics."""
