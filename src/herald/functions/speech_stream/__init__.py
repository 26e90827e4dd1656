"""The streaming function: a web server behind the Lambda Web Adapter."""
