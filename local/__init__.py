"""AWS on your own machine: the emulator, what it lacks, and `make run`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
