"""Generates the API's description in OpenAPI 3.1 from the routes, the models and the error codes. `make openapi`."""
