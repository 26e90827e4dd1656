"""Samples to the bytes of audio files, whole or chunk by chunk."""
