"""From a request to the script that is spoken: names and defaults resolved, refused what no engine would speak."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from herald.errors import InvalidInput, InvalidRequest, UnknownSpeaker, UnknownVoice
from herald.jobs.request import DialogueLine, JobRequest
from herald.jobs.script import Line, Script
from herald.jobs.speakers import parse_mix
from herald.jobs.voices import VoiceNames
from herald.speech.audio.formats import find_format
from herald.speech.text import speakable
from herald.speech.voices.catalog import VoiceInfo

type Voices = Mapping[str, VoiceInfo]

MIXERS = frozenset({"kokoro"})
"""Engines that mix speakers."""
_PARAGRAPH = "\n\n"
_SPEAKERS_TOLD = 20


def to_script(request: JobRequest, names: VoiceNames, voices: Voices) -> Script:
    """The script of a request; InvalidInput as the engine would raise it, with a `param` such as "dialogue.3.voice"."""
    made = find_format(request.response_format)
    lines = _merged(list(_lines(request, names, voices)))
    rate = made.rate_for(request.sample_rate, max(voices[line.voice].sample_rate for line in lines))
    _check_fallback(request.fallback_voice, names, voices)
    return Script(
        lines=lines,
        response_format=made.name,
        sample_rate=rate,
        speed=request.speed,
        quality=request.quality,
    )


def with_fallback(request: JobRequest) -> JobRequest:
    """The same request, all spoken by its fallback voice: a dialogue becomes one text, each line a paragraph."""
    text = _PARAGRAPH.join(line.input for line in request.lines)
    plain = {"input": text, "dialogue": None, "voice": request.fallback_voice, "language": None, "quality": "standard"}
    return request.model_copy(update=plain)


def _lines(request: JobRequest, names: VoiceNames, voices: Voices) -> Iterator[Line]:
    for position, line in enumerate(request.lines):
        with _inside(f"dialogue.{position}" if request.dialogue else None):
            yield _line(line, request, names, voices)


def _line(line: DialogueLine, request: JobRequest, names: VoiceNames, voices: Voices) -> Line:
    speakable(line.input)
    info, speaker = _voice(line.voice or request.voice, names, voices)
    language = _language(line.language or request.language, info)
    return Line(text=line.input, voice=info.id, speaker=speaker, language=language)


@contextmanager
def _inside(place: str | None) -> Iterator[None]:
    """Whatever is wrong is wrong inside of `place`."""
    try:
        yield
    except InvalidInput as error:
        if place:
            error.param = f"{place}.{error.param}"
        raise


def _merged(lines: list[Line]) -> tuple[Line, ...]:
    """A dialogue of one voice in one language is a text in paragraphs, which needs no GPU."""
    first = lines[0]
    if any((str(line), line.language) != (str(first), first.language) for line in lines):
        return tuple(lines)
    return (first.model_copy(update={"text": _PARAGRAPH.join(line.text for line in lines)}),)


def _voice(name: str, names: VoiceNames, voices: Voices) -> tuple[VoiceInfo, str | None]:
    choice = names.choose(name)
    info = voices.get(choice.voice)
    if info is None:
        raise UnknownVoice(names.told(name, voices), param="voice")
    if choice.speaker is not None:
        _check_speakers([*parse_mix(choice.speaker)] if info.engine in MIXERS else [choice.speaker], info)
    return info, choice.speaker


def _check_speakers(speakers: list[str], info: VoiceInfo) -> None:
    if not all(speaker in info.speakers for speaker in speakers):
        there = ", ".join(list(info.speakers)[:_SPEAKERS_TOLD]) or "none: it has one speaker only"
        raise UnknownSpeaker(f"The voice {info.id} has no such speaker. Speakers: {there}.", param="voice")


def _language(asked: str | None, info: VoiceInfo) -> str | None:
    """The language asked for, written as RFC 5646 (2.1.1) likes it; None where the voice speaks only one.

    Of several also its own one is told: without a word of ours, the text decides.
    """
    if asked is None:
        return None
    if not info.speaks(asked):
        raise InvalidRequest(
            f"The voice {info.id} does not speak that language. Languages: {', '.join(info.languages)}.",
            param="language",
            code="unsupported_language",
        )
    return None if len(info.languages) == 1 else _tag(asked)


def _tag(language: str) -> str:
    first, *others = language.replace("_", "-").split("-")
    return "-".join([first.lower(), *(_subtag(other) for other in others)])


def _subtag(subtag: str) -> str:
    return {2: subtag.upper(), 4: subtag.title()}.get(len(subtag), subtag.lower())


def _check_fallback(name: str | None, names: VoiceNames, voices: Voices) -> None:
    if name is None:
        return
    try:
        info, _ = _voice(name, names, voices)
    except InvalidInput as error:
        error.param = "fallback_voice"
        raise
    if info.needs_gpu:
        raise InvalidRequest(
            f"The voice {info.id} needs the GPU itself; a fallback voice runs on CPU.", param="fallback_voice"
        )
