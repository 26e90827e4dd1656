"""Synthesize texts with a voice, as complete or streamed audio."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from herald.errors import InvalidRequest, NothingToSpeak, UnknownSpeaker
from herald.speech.audio_chunk import Audio, AudioChunk
from herald.speech.limits import Limits, estimate_text, estimate_utterances
from herald.speech.memory import Memory, Sentences
from herald.speech.model import Model
from herald.speech.pack import SPECTRAL, Pack
from herald.speech.pauses import Pauses, is_join
from herald.speech.reading.markup import TextFormat, readable
from herald.speech.speaking import SpeechModel, Synthesis, total_silence
from herald.speech.spoken_words import SpokenWord
from herald.speech.ssml.document import refuse
from herald.speech.text import PROBE, speakable, usual_format
from herald.speech.utterances import Step, phones_of
from herald.speech.voices.catalog import DEFAULT_VOICE, Catalog, VoiceInfo

if TYPE_CHECKING:
    from herald.speech.audio.codings import SentenceCoder
    from herald.speech.lexicons.lexicon import Lexicon
    from herald.speech.marks import Mark, Marker

SLOWEST, FASTEST = 0.25, 4.0
"""Limits of `speed`, as in OpenAI's API."""

_PROBE_SECONDS = 0.5
"""Duration of the silence for PROBE."""
_OPENING, _SHORTEST_OPENING = 1_000, 80
"""Characters of a long text in which the end of its first part is searched, and minimum characters of that part."""


