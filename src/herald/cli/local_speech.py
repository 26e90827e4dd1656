"""Synthesize texts on this machine for `herald say`, and play them."""

import sys
from collections.abc import Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from herald.errors import NothingToSpeak, UnknownVoice
from herald.jobs.voice_names import VoiceNames
from herald.speech.audio.encoding import FileEncoder
from herald.speech.audio.formats import find_format
from herald.speech.pauses import Pauses
from herald.speech.reading.markup import TextFormat
from herald.speech.spoken_words import shifted
from herald.speech.voice import Voice
from herald.speech.voices.catalog import DEFAULT_VOICE, Catalog

if TYPE_CHECKING:
    from collections.abc import Generator
    from contextlib import AbstractContextManager

    from herald.cli.terminal import Status
    from herald.speech.audio_chunk import AudioChunk
    from herald.speech.lexicons.lexicon import Lexicon
    from herald.speech.marks import Mark

_PLAYERS: tuple[tuple[str, ...], ...] = (
    ("afplay",),
    ("paplay",),
    ("pw-play",),
    ("aplay", "--quiet"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("mpv", "--really-quiet", "--no-video"),
    ("play", "-q"),
)
"""Commands that play a WAV file: of macOS, PulseAudio, PipeWire, ALSA, FFmpeg, mpv and SoX."""
_NO_DEVICE = b"audio open failed"
"""What ffplay prints without a sound device; its exit status is 0 all the same."""
_LONG = 1_000
"""Characters from which on a text has a progress bar."""


@dataclass(frozen=True, kw_only=True)
class SpokenText:
    """A synthesized text: its file, its length in seconds, and the times of its words, if they were asked for."""

    data: bytes
    seconds: float
    marks: Sequence["Mark"] = ()


@dataclass(frozen=True, kw_only=True)
class LocalSpeech:
    """A loaded voice with the settings of a command."""

    voice: Voice
    speaker: str | None
    speed: float
    pauses: Pauses
    lexicons: Sequence["Lexicon"]
    format_name: str
    sample_rate: int | None

    @classmethod
    def load(
        cls,
        name: str,
        *,
        speaker: str | None,
        speed: float,
        pauses: Pauses,
        lexicons: Sequence["Lexicon"] = (),
        format_name: str,
        sample_rate: int | None,
    ) -> "LocalSpeech":
        """Load a voice: a path, a voice of the catalogue with or without ":speaker", or one of OpenAI's names.

        `speaker` is a name or a number.
        """
        find_format(format_name).rate_for(sample_rate, voice_rate=0)
        if name and Path(name).exists():
            voice = Voice.load(name)
        else:
            names, catalog = VoiceNames(default=DEFAULT_VOICE), Catalog()
            choice = names.choose(name)
            if choice.voice not in catalog.voices:
                here = [info.id for info in catalog.voices.values() if not info.needs_gpu]
                raise UnknownVoice(names.unknown_message(name, here), param="voice")
            voice = Voice.load(catalog.find(choice.voice).path)
            speaker = speaker or choice.speaker
        numbers = {str(number): named for named, number in voice.info.speakers.items()}
        speaker = numbers.get(speaker, speaker) if speaker else None
        return cls(
            voice=voice,
            speaker=speaker,
            speed=speed,
            pauses=pauses,
            lexicons=lexicons,
            format_name=format_name,
            sample_rate=sample_rate,
        )

    def speak(self, text: str, *, text_format: TextFormat = "plain", marks: bool = False) -> SpokenText:
        """Synthesize a text into a file. A long one shows its progress on a terminal."""
        made, voice_rate = find_format(self.format_name), self.voice.sample_rate
        encoder = FileEncoder(made, voice_rate=voice_rate, rate=made.rate_for(self.sample_rate, voice_rate))
        chunks = self.voice.stream(
            text,
            speed=self.speed,
            speaker=self.speaker,
            low_latency=False,
            pauses=self.pauses,
            text_format=text_format,
            lexicons=self.lexicons,
        )
        marker = self.voice.marker(text, text_format=text_format, lexicons=self.lexicons) if marks else None
        found: list[Mark] = []
        total, said = len(text.split()), 0
        with closing(chunks), _progress(text) as status:
            for chunk in chunks:
                encoder.add(chunk)
                if marker:
                    found += marker.add(shifted(chunk.words, encoder.shift))
                said += len(chunk.words)
                if status:
                    status.show(f"{encoder.seconds:,.0f} s of audio", min(1.0, said / total))
        return SpokenText(data=encoder.close(), seconds=encoder.seconds, marks=found)

    def stream(self, text: str, *, text_format: TextFormat = "plain") -> None:
        """Write a text to standard output while it is synthesized; the header of the file has no length."""
        from herald.speech.audio.encoding import encode_stream

        parts = [(text, self.pauses)]
        if text_format == "plain":
            parts = self.voice.divide(text, self.pauses, lexicons=self.lexicons)
        with closing(self._streamed(parts, text_format)) as chunks:
            for piece in encode_stream(chunks, self.format_name, sample_rate=self.sample_rate):
                sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()

    def _streamed(self, parts: Sequence[tuple[str, Pauses]], text_format: TextFormat) -> "Generator[AudioChunk]":
        """Yield the chunks of the parts. Each part is read when it is its turn; later ones may have no sound."""
        for number, (text, pauses) in enumerate(parts):
            try:
                chunks = self.voice.stream(
                    text,
                    speed=self.speed,
                    speaker=self.speaker,
                    pauses=pauses,
                    text_format=text_format,
                    lexicons=self.lexicons,
                )
            except NothingToSpeak:
                if number == 0:
                    raise
                continue
            with closing(chunks):
                yield from chunks


def _progress(text: str) -> "AbstractContextManager[Status | None]":
    """Return the progress of a long text on a terminal; other texts save the import."""
    if len(text) < _LONG or not sys.stderr.isatty():
        return nullcontext()
    from herald.cli.terminal import Status

    return Status(time_left=True)


def can_play() -> bool:
    """Return whether a player is installed. It may still lack a sound device."""
    import shutil  # and with it the modules for archives, which streams do not need

    return any(shutil.which(command[0]) for command in _PLAYERS)


def play_wav(wav: bytes) -> bool:
    """Play a WAV file with the first player that succeeds; return whether one did."""
    import shutil
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "speech.wav"
        file.write_bytes(wav)
        for program, *options in _PLAYERS:
            if path := shutil.which(program):
                done = subprocess.run([path, *options, file], check=False, capture_output=True)  # noqa: S603  listed
                if done.returncode == 0 and _NO_DEVICE not in done.stderr:
                    return True
    return False
