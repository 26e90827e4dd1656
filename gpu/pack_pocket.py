"""Pack a model of pocket-tts into a folder for the server: its card, configuration, weights and tokenizer.

python -m gpu.pack_pocket FOLDER WEIGHTS CONFIG.yaml     as FOLDER/pocket

WEIGHTS is a folder with model.safetensors and tokenizer.json or tokenizer.model, CONFIG.yaml the configuration that the
package pocket-tts has for it.
gpu/README.md has the commands that download them (weights: CC BY 4.0, by Kyutai). Nothing is downloaded here.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml

from gpu.engines.pocket import CONFIG, TOKENIZERS, WEIGHTS
from herald.errors import UnsupportedVoice, VoiceNotPrepared
from herald.speech.voices.catalog import CARD
from herald.speech.voices.folders import atomic_folder

NAME = "pocket"
_LANGUAGES = {
    "english": ("en_US", "English"),
    "french": ("fr_FR", "French"),
    "german": ("de_DE", "German"),
    "spanish": ("es_ES", "Spanish"),
    "italian": ("it_IT", "Italian"),
    "portuguese": ("pt_PT", "Portuguese"),
    "dutch": ("nl_NL", "Dutch"),
}


def pack(folder: Path, weights: Path, config: Path) -> Path:
    """Pack a model as `folder`/pocket; raise VoiceNotPrepared if a file is missing, UnsupportedVoice for a language."""
    tokenizer = next((name for name in TOKENIZERS if (weights / name).is_file()), TOKENIZERS[0])
    missing = [str(path) for path in (weights / WEIGHTS, weights / tokenizer, config) if not path.is_file()]
    if missing:
        raise VoiceNotPrepared(f"Missing files: {', '.join(missing)}. See 'Cloned voices' in gpu/README.md.")
    spoken = config.stem.partition("_")[0]
    if spoken not in _LANGUAGES:
        raise UnsupportedVoice(f"{config.name} does not begin with one of: {', '.join(_LANGUAGES)}.")
    settings = yaml.safe_load(config.read_text(encoding="utf-8"))
    with atomic_folder(folder / NAME) as made:
        shutil.copyfile(weights / WEIGHTS, made / WEIGHTS)
        shutil.copyfile(weights / tokenizer, made / tokenizer)
        (made / CONFIG).write_text(yaml.safe_dump(_local(settings, tokenizer)), encoding="utf-8")
        files = (WEIGHTS, tokenizer, CONFIG)
        checksums = {file: hashlib.sha256((made / file).read_bytes()).hexdigest() for file in files}
        card = {"voice": _card(settings, *_LANGUAGES[spoken]), "checksums": checksums}
        (made / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return folder / NAME


def _local(settings: dict[str, Any], tokenizer: str) -> dict[str, Any]:
    """Return a configuration that refers only to files in its own folder, "{folder}"."""
    flow, mimi = dict(settings["flow_lm"]), dict(settings["mimi"])
    flow["lookup_table"] = flow["lookup_table"] | {"tokenizer_path": f"{{folder}}/{tokenizer}"}
    flow.pop("weights_path", None)
    mimi.pop("weights_path", None)
    local = settings | {"flow_lm": flow, "mimi": mimi, "weights_path": f"{{folder}}/{WEIGHTS}"}
    local.pop("weights_path_without_voice_cloning", None)
    return local


def _card(settings: dict[str, Any], language: str, language_name: str) -> dict[str, Any]:
    return {
        "id": NAME,
        "language": language,
        "language_name": language_name,
        "sample_rate": settings["mimi"]["sample_rate"],
        "quality": "high",
        "licence": "CC-BY-4.0",
        "data_licence": "see the model card of kyutai/pocket-tts",
        "engine": NAME,
    }


def main(arguments: list[str]) -> None:
    """Parse the command line and pack a model."""
    match arguments:
        case [folder, weights, config]:
            sys.stdout.write(f"{pack(Path(folder), Path(weights), Path(config))}\n")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
