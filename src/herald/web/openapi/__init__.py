"""The API's description in OpenAPI 3.1, generated from the routes, the request and response models and the error codes.

Loaded on demand only, by GET /openapi.json, GET /docs and `make openapi`.
"""
