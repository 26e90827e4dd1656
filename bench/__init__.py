"""Herald beside piper-tts and sherpa-onnx: one run, one machine, one voice. `make bench`."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
