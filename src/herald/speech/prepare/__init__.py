"""Prepare voices: split, optimize and measure the model, and write the card.

Preparation needs the onnx package; running a prepared voice does not.
"""

import hashlib
import logging
import platform
from pathlib import Path
from typing import Any

import onnxruntime

from herald.errors import UnsupportedVoice, VoiceNotPrepared
from herald.speech.model import Model, Reach, Scales, Sound
from herald.speech.pack import Pack
from herald.speech.phonemes import Phonemes
from herald.speech.prepare.finishing import measure, save_part, write_card
from herald.speech.voices.catalog import CARD, FORMAT, VoiceInfo, piper_config, piper_info
from herald.speech.voices.folders import atomic_folder

CALIBRATION = "0 1 2 3 4 5 6 7 8 9 10. 11 12 13 14 15 16 17 18 19 20! 31 42 53 64 75 86 97 108?"
"""Text for measuring a voice: numbers, because espeak-ng speaks them in every language."""

_LOG = logging.getLogger(__name__)


def build(model: Path, folder: Path, *, architecture: str = "") -> Pack:
    """Prepare a Piper voice, an .onnx file with its .onnx.json next to it, or a recipe; create or replace `folder`.

    `architecture` is the processor to optimize for, "x86_64" or "arm64"; the default is this machine's. On the other
    processor the voice sounds the same, but is slower. Raise VoiceNotPrepared or UnsupportedVoice.
    """
    architecture = architecture or this_architecture()
    with atomic_folder(folder) as made:
        if model.suffix == ".json":
            _require_onnx(model)
            from herald.speech.prepare.spectral import prepare_spectral  # noqa: PLC0415  needs onnx

            prepare_spectral(model, made, architecture)
        else:
            info, config = piper_info(model), piper_config(model)
            _require_onnx(model)
            _write_parts(model, made, blocks=architecture == "x86_64")
            _write_card(made, info, config, architecture)
    return Pack.read(folder)


def this_architecture() -> str:
    """Return this machine's processor architecture, as Lambda names it."""
    return {"amd64": "x86_64", "aarch64": "arm64"}.get(name := platform.machine().lower(), name)


def prepared(model: Path) -> Path:
    """Return the prepared folder of a Piper voice or a recipe in the user's cache; prepare it if it is missing."""
    if not model.is_file():
        raise VoiceNotPrepared(f"{model} is not a voice: no such file.")
    # Parts written by another version of onnxruntime may contain operators that this one lacks.
    digest = hashlib.sha256(model.read_bytes() + f"{FORMAT} {onnxruntime.__version__}".encode()).hexdigest()
    folder = _cache() / digest[:16] / model.stem
    if not (folder / CARD).is_file():
        _LOG.warning("Preparing the voice %s, once.", model.stem)
        build(model, folder)
    return folder


def _cache() -> Path:
    return Path.home() / ".cache" / "herald" / "voices"


def _require_onnx(model: Path) -> None:
    try:
        import onnx  # noqa: F401, PLC0415  not on Lambda
    except ImportError as error:
        raise VoiceNotPrepared(
            f"{model.name} is not prepared, and preparation needs the onnx package. "
            "Install it in Herald's folder: .tools/uv/bin/uv pip install --python .venv -e '.[voices]'."
        ) from error


def _write_parts(model: Path, folder: Path, *, blocks: bool) -> None:
    from herald.speech.prepare.attention import shorten_attention  # noqa: PLC0415  these need onnx
    from herald.speech.prepare.graph import divide  # noqa: PLC0415
    from herald.speech.prepare.layout import blocked  # noqa: PLC0415
    from herald.speech.prepare.rewrites import fuse_norms, shorten_splines, spell_out_zeros  # noqa: PLC0415

    parts = divide(model)
    parts["encoder"] = spell_out_zeros(fuse_norms(shorten_splines(shorten_attention(parts["encoder"]))))
    parts["flow"] = spell_out_zeros(parts["flow"])
    if blocks:
        parts["decoder"] = blocked(parts["decoder"])
    for name, part in parts.items():
        save_part(name, part, folder)


def _write_card(folder: Path, info: VoiceInfo, config: dict[str, Any], architecture: str) -> None:
    phonemes = Phonemes(
        kind=config.get("phoneme_type", "espeak"),
        espeak_voice=config["espeak"]["voice"],
        ids=config["phoneme_id_map"],
        vowel_clusters=config.get("vowel_clusters") or [],
    )
    inference = config.get("inference", {})
    scales = Scales(  # old voices without scales get piper-tts's defaults (piper.config)
        noise=inference.get("noise_scale", 0.667),
        length=inference.get("length_scale", 1.0),
        duration_noise=inference.get("noise_w", 0.8),
    )
    speaker = config.get("default_speaker_id", 0)
    model = Model(folder, reach=Reach(flow=0, decoder=0), threads=1)
    texts = [phonemes.to_ids(utterance) for utterance in phonemes.utterances(CALIBRATION, as_written=True)]
    spoken = [model.encode(ids, Sound(scales, speaker=speaker)) for ids in texts]
    if not spoken:
        raise UnsupportedVoice(f"The voice {info.id} lacks the phonemes of the numbers in the calibration text.")
    measured = measure(model, spoken)
    write_card(
        folder,
        info,
        phonemes,
        scales=scales._asdict(),
        reach=measured.reach._asdict(),
        gain=round(measured.gain, 4),
        hop=measured.hop,
        architecture=architecture,
        default_speaker=speaker,
    )
