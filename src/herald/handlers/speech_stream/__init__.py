"""speech_stream: speaks a text while the caller listens. A web server behind the Lambda Web Adapter."""
