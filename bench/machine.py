"""Description of the machine and versions, without host names."""

import datetime as dt
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

from herald import __version__

PACKAGES = ("piper-tts", "sherpa-onnx", "onnxruntime", "numpy")
# Widest first.
_VECTORS = {"amx_tile": "AMX", "avx512f": "AVX-512", "avx2": "AVX2", "asimd": "NEON"}


def describe() -> dict[str, str | float | int]:
    """Return the machine, the versions and the date."""
    name, vectors = processor()
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "processor": name,
        "vectors": vectors,
        "processors": processors(),
        "gigabytes": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
        "herald": __version__,
        **{package: version(package) for package in PACKAGES},
    }


def processor() -> tuple[str, str]:
    """Return the model of the processor, and its widest vector instructions: "AVX-512", or "" if they are unknown."""
    about = _first_lines("/proc/cpuinfo")
    flags = (about.get("flags") or about.get("Features") or "").split()
    name = about.get("model name") or platform.processor() or platform.machine()
    return name, next((vectors for flag, vectors in _VECTORS.items() if flag in flags), "")


def processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _first_lines(path: str) -> dict[str, str]:
    """Return the first value of each key; empty if the file does not exist."""
    text = Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""
    return dict(reversed(re.findall(r"^([\w ]+?)\s*: (.*)$", text, re.MULTILINE)))
