"""Response models of the API, named as in docs/openapi.yaml."""
