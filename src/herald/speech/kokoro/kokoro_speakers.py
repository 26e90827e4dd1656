"""Parse mixes of Kokoro's speakers, such as "jf_alpha(2)+jm_kumo(1)" and "am_adam+am_echo@0.93"; their languages.

A mix can have a pitch and a tone.
"""

import re
from typing import NamedTuple

from herald.errors import UnknownSpeaker

BANDS = tuple(1000 * 2 ** (number / 6) for number in range(-18, 18))
"""Centres of the bands of a tone in Hz, in sixths of an octave from 125 to 7,127.

Between them, decibels are interpolated by the logarithm of the frequency.
"""
MOST_GAIN = 12
"""Maximum gain of a band in dB. Higher gains amplify noise."""
LOWEST, HIGHEST = 0.8, 1.25
"""Limits of the pitch. Beyond them, a voice sounds like a recording at the wrong speed."""
_PART = r"(?P<name>[^()+\s]+)(\((?P<parts>[0-9]{1,3}(\.[0-9]{1,3})?)\))?"
_PITCH = r"[01](\.[0-9]{1,3})?"
_KANA_OR_KANJI = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]"
"""Patterns are compiled when they are needed: most functions that load this module use none."""
_GAINS = "abcdefghijklmnopqrstuvwxy"
"""A letter for each gain, from -MOST_GAIN to MOST_GAIN."""


type Tone = tuple[int, ...]
"""The gain of each of BANDS in dB."""


class Mix(NamedTuple):
    """A mix of one or more speakers."""

    shares: dict[str, float]
    """Share of each speaker. The shares add up to 1."""
    pitch: float
    """Factor of the pitch and the formants of the mix."""
    tone: Tone | None
    """Gains of frequency bands, or None for no change."""


def parse_mix(mix: str) -> Mix:
    """Return the shares of the speakers, the pitch, which is 1 unless given, and the tone. Raise UnknownSpeaker."""
    plain, toned, tone = mix.partition("~")
    speakers, pitched, pitch = plain.partition("@")
    return Mix(_shares(speakers), _pitch(pitch) if pitched else 1.0, _tone(tone) if toned else None)


def mix_name(speakers: str, pitch: float, tone: Tone = ()) -> str:
    """Return the name of speakers such as "one(2)+other(1)" at a pitch and with a tone."""
    name = speakers if pitch == 1 else f"{speakers}@{pitch}"
    return name + "~" + "".join(_GAINS[gain + MOST_GAIN] for gain in tone) if any(tone) else name


def _shares(speakers: str) -> dict[str, float]:
    parts: dict[str, float] = {}
    for element in speakers.split("+"):
        part = re.fullmatch(_PART, element, re.ASCII)
        if part is None:
            raise UnknownSpeaker('A mix of speakers must have the form "one(2)+other(1)".', param="voice")
        parts[part["name"]] = parts.get(part["name"], 0.0) + float(part["parts"] or 1)
    if not all(parts.values()):
        raise UnknownSpeaker("Every speaker of a mix must have a part above 0.", param="voice")
    whole = sum(parts.values())
    return {name: amount / whole for name, amount in parts.items()}


def _pitch(text: str) -> float:
    if not (re.fullmatch(_PITCH, text, re.ASCII) and LOWEST <= float(text) <= HIGHEST):
        raise UnknownSpeaker(
            f'The pitch of a mix must be from {LOWEST} to {HIGHEST}, as in "one(2)+other(1)@0.95".', param="voice"
        )
    return float(text)


def _tone(text: str) -> Tone:
    if len(text) != len(BANDS) or not set(text) <= set(_GAINS):
        raise UnknownSpeaker(
            f"The tone of a mix must be {len(BANDS)} letters from {_GAINS[0]} to {_GAINS[-1]}, which are gains of "
            f"-{MOST_GAIN} to +{MOST_GAIN} dB.",
            param="voice",
        )
    return tuple(_GAINS.index(letter) - MOST_GAIN for letter in text)


JAPANESE = "ja"
LANGUAGES = {"a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt-BR"}
"""Supported languages, by the first letter of a speaker's name. Speakers of Chinese ("z") speak the others."""


def language_of(text: str, language: str | None, speaker: str) -> str:
    """Return the BCP 47 language of a text: the given one, or a guess.

    Text with kana or Chinese characters is Japanese. Other text has the language of the speaker, or American English
    for speakers of Japanese and Chinese.
    """
    if language:
        return language
    if re.search(_KANA_OR_KANJI, text):
        return JAPANESE
    return LANGUAGES.get(speaker[:1], "en-US").replace(JAPANESE, "en-US")
