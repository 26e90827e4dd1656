"""Scripts: everything that determines the audio of a file, after names and defaults are resolved.

The audio is stored by content: its S3 key is a digest of the script.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sized
from hashlib import sha256
from typing import Any, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from herald.errors import InvalidSettings
from herald.jobs.request_fields import USUAL_PAUSES, PauseSettings, are_usual, characters_of
from herald.speech.audio.formats import CONTAINERS, find_format
from herald.speech.memory import SOUND
from herald.speech.reading.markup import TextFormat
from herald.speech.voices.catalog import VoiceInfo

_FROZEN = ConfigDict(extra="forbid", frozen=True)
AUDIO_FOLDER = "audio/"
CUSTOM_VOICE = r"voice_[0-9a-f]{32}"
"""Ids of tenants' custom voices."""
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

_REFERENCE = re.compile(r"[^/]+/(?P<checksum>[0-9a-f]{64})-[0-9a-f]{16}")

type Voices = Mapping[str, VoiceInfo]


class VoiceVersion(Protocol):
    """The part of a VoiceInfo that keys of files contain."""

    @property
    def id(self) -> str:
        """The id in the catalogue, or that of a tenant's custom voice."""
        ...

    @property
    def engine(self) -> str:
        """The engine, as in VoiceInfo."""
        ...

    @property
    def checksum(self) -> str:
        """Equal for voices that sound the same."""
        ...


type LexiconReference = str
"""Names the content of one version of a lexicon for good: "<tenant>/<checksum>-<random>"."""


def lexicon_checksum(reference: LexiconReference) -> str:
    """Return the checksum of a lexicon; raise ValueError for a malformed reference."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError("A malformed reference to a lexicon.")
    return found["checksum"]


def is_plain(text_format: TextFormat) -> bool:
    """Return whether a text has no markup. Scripts and keys omit this format."""
    return text_format == "plain"


def is_empty(collection: Sized) -> bool:
    """Return whether a collection is empty. Scripts omit empty lexicons and casts."""
    return not len(collection)


class Line(BaseModel):
    """A text and its voice."""

    model_config = _FROZEN

    text: str = Field(repr=False)
    voice: str
    """The id of a voice in the catalogue."""
    speaker: str | None = None
    """A speaker of the voice, or a mix of speakers."""
    language: str | None = None
    """BCP 47, such as "en-US" or "ja". None: the default language of the voice."""

    def __str__(self) -> str:
        """Return the voice as requests name it."""
        return f"{self.voice}:{self.speaker}" if self.speaker else self.voice


class CastVoice(BaseModel):
    """The voice of a name in an SSML document."""

    model_config = _FROZEN

    voice: str
    """The id of a voice in the catalogue."""
    speaker: str | None = None


type Cast = dict[str, CastVoice]
"""Voices by the name in `voice` elements."""


class Script(BaseModel):
    """The lines of one file, in order, and its settings."""

    model_config = _FROZEN

    lines: tuple[Line, ...] = Field(min_length=1)
    response_format: str
    sample_rate: int
    """Hz of the file."""
    speed: float = 1.0
    quality: str = "standard"
    text_format: TextFormat = Field(default="plain", exclude_if=is_plain)
    cast: Cast = Field(default={}, exclude_if=is_empty)
    pause: PauseSettings = Field(default=USUAL_PAUSES, exclude_if=are_usual)
    lexicons: tuple[LexiconReference, ...] = Field(default=(), exclude_if=is_empty)
    """The lexicons that apply to a line, in order: of two entries for the same word, the first applies."""

    @model_validator(mode="after")
    def _speed_as_float(self) -> Self:
        # 1 and 1.0 are the same speed, and must produce the same content key.
        object.__setattr__(self, "speed", float(self.speed))
        return self

    @property
    def characters(self) -> int:
        """Return the characters of all lines without tags of SSML, the unit that comparable services charge for."""
        return sum(characters_of(line.text, self.text_format) for line in self.lines)

    @property
    def voices(self) -> tuple[str, ...]:
        """Return the distinct voices in order of appearance, as requests name them."""
        return tuple(dict.fromkeys(str(line) for line in self.lines))

    @property
    def voice_ids(self) -> set[str]:
        """Return the ids of all voices of the lines and the cast."""
        return {line.voice for line in self.lines} | {member.voice for member in self.cast.values()}


def audio_key(
    script: Script,
    tenant: str,
    voices: Mapping[str, VoiceVersion],
    *,
    sound: int = SOUND,
    containers: int = CONTAINERS,
) -> str:
    """Return the S3 key of a script's file in the audio bucket: audio/<tenant>/<SHA-256>.<extension>.

    The key covers everything that affects the sound. It excludes route and processor, whose output differs only in
    inaudible rounding. Files with custom voices are in a folder named after these voices, so that the files of a
    deleted voice can be found.

    The function that accepts a script computes the key to look up the file. The process that synthesizes it computes
    the key again, because it may have other versions of the voices or of Herald. `sound` and `containers` are the SOUND
    and CONTAINERS of that process.

    Raise InvalidSettings for a tenant id that is not safe in a path.
    """
    lines = []
    for line in script.lines:
        info = voices[line.voice]
        # The engine composes text in the same way: canonically equivalent texts sound the same.
        text = unicodedata.normalize("NFC", line.text)
        lines.append([text, info.engine, info.id, info.checksum, line.speaker, line.language])
    content: dict[str, Any] = {
        "engine": sound,
        "containers": containers,
        "lines": lines,
        "format": script.response_format,
        "sample_rate": script.sample_rate,
        "speed": script.speed,
        "quality": script.quality,
    }
    if not is_plain(script.text_format):
        content["text_format"] = script.text_format
    if script.cast:
        cast = {name: (voices[member.voice], member.speaker) for name, member in script.cast.items()}
        content["cast"] = {
            name: [info.engine, info.id, info.checksum, speaker] for name, (info, speaker) in cast.items()
        }
    if not are_usual(script.pause):
        content["pause"] = script.pause.model_dump()
    if script.lexicons:
        content["lexicons"] = [lexicon_checksum(reference) for reference in script.lexicons]
    custom = sorted({line.voice for line in script.lines if re.fullmatch(CUSTOM_VOICE, line.voice)})
    folder = f"{AUDIO_FOLDER}{check_tenant(tenant)}/{f'{".".join(custom)}/' if custom else ''}"
    return f"{folder}{_digest(content)}.{find_format(script.response_format).extension}"


def fingerprint(request: BaseModel) -> str:
    """Return the SHA-256 of a request in hexadecimal. An omitted field equals its default."""
    return _digest(request.model_dump(mode="json", exclude_defaults=True))


def check_tenant(tenant: str) -> str:
    """Return the tenant id if it is safe in a path, a tag and a queue; raise InvalidSettings otherwise."""
    if not _TENANT.fullmatch(tenant):
        raise InvalidSettings(
            "A tenant id must be 1 to 64 letters, digits, hyphens or underscores, and begin with a letter or digit."
        )
    return tenant


def _digest(value: Any) -> str:  # noqa: ANN401  any JSON value
    """Return the SHA-256 of a value's canonical JSON, so that different values never share a digest."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return sha256(canonical.encode()).hexdigest()
