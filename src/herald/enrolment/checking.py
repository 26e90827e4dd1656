"""Check that a recording states the consent, and that a sample has the same speaker.

Recordings that are too short or long, silent, noisy or clipped are refused first.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from herald.enrolment.consent_sentence import WORDS, ConsentSentence
from herald.enrolment.enrolment_messages import RecordingFacts, Refusal, Verdict
from herald.errors import UnreadableRecording
from herald.speech.recordings.recording import Recording, read_recording

if TYPE_CHECKING:
    from herald.speech.recordings.recognizers import SpeakerVectors, WhisperListener

LARGEST = 10 * 1024 * 1024
"""Maximum bytes of a file, as in OpenAI's API."""
_QUIETEST = -45.0
"""Minimum level of speech in dB."""
_LEAST_ABOVE_NOISE = 20.0
"""Minimum difference between speech and noise in dB."""
_MOST_CLIPPED = 0.002
"""Maximum share of clipped samples."""


class Kind(NamedTuple):
    """A kind of recording, with its limits in seconds."""

    name: str
    shortest: float
    longest: float
    speech: float
    """Minimum seconds of speech."""


CONSENT = Kind("consent", shortest=4, longest=30, speech=2.5)
SAMPLE = Kind("sample", shortest=5, longest=60, speech=3)


def inspect(kind: Kind, data: bytes) -> tuple[Recording | None, list[Refusal]]:
    """Return the recording in a file, or None if it cannot be read, and the reasons to refuse it."""
    if len(data) > LARGEST:
        message = f"The file has {len(data):,} bytes; at most {LARGEST:,} are allowed. Save it as MP3 or FLAC."
        return None, [Refusal(kind.name, code="recording_too_large", message=message)]
    try:
        recording = read_recording(data, longest=kind.longest + 1)
    except UnreadableRecording as error:
        return None, [Refusal(kind.name, error.code, error.message)]
    return recording, list(_faults(kind, recording))


def _faults(kind: Kind, recording: Recording) -> Iterator[Refusal]:
    """Yield the reasons to refuse a recording."""
    refusal = partial(Refusal, kind.name)
    seconds, levels = recording.seconds, recording.levels
    is_silent = levels.speech_db < _QUIETEST
    if seconds < kind.shortest:
        yield refusal(
            code="recording_too_short",
            message=f"It lasts {seconds:.1f} s; at least {kind.shortest:.0f} s are required. Record a longer one.",
        )
    if seconds > kind.longest:
        yield refusal(
            code="recording_too_long",
            message=f"It lasts over {kind.longest:.0f} s. Cut it, or record a shorter one.",
        )
    if is_silent:
        yield refusal(
            code="recording_silent",
            message=f"It is almost silent: {levels.speech_db:.0f} dB. "
            "Check the microphone, and speak louder or closer to it.",
        )
    if levels.noise_below_db < _LEAST_ABOVE_NOISE and not is_silent:
        yield refusal(
            code="recording_noisy",
            message=f"The noise is only {levels.noise_below_db:.0f} dB below the speech; at least "
            f"{_LEAST_ABOVE_NOISE:.0f} dB are required. Record in a quiet room, close to the microphone.",
        )
    if levels.clipped > _MOST_CLIPPED:
        yield refusal(
            code="recording_clipped",
            message=f"It is clipped: {levels.clipped:.1%} of it is cut off at the peak. Lower the microphone's level.",
        )
    if levels.speech_seconds < kind.speech and not is_silent and seconds >= kind.shortest:
        yield refusal(
            code="recording_little_speech",
            message=f"It contains {levels.speech_seconds:.1f} s of speech; at least {kind.speech} s are required. "
            "Speak without long pauses.",
        )


_SAME_WORD = 0.75
"""Minimum similarity of a random word and its transcript, as difflib's ratio. Words of a list are less similar."""
_MOST_COMPARED = 2 * WORDS
"""Maximum words compared after the statement. Without it, a recording of the whole list would match most sentences."""


class MatchedWords(NamedTuple):
    """The parts of a sentence that a transcript contains."""

    fixed: float
    """Share of the fixed part's words that are in the transcript, in order."""
    words: tuple[bool, ...]
    """Whether each random word is in the transcript, in order."""


def compare(sentence: ConsentSentence, transcript: str) -> MatchedWords:
    """Return which parts of a sentence a transcript contains; ignore case, punctuation and diacritics."""
    transcribed, fixed = plain_words(transcript), plain_words(sentence.fixed)
    blocks = SequenceMatcher(None, fixed, transcribed, autojunk=False).get_matching_blocks()
    found = sum(block.size for block in blocks)
    after = max((block.b + block.size for block in blocks if block.size), default=0)
    following = transcribed[after : after + _MOST_COMPARED]
    return MatchedWords(found / len(fixed), _match_in_order(plain_words(" ".join(sentence.words)), following))


