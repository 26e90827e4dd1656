"""The field `pause` of requests and scripts."""

from typing import Annotated

from pydantic import Field

from herald.jobs.client_fields import NullIsOmitted
from herald.speech.pauses import LONGEST_PAUSE, Pauses

_USUAL = Pauses()

type _Milliseconds = Annotated[int, Field(ge=0, le=round(LONGEST_PAUSE * 1000))]


class PauseSettings(NullIsOmitted):
    """Milliseconds of silence that are added to those of the voice. Voices that run on CPU support them."""

    sentence: _Milliseconds = Field(default=round(_USUAL.sentence * 1000), description="After a sentence.")
    paragraph: _Milliseconds = Field(default=round(_USUAL.paragraph * 1000), description="Between paragraphs.")
    lead_in: _Milliseconds = Field(
        default=round(_USUAL.lead_in * 1000),
        description="Before the first word; telephones and browsers often swallow the first moments of a sound.",
    )
    tail: _Milliseconds = Field(default=round(_USUAL.tail * 1000), description="After the last word.")

    @property
    def seconds(self) -> Pauses:
        """The pauses for synthesis."""
        return Pauses(
            sentence=self.sentence / 1000,
            paragraph=self.paragraph / 1000,
            lead_in=self.lead_in / 1000,
            tail=self.tail / 1000,
        )


USUAL_PAUSES = PauseSettings()


def are_usual(pause: PauseSettings) -> bool:
    """Return whether pauses are the default ones, which scripts and keys omit."""
    return pause == USUAL_PAUSES
