"""What models run on: a GPU where there is one, else the processors."""

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnxruntime

from herald.speech.model import session_options


@dataclass(frozen=True, kw_only=True)
class Device:
    """The provider, "cuda" or "cpu", and the threads that share the work of one synthesis."""

    provider: str
    threads: int

    @classmethod
    def find(cls) -> "Device":
        """The best that there is here."""
        cuda = "CUDAExecutionProvider" in onnxruntime.get_available_providers() and _gpus() > 0
        return cls(provider="cuda" if cuda else "cpu", threads=len(os.sched_getaffinity(0)))

    def session(self, model: Path) -> onnxruntime.InferenceSession:
        """Load a model."""
        options = session_options(self.threads)
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.use_deterministic_compute = True
        providers: list[Any] = ["CPUExecutionProvider"]
        if self.provider == "cuda":
            # Trying out which convolution is fastest takes long for each new length, and finds another one each time.
            providers.insert(0, ("CUDAExecutionProvider", {"cudnn_conv_algo_search": "HEURISTIC"}))
        return onnxruntime.InferenceSession(os.fspath(model), options, providers)


def _gpus() -> int:
    """How many GPUs the driver shows; onnxruntime alone tells only what it was built for."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return 0
    count = ctypes.c_int(0)
    ready = driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0
    return count.value if ready else 0
