"""Herald on a local AWS emulator: the emulator, patches for it, and `make run`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
