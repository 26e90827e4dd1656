"""Check that a recording states the consent, and that a sample is of the same speaker."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from herald.enrolment.consent_sentence import WORDS, ConsentSentence
from herald.enrolment.heard_words import HeardWords, compare
from herald.enrolment.quality_gates import CONSENT, SAMPLE, Kind, inspect
from herald.enrolment.verdict import RecordingFacts, Refusal, Verdict
from herald.speech.recordings.recording import Recording

SAME_SPEAKER = 0.66
"""Least similarity of one speaker's recordings. docs/your-voice.md has the measurement."""
ONE_SPEAKER = 0.62
"""Least consistency of a recording of one speaker, from the same measurement."""
_FEWEST_FIXED = 0.8
"""Least share of the fixed words in the transcript: recognizers miss some."""
_FEWEST_WORDS = WORDS - 1
"""Fewest random words in the transcript. Of 63 words, three of four are right by chance once in 60,000 times."""


class Listener(Protocol):
    """Transcribes recordings."""

    def transcribe(self, recording: Recording, language: str) -> str:
        """Return the words of a recording."""


class SpeakerComparer(Protocol):
    """Compares the speakers of recordings."""

    def similarity(self, one: Recording, other: Recording) -> float:
        """Return how similar two speakers are, at most 1."""

    def consistency(self, recording: Recording) -> float:
        """Return how similar the two most different parts of a recording are, at most 1."""


class Checks(NamedTuple):
    """The models that check recordings."""

    listener: Listener
    speakers: SpeakerComparer

    def verdict(self, sentences: Sequence[ConsentSentence], consent: bytes, sample: bytes, *, at: datetime) -> Verdict:
        """Return the verdict on two files, of which the consent must state one of the sentences.

        The sentence that the transcript matches best decides. All refusals are reported, as far as the recordings can
        be checked.
        """
        refusals: list[Refusal] = []
        stated, spoken = (self._examined(*one, refusals) for one in ((CONSENT, consent), (SAMPLE, sample)))
        sentence, transcript, heard, similarity = sentences[0], None, None, None
        if stated.usable:
            sentence, transcript, heard = self._best_match(sentences, stated.usable)
            refusals += _words_refused(sentence, heard)
        if stated.usable and spoken.usable:
            similarity = self.speakers.similarity(stated.usable, spoken.usable)
            refusals += _pair_refused(stated.usable, spoken.usable, similarity)
        return Verdict(
            state="refused" if refusals else "ready",
            checked_at=at,
            language=sentence.language,
            sentence=sentence.text,
            transcript=transcript,
            fixed_share=heard and round(heard.fixed, 3),
            words_heard=heard and heard.words,
            similarity=similarity and round(similarity, 3),
            least_similarity=SAME_SPEAKER,
            consent=stated.facts,
            sample=spoken.facts,
            refusals=tuple(refusals),
        )

    def _best_match(
        self, sentences: Sequence[ConsentSentence], recording: Recording
    ) -> tuple[ConsentSentence, str, HeardWords]:
        transcripts = {
            language: self.listener.transcribe(recording, language)
            for language in dict.fromkeys(sentence.language for sentence in sentences)
        }
        matches = [
            (sentence, transcripts[sentence.language], compare(sentence, transcripts[sentence.language]))
            for sentence in sentences
        ]
        return max(matches, key=lambda match: (sum(match[2].words), match[2].fixed))

    def _examined(self, kind: Kind, data: bytes, refusals: list[Refusal]) -> "_Examined":
        recording, found = inspect(kind, data)
        refusals += found
        if recording is None:
            return _Examined(None, None)
        consistency = None if found else self.speakers.consistency(recording)
        if consistency is not None and consistency < ONE_SPEAKER:
            found = [Refusal(kind.name, code="several_speakers", message=_SEVERAL_SPEAKERS)]
            refusals += found
        facts = RecordingFacts(
            sha256=recording.digest,
            seconds=round(recording.seconds, 2),
            **{name: round(value, 4) for name, value in recording.levels._asdict().items()},
            consistency=consistency and round(consistency, 3),
        )
        return _Examined(facts, None if found else recording)


class _Examined(NamedTuple):
    """A recording's facts, and the recording if it can be checked further."""

    facts: RecordingFacts | None
    usable: Recording | None


_SEVERAL_SPEAKERS = "More than one person speaks. Record one person alone, without music or a television."


def _words_refused(sentence: ConsentSentence, heard: HeardWords) -> list[Refusal]:
    if heard.fixed < _FEWEST_FIXED:
        message = f'The sentence of consent is not in the recording. Read it aloud, whole: "{sentence.text}"'
        return [Refusal(CONSENT.name, code="wrong_sentence", message=message)]
    if sum(heard.words) < _FEWEST_WORDS:
        message = (
            f"The words at the end are not those of this enrolment: {', '.join(sentence.words)}. "
            "Make a new recording, and pause briefly after each word."
        )
        return [Refusal(CONSENT.name, code="wrong_words", message=message)]
    return []


def _pair_refused(consent: Recording, sample: Recording, similarity: float) -> list[Refusal]:
    if consent.digest == sample.digest:
        message = "The sample is the recording of the consent. Record other sentences for it."
        return [Refusal(SAMPLE.name, code="same_recording", message=message)]
    if similarity < SAME_SPEAKER:
        message = (
            f"The speaker is not recognized as the one of the consent: similarity {similarity:.2f}, at least "
            f"{SAME_SPEAKER} is required. The same person must speak in both, in one room and with one device."
        )
        return [Refusal(SAMPLE.name, code="different_speaker", message=message)]
    return []
