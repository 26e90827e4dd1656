"""Load test of the api function."""
