"""Spectral voices, with Herald's own engine. They run on the CPU even if there is a GPU."""

from gpu.engines.piper import load

__all__ = ["load"]
