"""The API's description in OpenAPI 3.1, made of the routes, the models of requests and answers, and the errors' codes.

Nothing here is loaded before somebody asks for it: GET /openapi.json, GET /docs, `make openapi`.
"""
