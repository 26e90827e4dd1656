"""Mixes of speakers, as in "jf_alpha(2)+jm_kumo(1)": two parts of one, one part of the other."""

import re

from herald.errors import UnknownSpeaker

_PART = re.compile(r"(?P<name>[^()+\s]+)(\((?P<parts>[0-9]{1,3}(\.[0-9]{1,3})?)\))?", re.ASCII)


def parse_mix(mix: str) -> dict[str, float]:
    """Each speaker's share, all together 1; a speaker alone is a mix too. UnknownSpeaker where it is no mix."""
    parts: dict[str, float] = {}
    for written in mix.split("+"):
        part = _PART.fullmatch(written)
        if part is None:
            raise UnknownSpeaker('Speakers are mixed as in "one(2)+other(1)".', param="voice")
        parts[part["name"]] = parts.get(part["name"], 0.0) + float(part["parts"] or 1)
    whole = sum(parts.values())
    if not all(parts.values()):
        raise UnknownSpeaker("Every speaker of a mix has a part above 0.", param="voice")
    return {name: amount / whole for name, amount in parts.items()}
