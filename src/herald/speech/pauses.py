"""Silence around sentences, paragraphs and the whole text."""

from typing import NamedTuple

from herald.errors import InvalidRequest

LONGEST_PAUSE = 10.0
"""Maximum seconds of each pause."""
_SHORTEST_JOIN = 0.1
"""Minimum seconds of silence between sentences that are encoded separately."""


def is_join(samples: int, rate: int) -> bool:
    """Return whether a pause is long enough to encode the sentences around it separately."""
    return samples >= int(_SHORTEST_JOIN * rate)


class Pauses(NamedTuple):
    """Seconds of silence, in addition to the voice's own: about a quarter of a second after a sentence."""

    sentence: float = 0.15
    """After a sentence, so that a full stop is longer than a comma."""
    paragraph: float = 0.5
    """Between paragraphs."""
    lead_in: float = 0.04
    """Before the first word; telephones and browsers often swallow the first moments of a sound."""
    tail: float = 0.0
    """After the last word."""

    def check(self) -> None:
        """Raise InvalidRequest for a pause that is not between 0 and LONGEST_PAUSE seconds."""
        if not all(0 <= seconds <= LONGEST_PAUSE for seconds in self):
            raise InvalidRequest(f"A pause must be from 0 to {LONGEST_PAUSE:g} seconds.", param="pause")
