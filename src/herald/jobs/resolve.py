"""Resolve a request, once, into its script and its route: realtime, queue, kokoro or gpu.

Names and defaults are applied, and invalid texts and voices rejected.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from herald.errors import (
    InvalidInput,
    InvalidRequest,
    SsmlNotSupported,
    UnknownSpeaker,
    UnknownVoice,
)
from herald.jobs.custom_voices import is_custom, with_custom
from herald.jobs.job_request import DialogueLine, JobRequest
from herald.jobs.lexicon_service import Chosen
from herald.jobs.request_fields import format_of, is_ssml
from herald.jobs.routing import KOKORO, Decision, Policy, Router
from herald.jobs.script import Cast, CastVoice, Line, Script, Voices
from herald.jobs.voice_names import VoiceNames
from herald.speech.audio.formats import find_format
from herald.speech.kokoro.kokoro_speakers import parse_mix
from herald.speech.reading import check
from herald.speech.reading.markup import TextFormat, detect, readable
from herald.speech.ssml.document import line_and_column, refuse
from herald.speech.ssml.voice_changes import MOST_VOICES, VoicePart, voice_elements, voice_parts
from herald.speech.text import refuse_stray_ssml, speakable
from herald.speech.voices.catalog import VoiceInfo

if TYPE_CHECKING:
    from herald.jobs.custom_voice_records import CustomVoice

MIXERS = frozenset({KOKORO})
"""Engines that support mixes of speakers."""
_PARAGRAPH, _HTML_PARAGRAPH = "\n\n", "<p>"
_LISTED_SPEAKERS = 20


@dataclass(frozen=True, kw_only=True)
class Resolver:
    """Resolves requests by the voices and the limits of a deployment."""

    names: VoiceNames
    voices: Voices
    policy: Policy
    tenant_voices: "Mapping[str, CustomVoice]" = field(default_factory=dict)
    """The custom voices of one tenant by id. `voices` contains their descriptions."""

    def with_custom(self, voices: "Iterable[CustomVoice]") -> Self:
        """Return a resolver that also has a tenant's custom voices."""
        custom = {voice.id: voice for voice in voices}
        if not custom:
            return self
        return replace(self, voices=with_custom(self.voices, custom.values()), tenant_voices=custom)

    @property
    def router(self) -> Router:
        """Decides the routes of scripts."""
        return Router(voices=self.voices, policy=self.policy)

    def resolve(
        self, request: JobRequest, *, waiting: bool, lexicons: Sequence[Chosen] = ()
    ) -> tuple[Script, Decision]:
        """Return the script of a request and its route.

        The fallback voice is used if the request needs the GPU and none is deployed. `waiting` means that the caller
        waits for the audio, in real time. `lexicons` are those that apply to the request.

        Raise the same InvalidInput as the engine would, with a `param` such as "dialogue.3.voice", and GpuNotDeployed
        if the request needs a GPU and none is deployed.
        """
        script = self.script(request, lexicons)
        needs = self.router.gpu_needs(script)
        if self.policy.gpu or not needs or request.fallback_voice is None:
            return script, self.router.route(script, waiting=waiting)
        # A dialogue becomes one text, with a paragraph per line.
        separator = _HTML_PARAGRAPH if script.text_format == "html" else _PARAGRAPH
        plain = {
            "input": separator.join(line.input for line in request.lines),
            "dialogue": None,
            "language": None,
            "quality": "standard",
            "text_format": script.text_format if script.text_format != "ssml" else None,
        }
        fallback = self.script(request.model_copy(update=plain | {"voice": request.fallback_voice}), lexicons)
        # The limit of CPU does not apply: a long text on CPU is better than a rejected request.
        unlimited = replace(self.router, policy=replace(self.policy, longform_characters=fallback.characters))
        decision = unlimited.route(fallback, waiting=waiting)
        why = "; ".join(need.why for need in needs)
        reason = f"The fallback voice is used, as no GPU is deployed (GpuImage): {why}. {decision.reason}"
        return fallback, replace(decision, reason=reason)

    def script(self, request: JobRequest, lexicons: Sequence[Chosen] = ()) -> Script:
        """Return the script of a request, without regard to the route."""
        audio_format = find_format(request.response_format)
        text = _PARAGRAPH.join(line.input for line in request.lines)
        if request.dialogue:
            text_format = request.text_format or detect(text)
        else:
            text_format = format_of(text, request.text_format, request.input_type)
        cast = self._cast(text, request.voice) if text_format == "ssml" else {}
        lines = []
        for position, line in enumerate(request.lines):
            try:
                lines.append(self._line(line, request, text_format, lexicons, cast))
            except InvalidInput as error:
                if request.dialogue:
                    error.param = f"dialogue.{position}.{error.param}"
                raise
        first = lines[0]
        if all((str(line), line.language) == (str(first), first.language) for line in lines):
            # A dialogue of a single voice and language is one text with paragraphs, which does not need the GPU.
            separator = _HTML_PARAGRAPH if text_format == "html" else _PARAGRAPH
            lines = [first.model_copy(update={"text": separator.join(line.text for line in lines)})]
        voice_ids = [line.voice for line in lines] + [member.voice for member in cast.values()]
        rate = audio_format.rate_for(request.sample_rate, max(self.voices[name].sample_rate for name in voice_ids))
        if request.fallback_voice is not None:
            self._check_fallback(request.fallback_voice)
        return Script(
            lines=tuple(lines),
            response_format=audio_format.name,
            sample_rate=rate,
            speed=request.speed,
            quality=request.quality,
            text_format=text_format,
            cast=cast,
            pause=request.pause,
            lexicons=tuple(chosen.reference for chosen in lexicons if self._applies(chosen, lines, cast)),
        )

    def _applies(self, chosen: Chosen, lines: Sequence[Line], cast: Cast) -> bool:
        """Return whether a lexicon is for the language of a line. The GPU detects a language that is not given."""
        infos = [(line.language, self.voices[line.voice]) for line in lines]
        infos += [(None, self.voices[member.voice]) for member in cast.values()]
        return any(
            (language is None and info.needs_gpu) or chosen.lexicon.applies_to(language or info.language)
            for language, info in infos
        )

    def _cast(self, source: str, voice: str) -> Cast:
        """Return the voices that an SSML document names; raise InvalidInput with the place of one that cannot be used.

        `voice` is the voice of the request, which counts towards the limit of MOST_VOICES.
        """
        cast: Cast = {}
        elements = voice_elements(source)
        loaded = {self.find_voice(voice)[0].id} if elements else set()
        for element in elements:
            name = element.attributes["name"]
            place = line_and_column(source, element.start)
            try:
                info, speaker = self.find_voice(name)
            except InvalidInput as error:
                raise type(error)(f"Line {place}: {error.message}", param="input") from None
            if info.needs_gpu:
                raise SsmlNotSupported(f"Line {place}: the voice {info.id} does not support SSML.", param="input")
            loaded.add(info.id)
            if len(loaded) > MOST_VOICES:
                refuse(source, element.start, f"more than {MOST_VOICES} voices. Send the text in parts")
            cast[name] = CastVoice(voice=info.id, speaker=speaker)
        return cast

    def _line(
        self, line: DialogueLine, request: JobRequest, text_format: TextFormat, lexicons: Sequence[Chosen], cast: Cast
    ) -> Line:
        if request.dialogue:
            check_dialogue_line(line.input, request.input_type)
        info, speaker = self.find_voice(line.voice or request.voice)
        language = _language(line.language or request.language, info)
        check_speakable(line.input, info, text_format, lexicons, language)
        for part in voice_parts(line.input) if cast else [VoicePart(None, line.input)]:
            part_info = info if part.voice is None else self.voices[cast[part.voice].voice]
            check_readable(part.document, part_info, text_format, lexicons)
        return Line(text=line.input, voice=info.id, speaker=speaker, language=language)

    def find_voice(self, name: str) -> tuple[VoiceInfo, str | None]:
        """Return the voice and the speaker of a name, in any case; raise UnknownVoice or UnknownSpeaker."""
        choice = self.names.choose(name)
        info = self.voices.get(choice.voice)
        if info is None:
            lowered = choice.voice.lower()
            info = next((info for info in self.voices.values() if info.id.lower() == lowered), None)
        if info is None:
            raise UnknownVoice(self.names.unknown_message(name, self.voices), param="voice")
        if custom_voice := self.tenant_voices.get(info.id):
            custom_voice.require_ready()
        if choice.speaker is not None:
            speakers = [*parse_mix(choice.speaker).shares] if info.engine in MIXERS else [choice.speaker]
            if not all(speaker in info.speakers for speaker in speakers):
                known = ", ".join([*info.speakers][:_LISTED_SPEAKERS]) or "none, as the voice has a single speaker"
                raise UnknownSpeaker(f"The voice {info.id} has no such speaker. Speakers: {known}.", param="voice")
        return info, choice.speaker

    def _check_fallback(self, name: str) -> None:
        try:
            info, _ = self.find_voice(name)
        except InvalidInput as error:
            error.param = "fallback_voice"
            raise
        if info.needs_gpu:
            raise InvalidRequest(
                f"The voice {info.id} needs the GPU. A fallback voice must run on CPU.", param="fallback_voice"
            )


