"""Which voice a request means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

OPENAI_VOICES = (
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse",
)  # fmt: skip
"""The voice names of OpenAI's API, which its clients send; platform.openai.com/docs/guides/text-to-speech."""


@dataclass(frozen=True, kw_only=True)
class VoiceChoice:
    """A voice of the catalogue, and the speaker where it has several."""

    voice: str
    speaker: str | None = None

    def __str__(self) -> str:
        """As a request names it."""
        return f"{self.voice}:{self.speaker}" if self.speaker else self.voice


@dataclass(frozen=True, kw_only=True)
class VoiceNames:
    """Other names for voices: the operator's, and OpenAI's, which mean the default voice unless an alias says more."""

    default: str
    aliases: Mapping[str, str] = field(default_factory=dict)

    def choose(self, name: str) -> VoiceChoice:
        """The voice that a name means; the name itself where it is no alias."""
        meant = self.aliases.get(name) or (self.default if name in OPENAI_VOICES else name)
        voice, _, speaker = meant.partition(":")
        return VoiceChoice(voice=voice, speaker=speaker or None)

    def told(self, name: str, voices: Iterable[str]) -> str:
        """What there is instead of a name that is none: all names, and the one that is most like it."""
        here, others = sorted(voices), sorted({*self.aliases, *OPENAI_VOICES})
        near = _like(name.partition(":")[0].lower(), (*here, *others))
        meant = f" Did you mean {near}?" if near else ""
        lists = f"Voices here: {', '.join(here)}. Other names: {', '.join(others)}."
        return f"There is no voice of that name.{meant} {lists}"

    def others(self, voice: str) -> list[str]:
        """All other names of a voice."""
        names = dict.fromkeys([*self.aliases, *OPENAI_VOICES])
        return sorted(name for name in names if self.choose(name).voice == voice)


@lru_cache(maxsize=256)
def _like(name: str, known: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415  2 ms, for which no good name waits

    lowered = {one.lower(): one for one in known}
    return next((lowered[one] for one in get_close_matches(name, lowered, n=1)), None)


def parse_aliases(text: str) -> dict[str, str]:
    """Read "nova=en_US-amy-medium,onyx=en_GB-alan-medium"; ValueError where it is not of that form."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if any(not name.strip() or not voice.strip() for name, _, voice in pairs):
        raise ValueError('aliases are written as "name=voice,name=voice"')
    return {name.strip(): voice.strip() for name, _, voice in pairs}
