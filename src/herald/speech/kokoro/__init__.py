"""Kokoro-82M, on the GPU endpoint and on CPU. The model's phonemes are those of misaki."""
