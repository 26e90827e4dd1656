"""Encode samples as audio files, complete or streamed."""
