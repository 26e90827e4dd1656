"""Request bodies and queries of ElevenLabs' API, and what they are to Herald."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple
from xml.sax.saxutils import escape

from pydantic import BaseModel, ConfigDict, Field

from herald.errors import InvalidRequest, TextTooLong, UnknownVoice, UnsupportedFormat
from herald.jobs.body import max_body_bytes, parse_body, validated
from herald.jobs.job_request import JobRequest
from herald.jobs.voice_names import VoiceNames
from herald.speech.ssml.document import begins_ssml

_FORMAT = re.compile(r"(?P<codec>mp3|pcm|opus|ulaw|alaw|wav)_(?P<rate>[0-9]{4,5})(?:_[0-9]{2,3})?", re.ASCII)
"""codec_rate or codec_rate_kilobits, such as mp3_44100_128. Herald chooses the bit rate."""
DEFAULT_FORMAT = "mp3_44100_128"
_WOMEN = (
    "21m00Tcm4TlvDq8ikWAM", "9BWtsMINqrJLrRacOk9x", "AZnzlk1XvdvUeBnXmlld", "EXAVITQu4vr4xnSDxMaL",
    "FGY2WhTYpPnrIDTdsKH5", "MF3mGyEYCl7XYWbV9V6O", "ThT5KcBeYPX3keUQqHPh", "XB0fDUnXU5powFXDhCwa",
    "Xb7hH8MSUJpSbSDYk0k2", "XrExE9yKIg1WjnnlVkGX", "cgSgspJ2msm6clMCkdW9", "pFZP5JQG7iQjIQuC4Bku",
)  # fmt: skip
"""Ids of ElevenLabs' own voices in its examples: Rachel, Aria, Domi, Sarah, Laura, Elli, Dorothy, Charlotte, Alice,
Matilda, Jessica, Lily."""
_MEN = (
    "CwhRBWXzGAHq8TQ4Fs17", "ErXwobaYiN019PkySvjV", "IKne3meq5aSn9XLyUdCD", "JBFqnCBZsd1mCd4yyfvF",
    "N2lVS1w4EtoT3dr4eOWO", "TX3LPaxmHKxFdv7VOQHJ", "TxGEqnHWrfWFTfGW9XjX", "VR6AewLTigWG4xSOukaG",
    "bIHbv24MWmeRgasZH58o", "cjVigY5qzO86Huf0OWal", "iP95p4xoKVk53GoZ742B", "nPczCjzI2devNBz1zQrb",
    "onwK4e9ZLuTAKqWW03F9", "pNInz6obpgDQGcFmaJgB", "pqHfZKP75CvOlQylNhV4", "yoZ06aMxZJJ28mfd3POQ",
)  # fmt: skip
"""Roger, Antoni, Charlie, George, Callum, Liam, Josh, Arnold, Will, Eric, Chris, Brian, Daniel, Adam, Bill, Sam."""
_OPENING, _CLOSING = "<speak>", "</speak>"
_TAG = r"<break\s[^<>]*/>|<phoneme\s[^<>]*>|</phoneme>"
_INLINE, _PARTS = re.compile(_TAG), re.compile(rf"(?P<tag>{_TAG})|[<>&]|[^<>&]+")
_WOMAN, _MAN = "nova", "onyx"
"""Names of Herald's default voice, and of the man's voice that belongs to it."""


class _Ignoring(BaseModel):
    """An object whose unknown fields are ignored, as ElevenLabs' API does."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, defer_build=True)


class Locator(_Ignoring):
    """A pronunciation dictionary, which is a lexicon here. Its newest version is always used."""

    pronunciation_dictionary_id: str


class VoiceSettings(_Ignoring):
    """Settings of the voice; only the speed has an effect."""

    speed: Annotated[float, Field(ge=0.25, le=4.0)] | None = None
    stability: Any = None
    similarity_boost: Any = None
    style: Any = None
    use_speaker_boost: Any = None
    clone_strength: Any = None


class ElevenLabsRequest(_Ignoring):
    """The fields of text-to-speech."""

    text: str
    model_id: Annotated[str, Field(max_length=64)] | None = None
    voice_settings: VoiceSettings | None = None
    pronunciation_dictionary_locators: Annotated[list[Locator], Field(max_length=5)] | None = None
    language_code: Any = None
    seed: Any = None
    previous_text: Any = None
    next_text: Any = None
    previous_request_ids: Any = None
    next_request_ids: Any = None
    use_pvc_as_ivc: Any = None
    apply_text_normalization: Any = None
    apply_language_text_normalization: Any = None
    audio_effects: Any = None

    @property
    def without_effect(self) -> list[str]:
        """The names of the fields that have no effect, in alphabetical order."""
        used = {"text", "model_id", "voice_settings", "pronunciation_dictionary_locators"}
        given = {name: value for name, value in self if name not in used}
        if self.apply_text_normalization in ("auto", "on"):
            del given["apply_text_normalization"]  # texts are always read
        settings = {f"voice_settings.{name}": value for name, value in self.voice_settings or () if name != "speed"}
        return sorted(name for name, value in (given | settings).items() if value not in (None, [], ""))


