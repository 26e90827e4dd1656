"""Write the parts and the card of a prepared voice."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import onnxruntime

from herald.speech.model import session_options
from herald.speech.phonemes import Phonemes
from herald.speech.voices.catalog import CARD, FORMAT, VoiceInfo

if TYPE_CHECKING:
    from onnx import ModelProto


def save_part(name: str, part: "ModelProto", folder: Path) -> None:
    """Optimize a part of a model and save it, its weights in a file of their own."""
    options = session_options(threads=1)
    # The "extended" level is independent of the processor; the layout optimizations run when the voice is loaded.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(folder / f"{name}.onnx")
    # Weights in a separate file are memory-mapped instead of read and copied.
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", f"{name}.weights")
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    onnxruntime.InferenceSession(part.SerializeToString(), options, ["CPUExecutionProvider"])


def write_card(folder: Path, info: VoiceInfo, phonemes: Phonemes, **rest: Any) -> None:  # noqa: ANN401  JSON
    """Write the card of a voice whose parts are in `folder`, with their checksums."""
    card = {
        "format": FORMAT,
        "voice": {key: value for key, value in asdict(info).items() if key not in {"path", "known_checksum"}},
        "phonemes": {key: value for key, value in asdict(phonemes).items() if key not in {"folder", "language"}},
        **rest,
        "checksums": {part.name: hashlib.sha256(part.read_bytes()).hexdigest() for part in sorted(folder.iterdir())},
    }
    (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
