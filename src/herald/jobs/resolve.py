"""Resolve a request into a script: names and defaults are applied, and invalid texts and voices rejected."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from herald.errors import InvalidInput, InvalidRequest, UnknownSpeaker, UnknownVoice
from herald.jobs.job_request import JobRequest
from herald.jobs.script import Line, Script
from herald.jobs.speakers import parse_mix
from herald.jobs.voice_names import VoiceNames
from herald.speech.audio.formats import find_format
from herald.speech.reading import check
from herald.speech.text import speakable
from herald.speech.voices.catalog import VoiceInfo

type Voices = Mapping[str, VoiceInfo]

MIXERS = frozenset({"kokoro"})
"""Engines that support mixes of speakers."""
_PARAGRAPH = "\n\n"
_LISTED_SPEAKERS = 20


def to_script(request: JobRequest, names: VoiceNames, voices: Voices) -> Script:
    """Resolve a request into its script.

    Raise the same InvalidInput as the engine would, with a `param` such as "dialogue.3.voice".
    """
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
    """Return the request with its fallback voice throughout. A dialogue becomes one text, with a paragraph per line."""
    text = _PARAGRAPH.join(line.input for line in request.lines)
    plain = {"input": text, "dialogue": None, "voice": request.fallback_voice, "language": None, "quality": "standard"}
    return request.model_copy(update=plain)


def _lines(request: JobRequest, names: VoiceNames, voices: Voices) -> Iterator[Line]:
    for position, line in enumerate(request.lines):
        with _located(f"dialogue.{position}" if request.dialogue else None):
            speakable(line.input)
            info, speaker = _voice(line.voice or request.voice, names, voices)
            check_readable(line.input, info)
            language = _language(line.language or request.language, info)
        yield Line(text=line.input, voice=info.id, speaker=speaker, language=language)


def check_readable(text: str, info: VoiceInfo) -> None:
    """Raise UnreadableText if the voice cannot read a script of the text. Voices of the GPU read for themselves."""
    if not info.needs_gpu:
        check(text, info.language)


@contextmanager
def _located(place: str | None) -> Iterator[None]:
    """Prefix the `param` of an InvalidInput with `place`."""
    try:
        yield
    except InvalidInput as error:
        if place:
            error.param = f"{place}.{error.param}"
        raise


def _merged(lines: list[Line]) -> tuple[Line, ...]:
    """Merge a dialogue of a single voice and language into one text with paragraphs, which does not need the GPU."""
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
        available = ", ".join(list(info.speakers)[:_LISTED_SPEAKERS]) or "none, as the voice has a single speaker"
        raise UnknownSpeaker(f"The voice {info.id} has no such speaker. Speakers: {available}.", param="voice")


def _language(requested: str | None, info: VoiceInfo) -> str | None:
    """Return the requested language in the recommended case (RFC 5646, section 2.1.1).

    Return None for a voice with a single language. A voice with several languages needs even its default language to be
    explicit: without it, the engine detects the language from the text.
    """
    if requested is None:
        return None
    if not info.speaks(requested):
        raise InvalidRequest(
            f"The voice {info.id} does not support the language. Supported languages: {', '.join(info.languages)}.",
            param="language",
            code="unsupported_language",
        )
    return None if len(info.languages) == 1 else _tag(requested)


def _tag(language: str) -> str:
    first, *others = language.replace("_", "-").split("-")
    cased = [{2: other.upper(), 4: other.title()}.get(len(other), other.lower()) for other in others]
    return "-".join([first.lower(), *cased])


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
            f"The voice {info.id} needs the GPU. A fallback voice must run on CPU.", param="fallback_voice"
        )
