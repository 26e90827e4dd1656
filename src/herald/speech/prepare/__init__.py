"""Prepares Piper voices: divides and optimises the model, measures it, writes the card.

Preparing needs the onnx package; running what was prepared does not.
"""

import hashlib
import json
import logging
import platform
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import onnxruntime

from herald.errors import UnsupportedVoice, VoiceNotPrepared
from herald.speech.model import Model, Reach, Scales, session_options
from herald.speech.pack import Pack
from herald.speech.phonemes import Phonemes
from herald.speech.prepare.measure import measure
from herald.speech.voices.catalog import CARD, FORMAT, VoiceInfo, piper_config, piper_info

CALIBRATION = "0 1 2 3 4 5 6 7 8 9 10. 11 12 13 14 15 16 17 18 19 20! 31 42 53 64 75 86 97 108?"
"""Spoken to measure a voice: numbers, because espeak-ng reads them in every language."""

_CACHE = Path.home() / ".cache" / "herald" / "voices"
_LOG = logging.getLogger(__name__)


def build(model: Path, folder: Path, *, architecture: str = "") -> Pack:
    """Prepare the Piper voice of `model` (an .onnx file, its .json beside it) as the new or replaced `folder`.

    `architecture` is the processor that it will run on, "x86_64" or "arm64", this machine's where none is given. A
    voice prepared for another one speaks the same, only slower.
    """
    architecture = architecture or this_architecture()
    info, config = piper_info(model), piper_config(model)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".preparing-") as temporary:
        made = Path(temporary) / folder.name
        made.mkdir()
        _write_parts(model, made, blocks=architecture == "x86_64")
        _write_card(made, info, config, architecture)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    return Pack.read(folder)


def this_architecture() -> str:
    """The processor of this machine, as Lambda names it."""
    return {"amd64": "x86_64", "aarch64": "arm64"}.get(name := platform.machine().lower(), name)


def prepared(model: Path) -> Path:
    """The prepared folder of a Piper voice in this user's cache, made now where it is not there yet."""
    if not model.is_file():
        raise VoiceNotPrepared(f"There is no voice at {model}.")
    # A part written by another onnxruntime may hold operators that this one does not know.
    digest = hashlib.sha256(model.read_bytes() + f"{FORMAT} {onnxruntime.__version__}".encode()).hexdigest()
    folder = _CACHE / digest[:16] / model.stem
    if not (folder / CARD).is_file():
        _LOG.warning("Preparing the voice %s. This happens once.", model.stem)
        build(model, folder)
    return folder


def _write_parts(model: Path, folder: Path, *, blocks: bool) -> None:
    try:
        from herald.speech.prepare.attention import shorten_attention  # noqa: PLC0415  needs onnx: no room on Lambda
        from herald.speech.prepare.graph import divide  # noqa: PLC0415
        from herald.speech.prepare.layout import blocked  # noqa: PLC0415
        from herald.speech.prepare.norms import fuse_norms  # noqa: PLC0415
        from herald.speech.prepare.splines import shorten_splines  # noqa: PLC0415
        from herald.speech.prepare.zeros import spell_out_zeros  # noqa: PLC0415
    except ImportError as error:
        raise VoiceNotPrepared(
            f"{model.name} is not prepared, and preparing it needs the onnx package: pip install 'herald[voices]'."
        ) from error
    parts = divide(model)
    parts["encoder"] = spell_out_zeros(fuse_norms(shorten_splines(shorten_attention(parts["encoder"]))))
    parts["flow"] = spell_out_zeros(parts["flow"])
    if blocks:
        parts["decoder"] = blocked(parts["decoder"])
    for name, part in parts.items():
        options = session_options(threads=1)
        # "Extended" writes the same on every processor; the layout of blocks, which is not, is chosen when loading.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(folder / f"{name}.onnx")
        # Weights in a file of their own are mapped into memory instead of being read and copied.
        options.add_session_config_entry("session.optimized_model_external_initializers_file_name", f"{name}.weights")
        options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
        onnxruntime.InferenceSession(part.SerializeToString(), options, ["CPUExecutionProvider"])


def _write_card(folder: Path, info: VoiceInfo, config: dict[str, Any], architecture: str) -> None:
    phonemes, scales = _phonemes(config), _scales(config)
    speaker = config.get("default_speaker_id", 0)
    model = Model(folder, reach=Reach(flow=0, decoder=0), threads=1)
    texts = [phonemes.to_ids(utterance) for utterance in phonemes.utterances(CALIBRATION)]
    spoken = [model.encode(ids, scales=scales, speaker=speaker) for ids in texts]
    if not spoken:
        raise UnsupportedVoice(f"The voice {info.id} knows no phoneme of the numbers by which voices are measured.")
    measured = measure(model, spoken)
    card = {
        "format": FORMAT,
        "voice": {key: value for key, value in asdict(info).items() if key not in {"path", "known_checksum"}},
        "phonemes": asdict(phonemes),
        "scales": scales._asdict(),
        "reach": measured.reach._asdict(),
        "gain": round(measured.gain, 4),
        "hop": measured.hop,
        "architecture": architecture,
        "default_speaker": speaker,
        "checksums": {part.name: hashlib.sha256(part.read_bytes()).hexdigest() for part in sorted(folder.iterdir())},
    }
    (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _phonemes(config: dict[str, Any]) -> Phonemes:
    return Phonemes(
        kind=config.get("phoneme_type", "espeak"),
        espeak_voice=config["espeak"]["voice"],
        ids=config["phoneme_id_map"],
        vowel_clusters=config.get("vowel_clusters") or [],
    )


def _scales(config: dict[str, Any]) -> Scales:
    """Scales of a voice; piper-tts's own defaults (piper.config) for old voices that state none."""
    inference = config.get("inference", {})
    return Scales(
        noise=inference.get("noise_scale", 0.667),
        length=inference.get("length_scale", 1.0),
        duration_noise=inference.get("noise_w", 0.8),
    )
