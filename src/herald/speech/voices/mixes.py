"""Mixes of speakers at a pitch, such as "jf_alpha(2)+jm_kumo(1)" and "am_adam+am_echo@0.93"."""

import re
from typing import NamedTuple

from herald.errors import UnknownSpeaker

LOWEST, HIGHEST = 0.8, 1.25
"""Limits of the pitch: beyond, a voice sounds like a recording at the wrong speed."""
_PART = re.compile(r"(?P<name>[^()+@\s]+)(\((?P<parts>[0-9]{1,3}(\.[0-9]{1,3})?)\))?", re.ASCII)
_PITCH = re.compile(r"[01](\.[0-9]{1,3})?", re.ASCII)


class Mix(NamedTuple):
    """A mix of speakers. A single speaker is one, too."""

    shares: dict[str, float]
    """Of each speaker; they add up to 1."""
    pitch: float
    """Factor of the pitch and the formants of the mix."""


def parse_mix(mix: str) -> Mix:
    """Return the shares of the speakers and the pitch, which is 1 unless given. Raise UnknownSpeaker."""
    speakers, mark, pitch = mix.partition("@")
    if mark and not (_PITCH.fullmatch(pitch) and LOWEST <= float(pitch) <= HIGHEST):
        raise UnknownSpeaker(
            f'The pitch of a mix must be from {LOWEST} to {HIGHEST}, as in "one(2)+other(1)@0.95".', param="voice"
        )
    parts: dict[str, float] = {}
    for element in speakers.split("+"):
        part = _PART.fullmatch(element)
        if part is None:
            raise UnknownSpeaker('A mix of speakers must have the form "one(2)+other(1)".', param="voice")
        parts[part["name"]] = parts.get(part["name"], 0.0) + float(part["parts"] or 1)
    whole = sum(parts.values())
    if not all(parts.values()):
        raise UnknownSpeaker("Every speaker of a mix must have a part above 0.", param="voice")
    return Mix({name: amount / whole for name, amount in parts.items()}, float(pitch or 1))
