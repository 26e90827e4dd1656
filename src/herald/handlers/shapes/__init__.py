"""What the API answers with: a model for each thing that it shows, as docs/openapi.yaml names it."""