class ParsedSpeech(NamedTuple):
    """A request as Herald's own API has it, with the names of its fields that have no effect."""

    job: JobRequest
    without_effect: list[str]
    text: str
    """The text that was sent."""
    places: Sequence[int]
    """The position in it of each character of the job's text, and of its end."""


def parse_elevenlabs_request(  # noqa: PLR0913  the parts of a request
    body: bytes,
    headers: Mapping[str, str],
    query: Mapping[str, str],
    *,
    voice: str,
    names: VoiceNames,
    most: int,
) -> ParsedSpeech:
    """Parse a request for speech of at most `most` characters.

    Raise a subclass of InvalidInput for the first error. No message repeats what was sent.
    """
    sent = parse_body(body, headers, max_bytes=max_body_bytes(most))
    request = validated(ElevenLabsRequest, {name: value for name, value in sent.items() if value is not None})
    if len(request.text) > most:
        raise TextTooLong(
            f"The text has {len(request.text):,} characters, which exceeds the limit of {most:,}. Send it in parts.",
            param="text",
        )
    codec, rate = _format(query.get("output_format") or DEFAULT_FORMAT)
    settings = request.voice_settings
    locators = request.pronunciation_dictionary_locators
    text, places = text_of_job(request.text)
    fields: dict[str, Any] = {
        "input": text,
        "voice": voice_name(voice, names),
        "response_format": codec,
        "sample_rate": rate,
        "speed": settings.speed if settings and settings.speed is not None else 1.0,
        "lexicons": [locator.pronunciation_dictionary_id for locator in locators] if locators else None,
    }
    if not begins_ssml(fields["input"]):
        fields["text_format"] = "plain"
    unused = [name for name in ("enable_logging", "optimize_streaming_latency") if query.get(name)]
    return ParsedSpeech(_job(fields), [*request.without_effect, *unused], request.text, places)


def _job(fields: dict[str, Any]) -> JobRequest:
    """Return a job; raise UnknownVoice or InvalidRequest (unknown_lexicon) for ids that nothing can have."""
    try:
        return validated(JobRequest, fields)
    except InvalidRequest as error:
        if error.param == "voice":
            raise UnknownVoice("There is no voice with that id. GET /v1/voices lists them.", param="voice_id") from None
        if error.param and error.param.startswith("lexicons"):
            raise InvalidRequest(
                "There is no pronunciation dictionary with that id.",
                param="pronunciation_dictionary_locators",
                code="unknown_lexicon",
            ) from None
        raise


def text_of_job(text: str) -> tuple[str, Sequence[int]]:
    """Return a text as Herald reads it, and the position in it of each character of the result, and of its end.

    A text with tags for pauses or pronunciations, as ElevenLabs allows, becomes an SSML document, in which all other
    markup is text: https://elevenlabs.io/docs/overview/capabilities/text-to-speech/best-practices
    """
    if begins_ssml(text) or not _INLINE.search(text):
        return text, range(len(text) + 1)
    document, places = _OPENING, [0] * len(_OPENING)
    for found in _PARTS.finditer(text):
        part = found["tag"] or escape(found[0])
        document += part
        places += range(*found.span()) if part == found[0] else [found.start()] * len(part)
    return document + _CLOSING, [*places, *[len(text)] * (len(_CLOSING) + 1)]


def voice_name(voice: str, names: VoiceNames) -> str:
    """Return Herald's name of a voice: an alias of the operator, one of ElevenLabs' own voices, or a name of Herald."""
    if voice in names.aliases:
        return voice
    return _WOMAN if voice in _WOMEN else _MAN if voice in _MEN else voice


def _format(name: str) -> tuple[str, int]:
    """Return the format and the sample rate in Hz of a name such as mp3_44100_128."""
    found = _FORMAT.fullmatch(name)
    if found is None:
        raise UnsupportedFormat(
            "Unknown output_format. Send a codec and a sample rate, such as mp3_44100_128, pcm_16000, ulaw_8000, "
            "opus_48000_64 or wav_24000.",
            param="output_format",
        )
    return found["codec"], int(found["rate"])
