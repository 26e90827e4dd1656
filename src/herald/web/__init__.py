"""The HTTP API: routes, schemas, errors, caching and streaming."""
