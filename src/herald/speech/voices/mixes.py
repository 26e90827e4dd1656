"""Mixes of speakers, such as "jf_alpha(2)+jm_kumo(1)"."""

import re

from herald.errors import UnknownSpeaker

_PART = re.compile(r"(?P<name>[^()+\s]+)(\((?P<parts>[0-9]{1,3}(\.[0-9]{1,3})?)\))?", re.ASCII)


def parse_mix(mix: str) -> dict[str, float]:
    """Return the share of each speaker; the shares add up to 1. A single speaker is a mix, too.

    Raise UnknownSpeaker for a malformed mix.
    """
    parts: dict[str, float] = {}
    for element in mix.split("+"):
        part = _PART.fullmatch(element)
        if part is None:
            raise UnknownSpeaker('A mix of speakers must have the form "one(2)+other(1)".', param="voice")
        parts[part["name"]] = parts.get(part["name"], 0.0) + float(part["parts"] or 1)
    whole = sum(parts.values())
    if not all(parts.values()):
        raise UnknownSpeaker("Every speaker of a mix must have a part above 0.", param="voice")
    return {name: amount / whole for name, amount in parts.items()}
