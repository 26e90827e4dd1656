"""The device that runs the models: a GPU if there is one, else the CPU."""

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnxruntime

from herald.speech.model import session_options


@dataclass(frozen=True, kw_only=True)
class Device:
    """The provider, "cuda" or "cpu", and the number of threads per synthesis."""

    provider: str
    threads: int

    @classmethod
    def find(cls) -> "Device":
        """Return the best available device."""
        cuda = "CUDAExecutionProvider" in onnxruntime.get_available_providers() and _gpus() > 0
        return cls(provider="cuda" if cuda else "cpu", threads=len(os.sched_getaffinity(0)))

    def session(self, model: Path) -> onnxruntime.InferenceSession:
        """Load a model on this device."""
        options = session_options(self.threads)
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.use_deterministic_compute = True
        providers: list[Any] = ["CPUExecutionProvider"]
        if self.provider == "cuda":
            # Exhaustive search for the fastest convolution is slow for each new length, and not deterministic.
            providers.insert(0, ("CUDAExecutionProvider", {"cudnn_conv_algo_search": "HEURISTIC"}))
        return onnxruntime.InferenceSession(os.fspath(model), options, providers)


def _gpus() -> int:
    """Return the number of GPUs from the driver; onnxruntime reports only the providers it was built with."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return 0
    count = ctypes.c_int(0)
    ready = driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0
    return count.value if ready else 0
