"""speech_stream: streams audio while it is synthesized. A web server behind the Lambda Web Adapter."""
