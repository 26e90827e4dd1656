"""Peak performance of the processor, and the operations that the voice needs."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import numpy as np

from bench.files import piper_model

_SIZE = 2048
_REPEATS = 20


class Engine:
    """Measures the processor with numpy and the voice with onnxruntime's profiler."""

    def __init__(self, _: Path, __: int) -> None:
        """The arguments are unused; numpy reads the number of threads from the environment."""

    @staticmethod
    def products(_: str) -> float:
        """Return the best floating-point operations per second of a float32 matrix product."""
        left, right = np.random.default_rng(0).random((2, _SIZE, _SIZE), np.float32)
        return 2 * _SIZE**3 / min(_seconds(left, right) for _ in range(_REPEATS))

    @staticmethod
    def needed(text: str) -> float:
        """Return the multiply-adds per second of audio, counted while piper-tts synthesizes a text."""
        with TemporaryDirectory() as folder:
            seconds, profile = _profiled(text, Path(folder))
        nodes = (event for event in profile if event["name"].endswith("_kernel_time"))
        return sum(_multiply_adds(node["args"]) for node in nodes) / seconds


def _seconds(left: Any, right: Any) -> float:  # noqa: ANN401  arrays
    began = monotonic()
    np.matmul(left, right)
    return monotonic() - began


def _profiled(text: str, folder: Path) -> tuple[float, list[dict[str, Any]]]:
    """Return the seconds of audio and onnxruntime's profile."""
    import onnxruntime  # noqa: PLC0415  not loaded during the matrix product
    from piper import PiperConfig, PiperVoice  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.enable_profiling, options.profile_file_prefix = True, str(folder / "profile")
    options.enable_mem_reuse = False
    # Without optimizations; fused nodes could not be counted.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(piper_model()), options, ["CPUExecutionProvider"])
    config = PiperConfig.from_dict(json.loads(piper_model().with_suffix(".onnx.json").read_text(encoding="utf-8")))
    voice = PiperVoice(session=session, config=config)
    samples = sum(len(chunk.audio_float_array) for chunk in voice.synthesize(text))
    return samples / config.sample_rate, json.loads(Path(session.end_profiling()).read_text())


def _multiply_adds(node: dict[str, Any]) -> int:
    """Return the multiply-adds of one run of a node; 0 for nodes without matrix products."""
    given, made = list(_shapes(node["input_type_shape"])), list(_shapes(node["output_type_shape"]))
    match node["op_name"]:
        case "Conv":  # weights: out, in / groups, kernel
            return math.prod(made[0]) * math.prod(given[1][1:])
        case "ConvTranspose":  # weights: in, out / groups, kernel
            return math.prod(given[0]) * math.prod(given[1][1:])
        case "MatMul" | "Gemm":
            return math.prod(made[0]) * given[0][-1]
    return 0


def _shapes(types: list[dict[str, list[int]]]) -> Iterator[list[int]]:
    """Yield the shapes of [{"float": [1, 192, 50]}, ...]."""
    return (shape for one in types for shape in one.values())
