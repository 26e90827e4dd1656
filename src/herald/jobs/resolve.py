"""Resolve a request, once, into its script and its route: realtime, queue or gpu.

Names and defaults are applied, and invalid texts and voices rejected.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from herald.errors import GpuNotDeployed, InvalidInput, InvalidRequest, UnknownSpeaker, UnknownVoice
from herald.jobs.job import Route
from herald.jobs.job_request import JobRequest
from herald.jobs.script import Line, Script, Voices
from herald.jobs.voice_names import VoiceNames, parse_mix
from herald.speech.audio.formats import find_format
from herald.speech.text import speakable
from herald.speech.voices.catalog import VoiceInfo

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
            language = _language(line.language or request.language, info)
        yield Line(text=line.input, voice=info.id, speaker=speaker, language=language)


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


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The limits of a deployment, from its template parameters."""

    realtime_characters: int
    """The longest text that is spoken in real time."""
    longform_characters: int
    """The longest text that is spoken on CPU."""
    gpu: bool
    """Whether a GPU is deployed."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A route, with a human-readable reason."""

    route: Route
    reason: str


@dataclass(frozen=True, kw_only=True)
class Need:
    """A feature that requires the GPU, and the request field that asks for it."""

    param: str
    why: str


def decide(script: Script, voices: Voices, policy: Policy, *, waiting: bool) -> Decision:
    """Return the route of a script; raise GpuNotDeployed if it needs a GPU and none is deployed.

    `waiting`: the request is in real time, so the caller waits for the audio.
    """
    if needs := gpu_needs(script, voices, policy):
        if not policy.gpu:
            raise GpuNotDeployed(
                f"The request needs the GPU, which is not deployed (template parameter GpuImage): {_joined(needs)}. "
                "Change the request, or submit it as a job with a `fallback_voice`.",
                param=needs[0].param,
            )
        return Decision(route="gpu", reason=f"The GPU is required: {_joined(needs)}.")
    characters = _count(script.characters)
    if not waiting:
        return Decision(route="queue", reason=f"A job of {characters} for a voice that runs on CPU.")
    if script.characters <= policy.realtime_characters:
        return Decision(
            route="realtime", reason=f"Short enough for realtime: {characters} for a voice that runs on CPU."
        )
    return Decision(
        route="queue",
        reason=f"Too long for realtime: {characters} exceed the limit of {policy.realtime_characters:,}.",
    )


def decide_request(
    request: JobRequest, names: VoiceNames, voices: Voices, policy: Policy, *, waiting: bool
) -> tuple[Script, Decision]:
    """Return the script of a request and its route.

    The fallback voice is used if the request needs the GPU and none is deployed.
    """
    script = to_script(request, names, voices)
    needs = gpu_needs(script, voices, policy)
    if policy.gpu or not needs or request.fallback_voice is None:
        return script, decide(script, voices, policy, waiting=waiting)
    fallback = to_script(with_fallback(request), names, voices)
    # The limit of CPU does not apply: a long text on CPU is better than a rejected request.
    decision = decide(fallback, voices, replace(policy, longform_characters=fallback.characters), waiting=waiting)
    reason = f"The fallback voice is used, as no GPU is deployed (GpuImage): {_joined(needs)}. {decision.reason}"
    return fallback, replace(decision, reason=reason)


def gpu_needs(script: Script, voices: Voices, policy: Policy) -> list[Need]:
    """Return every feature of a script that requires the GPU."""
    needs = []
    if gpu_voices := sorted({line.voice for line in script.lines if voices[line.voice].needs_gpu}):
        requires = "the voice {} requires it" if len(gpu_voices) == 1 else "the voices {} require it"
        needs.append(Need(param="voice", why=requires.format(" and ".join(gpu_voices))))
    if script.quality == "high":
        needs.append(Need(param="quality", why='the quality "high" requires it'))
    if len(script.lines) > 1:
        parts = f"{len(script.voices)} voices" if len(script.voices) > 1 else f"{len(script.lines)} lines"
        needs.append(Need(param="dialogue", why=f"the dialogue has {parts}"))
    if script.characters > policy.longform_characters:
        why = f"{_count(script.characters)} exceed the CPU limit of {policy.longform_characters:,}"
        needs.append(Need(param="input", why=why))
    return needs


def _joined(needs: list[Need]) -> str:
    return "; ".join(need.why for need in needs)


def _count(characters: int) -> str:
    return f"{characters:,} character{'' if characters == 1 else 's'}"