def _match_in_order(words: list[str], transcribed: list[str]) -> tuple[bool, ...]:
    found, at = [], 0
    for word in words:
        places = [place for place in range(at, len(transcribed)) if is_similar(word, transcribed[place])]
        found.append(bool(places))
        at = places[0] + 1 if places else at
    return tuple(found)


def is_similar(one: str, other: str) -> bool:
    """Return whether two words are similar enough to be the same: recognizers confuse single letters."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _SAME_WORD


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without diacritics."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.findall(r"[^\W\d_]+", letters)


SAME_SPEAKER = 0.66
"""Minimum similarity of two recordings of the same speaker, measured in docs/your-voice.md."""
ONE_SPEAKER = 0.62
"""Minimum consistency of a recording of one speaker, from the same measurement."""
_FEWEST_FIXED = 0.8
"""Minimum share of the fixed words in the transcript; recognizers miss some."""
_FEWEST_WORDS = WORDS - 1
"""Minimum random words in the transcript. With 63 words to choose from, three match by chance once in 60,000."""


class Checks(NamedTuple):
    """The models that check recordings."""

    listener: "WhisperListener"
    speakers: "SpeakerVectors"

    def verdict(self, sentences: Sequence[ConsentSentence], consent: bytes, sample: bytes, *, at: datetime) -> Verdict:
        """Return the verdict on two files. The consent must state one of the sentences.

        It is compared with the sentence that matches its transcript best. All reasons to refuse are reported, as far
        as the recordings can be checked.
        """
        refusals: list[Refusal] = []
        stated = self._examine(CONSENT, consent, refusals)
        spoken = self._examine(SAMPLE, sample, refusals)
        sentence, transcript, matched, similarity = sentences[0], None, None, None
        if stated.usable:
            sentence, transcript, matched = self._best_match(sentences, stated.usable)
            refusals += _refuse_words(sentence, matched)
        if stated.usable and spoken.usable:
            similarity = self.speakers.similarity(stated.usable, spoken.usable)
            refusals += _refuse_pair(stated.usable, spoken.usable, similarity)
        return Verdict(
            state="refused" if refusals else "ready",
            checked_at=at,
            language=sentence.language,
            sentence=sentence.text,
            transcript=transcript,
            fixed_share=matched and round(matched.fixed, 3),
            words_heard=matched and matched.words,
            similarity=similarity and round(similarity, 3),
            least_similarity=SAME_SPEAKER,
            consent=stated.facts,
            sample=spoken.facts,
            refusals=tuple(refusals),
        )

    def _best_match(
        self, sentences: Sequence[ConsentSentence], recording: Recording
    ) -> tuple[ConsentSentence, str, MatchedWords]:
        transcripts = {
            language: self.listener.transcribe(recording, language)
            for language in dict.fromkeys(sentence.language for sentence in sentences)
        }
        matches = [
            (sentence, transcripts[sentence.language], compare(sentence, transcripts[sentence.language]))
            for sentence in sentences
        ]
        return max(matches, key=lambda match: (sum(match[2].words), match[2].fixed))

    def _examine(self, kind: Kind, data: bytes, refusals: list[Refusal]) -> "_Examined":
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
    """The facts about a recording, and the recording itself if it passed its checks."""

    facts: RecordingFacts | None
    usable: Recording | None


_SEVERAL_SPEAKERS = "More than one person speaks. Record one person alone, without music or a television."


def _refuse_words(sentence: ConsentSentence, matched: MatchedWords) -> list[Refusal]:
    if matched.fixed < _FEWEST_FIXED:
        message = f'The recording does not contain the sentence of consent. Read all of it aloud: "{sentence.text}"'
        return [Refusal(CONSENT.name, code="wrong_sentence", message=message)]
    if sum(matched.words) < _FEWEST_WORDS:
        message = (
            f"The words at the end are not those of this enrolment: {', '.join(sentence.words)}. "
            "Make a new recording, and pause briefly after each word."
        )
        return [Refusal(CONSENT.name, code="wrong_words", message=message)]
    return []


def _refuse_pair(consent: Recording, sample: Recording, similarity: float) -> list[Refusal]:
    if consent.digest == sample.digest:
        message = "The sample is the recording of the consent. Record other sentences for it."
        return [Refusal(SAMPLE.name, code="same_recording", message=message)]
    if similarity < SAME_SPEAKER:
        message = (
            f"The speaker is not recognized as the one of the consent: the similarity is {similarity:.2f}; at least "
            f"{SAME_SPEAKER} is required. The same person must speak in both, in one room and with one device."
        )
        return [Refusal(SAMPLE.name, code="different_speaker", message=message)]
    return []