def check_dialogue_line(text: str, input_type: str | None) -> None:
    """Raise SsmlNotSupported for SSML, which the lines of a dialogue cannot be."""
    if is_ssml(text, input_type):
        raise SsmlNotSupported(
            "The lines of a dialogue cannot be SSML. Send plain text, or one SSML document as input.", param="input"
        )
    if input_type is None:
        refuse_stray_ssml(text)


def check_speakable(
    text: str, info: VoiceInfo, text_format: TextFormat, lexicons: Sequence[Chosen], language: str | None
) -> None:
    """Raise the InvalidInput of herald.speech.text.speakable, also for a text that consists of markup only.

    If `language` is None, it is that of the voice. The GPU detects it, so lexicons of every language apply.
    """
    language = language or (None if info.needs_gpu else info.language)
    applied = [chosen.lexicon for chosen in lexicons]
    speakable(text, applied, language)
    if text_format not in {"plain", "ssml"}:
        speakable(readable(text, text_format).text, applied, language)


def check_readable(text: str, info: VoiceInfo, text_format: TextFormat, lexicons: Sequence[Chosen] = ()) -> None:
    """Raise UnreadableText if the voice cannot read a script of the text, such as Cyrillic.

    Raise TextTooLong if the lexicons would make the text much longer. Voices on the GPU have other reading rules and
    are not checked.
    """
    if not info.needs_gpu or text_format == "ssml":
        check(text, info.language, text_format=text_format, lexicons=[chosen.lexicon for chosen in lexicons])


def _language(requested: str | None, info: VoiceInfo) -> str | None:
    """Return the requested language in the recommended case (RFC 5646, section 2.1.1).

    Return None for a voice with a single language. For a voice with several, even its default language is returned:
    without a language, the engine detects it from the text.
    """
    if requested is None:
        return None
    if not info.speaks(requested):
        raise InvalidRequest(
            f"The voice {info.id} does not support the language. Supported languages: {', '.join(info.languages)}.",
            param="language",
            code="unsupported_language",
        )
    if len(info.languages) == 1:
        return None
    first, *others = requested.replace("_", "-").split("-")
    cased = [{2: other.upper(), 4: other.title()}.get(len(other), other.lower()) for other in others]
    return "-".join([first.lower(), *cased])


def names_custom_voice(request: JobRequest) -> bool:
    """Return whether a request contains the id of a custom voice, so that the tenant's voices have to be read."""
    names = [request.voice, request.fallback_voice, *(line.voice for line in request.lines)]
    return any(is_custom(name) for name in names if name)
