"""A fake of Kokoro's network, and a packed model without one."""

import hashlib
import json

import numpy as np

from herald.speech.kokoro.kokoro_model import MODEL, SAMPLE_RATE, STYLES
from herald.speech.misaki.dictionary import LEXICON, write_lexicon
from herald.speech.voices.catalog import CARD, CARDS


class KokoroSession:
    """It records its inputs and returns a tone of a tenth of a second, between silence."""

    def __init__(self):
        self.inputs = []

    def run(self, _, inputs):
        self.inputs.append(inputs)
        audio = np.zeros(SAMPLE_RATE, np.float32)
        audio[9_600:12_000] = 0.5
        return [audio[None, :]]


def write_pack(folder):
    """Write a folder as packed by gpu.pack, with one speaker and a file that is no model; return it."""
    folder.mkdir(parents=True)
    (folder / MODEL).write_bytes(b"model")
    np.savez(folder / STYLES, af_heart=np.zeros((510, 1, 256), np.float32))
    write_lexicon(folder / LEXICON, {"hello": {"": "həlˈO"}})
    card = json.loads((CARDS / "kokoro" / CARD).read_text())
    card["checksums"] = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (MODEL, STYLES, LEXICON)
    }
    (folder / CARD).write_text(json.dumps(card))
    return folder
