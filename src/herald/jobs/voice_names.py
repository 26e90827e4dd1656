"""Voice names in requests: aliases and OpenAI's names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

_WOMEN = ("alloy", "coral", "marin", "nova", "sage", "shimmer")
_MEN = ("ash", "ballad", "cedar", "echo", "fable", "onyx", "verse")
OPENAI_VOICES = tuple(sorted(_WOMEN + _MEN))
"""The voice names of OpenAI's API, which its clients send: https://platform.openai.com/docs/guides/text-to-speech."""
MEN_BESIDE = {"en_US-heart": "en_US-heart-low"}
"""The man's voice that is built together with a woman's default voice."""
_KOKORO = re.compile(r"[ab](?P<gender>[fm])_[a-z]+")
"""Kokoro's names of American and British voices, such as af_heart; its clients send them."""


@dataclass(frozen=True, kw_only=True)
class VoiceChoice:
    """A voice of the catalogue, and a speaker if it has several."""

    voice: str
    speaker: str | None = None


@dataclass(frozen=True, kw_only=True)
class VoiceNames:
    """Aliases of voices: the operator's, and OpenAI's voice names.

    An OpenAI name, or one of Kokoro's English voices, maps to the default voice, or to the man's voice that belongs to
    it, unless an alias of the operator overrides it.
    """

    default: str
    aliases: Mapping[str, str] = field(default_factory=dict)

    def choose(self, name: str) -> VoiceChoice:
        """Resolve a name, in any case. A name that is not an alias denotes itself."""
        target = self.aliases.get(name) or self._alias(name.lower()) or name
        voice, _, speaker = target.partition(":")
        return VoiceChoice(voice=voice, speaker=speaker or None)

    def _alias(self, lowered: str) -> str | None:
        for name, target in self.aliases.items():
            if name.lower() == lowered:
                return target
        kokoro = _KOKORO.fullmatch(lowered)
        if lowered not in OPENAI_VOICES and kokoro is None:
            return None
        man = lowered in _MEN or (kokoro is not None and kokoro["gender"] == "m")
        return MEN_BESIDE.get(self.default, self.default) if man else self.default

    def unknown_message(self, name: str, voices: Iterable[str]) -> str:
        """Return the error message for an unknown name, with all known names and the most similar one."""
        available, aliases = sorted(voices), sorted({*self.aliases, *OPENAI_VOICES})
        similar = _most_similar(name.partition(":")[0].lower(), (*available, *aliases))
        hint = f" Did you mean {similar}?" if similar else ""
        lists = f"Available voices: {', '.join(available)}. Other names: {', '.join(aliases)}."
        return f"There is no voice with that name.{hint} {lists}"

    def aliases_of(self, voice: str) -> list[str]:
        """Return all aliases of a voice."""
        names = dict.fromkeys([*self.aliases, *OPENAI_VOICES])
        return sorted(name for name in names if self.choose(name).voice == voice)


@lru_cache(maxsize=256)
def _most_similar(name: str, known: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415  costs 2 ms; needed only for unknown names

    lowered = {candidate.lower(): candidate for candidate in known}
    return next((lowered[match] for match in get_close_matches(name, lowered, n=1)), None)


def parse_aliases(text: str) -> dict[str, str]:
    """Parse "nova=en_US-amy-medium,onyx=en_GB-alan-medium"; raise ValueError if it is malformed."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if any(not name.strip() or not voice.strip() for name, _, voice in pairs):
        raise ValueError('aliases must have the form "name=voice,name=voice"')
    return {name.strip(): voice.strip() for name, _, voice in pairs}