class Voice:
    """A loaded voice. Thread-safe."""

    def __init__(self, pack: Pack, *, threads: int) -> None:
        self._pack = pack
        self._threads = threads
        self._model = _load_model(pack, threads)
        pack.phonemes.load()  # in parallel with flow and decoder

    @classmethod
    def load(cls, path: Path | str, *, threads: int = 2) -> "Voice":
        """Load a voice from its prepared folder, or from the .onnx file or the recipe of one, which is prepared first.

        `threads` is the number of threads per synthesis. Raise VoiceNotPrepared or UnsupportedVoice if the path has no
        voice that Herald can run.
        """
        path = Path(path)
        if not path.is_dir():
            from herald.speech.prepare import prepared  # noqa: PLC0415  needed only for unprepared voices

            path = prepared(path)
        return cls(Pack.read(path), threads=threads)

    @property
    def info(self) -> VoiceInfo:
        """The voice's description."""
        return self._pack.voice

    @property
    def sample_rate(self) -> int:
        """Sample rate of its audio in Hz."""
        return self._pack.voice.sample_rate

    def synthesize(  # noqa: PLR0913  settings of the sound
        self,
        text: str,
        *,
        speed: float = 1.0,
        speaker: str | int | None = None,
        memory: Memory | None = None,
        pauses: Pauses = Pauses(),  # noqa: B008  immutable
        text_format: TextFormat | None = None,
        lexicons: Sequence["Lexicon"] = (),
        time_left: Callable[[], float] = lambda: float("inf"),
    ) -> Audio:
        """Synthesize a text. Deterministic: the same text, voice and settings give the same samples.

        `speed` is 0.25 to 4.0; 1.0 is the voice's normal speed. `speaker` is the name or number of a speaker of a
        multi-speaker voice. `pauses` are seconds of silence around sentences. Sentences found in `memory` are reused;
        samples and marks are the same without it. Raise InvalidInput for invalid text or options, and OutOfTime when
        `time_left()` falls below 0 seconds. `text_format` is plain, markdown, html or ssml; by default ssml if the text
        begins with <speak>, else plain. `lexicons` define how words are spoken (herald.speech.lexicons); the first
        one with a word applies.
        """
        chunks, phonemes = [], self._pack.phonemes
        text_format, limits = text_format or usual_format(text), Limits(time_left=time_left)
        with closing(
            self.stream(
                text,
                speed=speed,
                speaker=speaker,
                low_latency=False,
                memory=memory,
                pauses=pauses,
                text_format=text_format,
                lexicons=lexicons,
            )
        ) as stream:
            for chunk in stream:
                chunks.append(chunk)
                limits.check(0)

        def marks_of(words: tuple[SpokenWord, ...]) -> "list[Mark]":
            from herald.speech.marks import Marker  # noqa: PLC0415  needed only for marks

            return Marker(text, [word.sound for word in words], phonemes, text_format, lexicons).add(words)

        return Audio.of(chunks, marks_of)

    def divide(self, text: str, pauses: Pauses, *, lexicons: Sequence["Lexicon"] = ()) -> list[tuple[str, Pauses]]:
        """Return the parts of a plain text, with their pauses. The first one is short, so that it is read quickly.

        Raise InvalidInput if a part could not be spoken.
        """
        composed, phonemes = speakable(text), self._pack.phonemes
        phonemes.check(composed, lexicons=lexicons)
        reading = phonemes.reading(composed[:_OPENING], lexicons=lexicons) if len(composed) > _OPENING else None
        # The last sentence may continue after the opening.
        sentences = [*reading.sentences()][:-1] if reading else []
        for number, sentence in enumerate(sentences):
            if sentence and sentence[-1].end >= _SHORTEST_OPENING:
                end, ends_paragraph = sentence[-1].end, sentences[number + 1 : number + 2] == [[]]
                end = len(composed) - len(composed[end:].lstrip())  # without its blank line, a heading has no end
                between = pauses.paragraph if ends_paragraph else pauses.sentence
                return [
                    (composed[:end], pauses._replace(tail=0.0)),
                    (composed[end:], pauses._replace(lead_in=between)),
                ]
        return [(composed, pauses)]

    def stream(  # noqa: PLR0913  settings of the sound, and its limits
        self,
        text: str,
        *,
        speed: float = 1.0,
        speaker: str | int | None = None,
        low_latency: bool = True,
        memory: Memory | None = None,
        limits: Limits = Limits(),  # noqa: B008  frozen
        pauses: Pauses = Pauses(),  # noqa: B008  immutable
        text_format: TextFormat | None = None,
        lexicons: Sequence["Lexicon"] = (),
        coder: "SentenceCoder | None" = None,
    ) -> Generator[AudioChunk]:
        """Synthesize a text chunk by chunk; with `low_latency`, small ones first. Close the generator to stop early.

        Concatenated, the chunks equal the result of `synthesize` to within 16-bit precision. With a `coder`, standalone
        sentences are encoded. The call, not the first iteration, raises InvalidInput, and TooLargeToSpeak or
        TooLongToSpeak for an estimate above a limit; the caller checks the limits between chunks. With a `memory` only
        the size is estimated, because cached sentences take no time.
        """
        text_format = text_format or usual_format(text)
        if not SLOWEST <= speed <= FASTEST:
            raise InvalidRequest(f"speed must be from {SLOWEST} to {FASTEST}.", param="speed")
        pauses.check()
        if text_format != "ssml" and text.strip() == PROBE:
            silent = AudioChunk(np.zeros(round(_PROBE_SECONDS * self.sample_rate), np.float32), self.sample_rate)
            return (chunk for chunk in (silent,))
        utterances = self._steps(text, text_format, speed=speed, limits=limits, lexicons=lexicons)
        estimate = estimate_utterances(utterances, speed=speed)
        estimate = estimate._replace(audio=estimate.audio + total_silence(utterances, pauses))
        limits.check_estimate(estimate._replace(computed=0) if memory else estimate)
        if not utterances:
            raise NothingToSpeak("Nothing to speak: no part of the text has a sound in this voice.", param="input")
        synthesis = Synthesis(
            self._pack,
            self._model,
            speed=speed,
            speaker=self._speaker(speaker),
            threads=self._threads,
            memory=memory,
            pauses=pauses,
            coder=coder,
        )
        return self._chunks(synthesis, utterances, low_latency=low_latency)

    def marker(
        self, text: str, *, text_format: TextFormat | None = None, lexicons: Sequence["Lexicon"] = ()
    ) -> "Marker":
        """Return a marker that finds the marks of a text in the words of `stream`."""
        text_format = text_format or usual_format(text)
        from herald.speech.marks import Marker  # noqa: PLC0415  needed only for marks

        phonemes = self._pack.phonemes
        steps = self._steps(text, text_format, speed=1.0, limits=Limits(), lexicons=lexicons)
        sounds = [sound for step in steps if phones_of(step) for sound in phonemes.sounds(phones_of(step))]
        return Marker(text, sounds, phonemes, text_format, lexicons)

    def phonemize(
        self, text: str, *, text_format: TextFormat | None = None, lexicons: Sequence["Lexicon"] = ()
    ) -> list[list[str]]:
        """Return the phonemes that the voice speaks for a text, one list for each sentence.

        Raise InvalidInput for invalid text.
        """
        text_format = text_format or usual_format(text)
        if text_format == "plain":
            return self._pack.phonemes.sentences(self._composed(text, lexicons), lexicons)
        steps = self._steps(text, text_format, speed=1.0, limits=Limits(), lexicons=lexicons)
        return [[*phones_of(step)] for step in steps if phones_of(step)]

    def _steps(
        self, text: str, text_format: TextFormat, *, speed: float, limits: Limits, lexicons: Sequence["Lexicon"]
    ) -> list[Step]:
        """Return the utterances and breaks of a text; raise InvalidInput for one that cannot be spoken."""
        composed = self._composed(text, lexicons)
        phonemes = self._pack.phonemes
        if text_format == "ssml":
            from herald.speech.ssml.voice_changes import voice_elements  # noqa: PLC0415  needed only for SSML

            composed = text  # composition could change its markup
            if others := voice_elements(text):
                refuse(text, others[0].start, "only one voice is available here. Remove <voice>")
        phonemes.check(composed, text_format, lexicons)
        limits.check_estimate(estimate_text(readable(composed, text_format).text, phonemes, speed=speed))
        if text_format == "ssml":
            from herald.speech.utterances import steps_of  # noqa: PLC0415  needed only for SSML

            return [*steps_of(phonemes.read_ssml(text, lexicons), phonemes)]
        utterances = phonemes.utterances(composed, text_format=text_format, lexicons=lexicons)
        return [tuple(utterance) for utterance in utterances]

    def _composed(self, text: str, lexicons: Sequence["Lexicon"]) -> str:
        return speakable(text, lexicons, self._pack.phonemes.spoken_language)

    def _chunks(self, synthesis: Synthesis, utterances: Sequence[Step], *, low_latency: bool) -> Generator[AudioChunk]:
        yielded = 0
        words: tuple[SpokenWord, ...]
        try:
            for part in synthesis.parts(utterances, low_latency=low_latency):
                if part.encoded:  # for a file, which has no words
                    yield AudioChunk(
                        np.empty(0, np.float32), self.sample_rate, (), part.sentences, encoded=part.encoded
                    )
                    yielded += part.encoded.voice_length
                    continue
                words, sentences = (), part.sentences
                if part.ends is not None:
                    ends = (part.ends * (self._pack.hop / self.sample_rate)).tolist()
                    begin = yielded / self.sample_rate - part.lead
                    words = tuple(self._pack.phonemes.words(part.utterance, ends, begin=begin))
                for samples in part.chunks:
                    is_pause = part.is_pause and (not yielded or is_join(len(samples), self.sample_rate))
                    yield AudioChunk(samples, self.sample_rate, words, sentences, pause=is_pause)
                    words, sentences = (), Sentences()
                    yielded += len(samples)
        finally:  # also when the consumer closes the generator early
            synthesis.end()

    def _speaker(self, speaker: str | int | None) -> int:
        speakers = self.info.speakers
        if speaker is None:
            return self._pack.default_speaker
        number = speakers.get(speaker) if isinstance(speaker, str) else speaker
        if number is None or number not in speakers.values():
            known = ", ".join(list(speakers)[:20]) or "none, it is a single-speaker voice"
            raise UnknownSpeaker(f"Unknown speaker of the voice {self.info.id}. Speakers: {known}.", param="voice")
        return number


def _load_model(pack: Pack, threads: int) -> SpeechModel:
    if pack.voice.engine == SPECTRAL:
        from herald.speech.spectral.spectral_model import SpectralModel  # noqa: PLC0415  needed only by these voices

        return SpectralModel(pack.voice.path, reach=pack.reach, pitch=pack.pitch)
    return Model(pack.voice.path, reach=pack.reach, threads=threads)


def default_voice(*, threads: int = 2) -> Voice:
    """Load the default voice, en_US-heart."""
    return Voice.load(Catalog().find(DEFAULT_VOICE).path, threads=threads)
