"""Prepare a spectral voice from its recipe, which names a package, its files, and changes of the voice's tone."""

import json
from pathlib import Path

import numpy as np

from herald.errors import UnsupportedVoice, VoiceNotPrepared
from herald.speech.misaki.dictionary import LEXICON, merged, write_lexicon
from herald.speech.model import Reach, Scales
from herald.speech.phonemes import Phonemes
from herald.speech.prepare.measure import gain_for
from herald.speech.prepare.saving import save_part, write_card
from herald.speech.prepare.spectral_graph import divide_spectral, reach_of
from herald.speech.spectral.spectral_model import SpectralModel
from herald.speech.spectral.vocoder import HOP
from herald.speech.voices.catalog import package_folder, recipe_info
from herald.speech.voices.folders import sha256_of

CALIBRATION = (
    "Your appointment is confirmed for Monday at nine. Please bring your card! Would you like to speak with us?"
)
"""Text for measuring the loudness of a voice."""
_SCALES = Scales(noise=1.0, length=1.0, duration_noise=0.0)
_EDGE = 0
"""The id before and after each text."""


def prepare_spectral(recipe_path: Path, folder: Path, architecture: str) -> None:
    """Write the parts, the lexicon and the card of a recipe's voice into `folder`.

    Raise VoiceNotPrepared if its package is missing or has other files than the recipe was written for.
    """
    recipe = json.loads(recipe_path.read_text(encoding="utf-8"))
    source = package_folder(recipe["package"])
    if source is None:
        raise VoiceNotPrepared(
            f"The voice {recipe_path.stem} is made from the package {recipe['package']}: install it."
        )
    if sha256_of(source / recipe["model"]) != recipe["sha256"]:
        raise VoiceNotPrepared(f"{recipe['model']} of the package {recipe['package']} is not the expected version.")
    parts = divide_spectral(source / recipe["model"], resonance=recipe["resonance"])
    for name, part in parts.items():
        save_part(name, part, folder)
    write_lexicon(folder / LEXICON, merged([source / name for name in recipe["lexicons"]]))
    vocabulary = json.loads((source / recipe["vocabulary"]).read_text(encoding="utf-8"))
    edges = {"^": [_EDGE], "_": [], "$": [_EDGE]}
    phonemes = Phonemes(
        kind="misaki",
        espeak_voice=recipe["espeak_voice"],
        ids=edges | {phoneme: [number] for phoneme, number in vocabulary.items()},
        folder=folder,
    )
    reach = Reach(flow=0, decoder=reach_of(parts["decoder"]))
    write_card(
        folder,
        recipe_info(recipe_path),
        phonemes,
        scales=_SCALES._asdict(),
        reach=reach._asdict(),
        gain=round(_gain(SpectralModel(folder, reach=reach, pitch=recipe["pitch"]), phonemes), 4),
        hop=HOP,
        architecture=architecture,
        default_speaker=0,
        pitch=recipe["pitch"],
    )


def _gain(model: SpectralModel, phonemes: Phonemes) -> float:
    encoded = [model.encode(phonemes.to_ids(one), scales=_SCALES) for one in phonemes.utterances(CALIBRATION)]
    if not encoded:
        raise UnsupportedVoice("This voice lacks the phonemes of the calibration text.")
    return gain_for(np.concatenate([chunk for one in encoded for chunk in model.decode(one, soon=False)]))
