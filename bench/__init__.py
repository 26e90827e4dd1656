"""Benchmark of Herald, piper-tts and sherpa-onnx with the same voice on the same machine. `make bench`."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
