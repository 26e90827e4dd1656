"""Request bodies of Amazon Polly's API, and what they are to Herald."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from herald.errors import InvalidRequest, TextTooLong
from herald.jobs import body as job_body
from herald.jobs.body import max_body_bytes, parse_body
from herald.jobs.job_request import JobRequest, Language, LexiconNames, text_length
from herald.jobs.request_fields import VoiceName
from herald.web.polly_errors import PollyRefusal
from herald.web.polly_voices import PollyVoices

type Engine = Literal["standard", "neural", "long-form", "generative"]
type MarkType = Literal["sentence", "ssml", "viseme", "word"]
type OutputFormat = Literal["json", "mp3", "ogg_opus", "ogg_vorbis", "pcm", "mulaw", "alaw"]
SPEECH_CHARACTERS, TASK_CHARACTERS = 3_000, 100_000
"""Polly's limits of billed characters: https://docs.aws.amazon.com/polly/latest/dg/limits.html"""
_WITH_TAGS = 2
"""A text may have as many characters of SSML tags as billed ones."""
_BYTES_BESIDE_TEXT = 8_192
FORMATS = {"mp3": "mp3", "ogg_opus": "opus", "pcm": "pcm", "mulaw": "ulaw", "alaw": "alaw", "json": "mp3"}
"""Herald's formats by Polly's name. Speech marks are those of an mp3, whose sentences begin with a frame."""
MEDIA_TYPES = {"mulaw": "audio/mulaw", "alaw": "audio/alaw", "json": "application/x-json-stream"}
"""Media types that differ from Herald's."""
_COMMON_RATES = (8_000, 16_000, 22_050, 24_000, 44_100, 48_000)
_RATES: dict[str, tuple[int, ...]] = {
    "mp3": _COMMON_RATES,
    "json": _COMMON_RATES,
    "ogg_opus": (48_000, 8_000, 12_000, 16_000, 24_000),
    "pcm": (16_000, 8_000, 22_050, 24_000, 44_100, 48_000),
    "mulaw": (8_000,),
    "alaw": (8_000,),
}
"""Sample rates in Hz; the first is the default, except for mp3. Herald supports more than Polly."""
_BUCKET = re.compile(r"[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9]")
_KEY_PREFIX = re.compile(r"[0-9a-zA-Z/!\-_.*'():;$@=+,?&]{0,800}")
"""The patterns of Polly's service model."""


class PollyRequest(BaseModel):
    """The fields that SynthesizeSpeech and StartSpeechSynthesisTask share. Unknown fields are ignored, as there."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, alias_generator=to_pascal, defer_build=True)

    text: str
    voice_id: VoiceName
    output_format: OutputFormat
    engine: Engine = "standard"
    language_code: Language | None = None
    lexicon_names: LexiconNames = None
    sample_rate: Annotated[str, Field(pattern="^[0-9]{4,6}$")] | None = None
    speech_mark_types: Annotated[list[MarkType], Field(max_length=4)] = []
    text_type: Literal["text", "ssml"] = "text"

    @property
    def rate(self) -> int:
        """Return the sample rate in Hz; raise PollyRefusal if the format does not support it."""
        rates = _RATES[self.output_format]
        if self.sample_rate is None:
            if rates is _COMMON_RATES:
                return 22_050 if self.engine == "standard" else 24_000
            return rates[0]
        if int(self.sample_rate) not in rates:
            known = ", ".join(map(str, sorted(rates)))
            raise PollyRefusal(
                "InvalidSampleRateException",
                f"{self.output_format} supports these sample rates: {known}.",
                param="sample_rate",
            )
        return int(self.sample_rate)

    def job_request(self, voices: PollyVoices, **fields: object) -> JobRequest:
        """Return the request as Herald's own API has it; raise PollyRefusal for what Polly or Herald does not make."""
        return job_body.validated(
            JobRequest,
            {
                "input": self.text,
                "voice": voices.choose(self.voice_id),
                "response_format": FORMATS[self.output_format],
                "sample_rate": self.rate,
                "language": self.language_code,
                "lexicons": self.lexicon_names,
                "input_type": self.text_type,
                "text_format": None if self.text_type == "ssml" else "plain",
                **fields,
            },
        )


class TaskRequest(PollyRequest):
    """The fields of StartSpeechSynthesisTask."""

    output_s3_bucket_name: Annotated[str, Field(alias="OutputS3BucketName")]
    output_s3_key_prefix: Annotated[str, Field(alias="OutputS3KeyPrefix")] = ""
    sns_topic_arn: str | None = None


def parse_polly_request(body: bytes, headers: Mapping[str, str], *, most: int) -> PollyRequest:
    """Parse a request for speech of at most `most` characters.

    Raise a subclass of InvalidInput for the first error. No message repeats what was sent.
    """
    sent = parse_body(body, headers, max_bytes=max_body_bytes(_WITH_TAGS * most, _BYTES_BESIDE_TEXT))
    request = validated(PollyRequest, sent)
    check_synthesis(request, most=most, or_else=", or use StartSpeechSynthesisTask")
    return request


def parse_task_request(body: bytes, headers: Mapping[str, str], *, most: int) -> TaskRequest:
    """Parse a request for a task of at most `most` characters. Raises the errors of parse_polly_request."""
    sent = parse_body(body, headers, max_bytes=max_body_bytes(_WITH_TAGS * most, _BYTES_BESIDE_TEXT))
    request = validated(TaskRequest, sent)
    if not _BUCKET.fullmatch(request.output_s3_bucket_name):
        raise PollyRefusal("InvalidS3BucketException", "OutputS3BucketName is not a name of a bucket.")
    if not _KEY_PREFIX.fullmatch(request.output_s3_key_prefix):
        raise PollyRefusal("InvalidS3KeyException", "OutputS3KeyPrefix contains a character that Polly does not allow.")
    if request.sns_topic_arn is not None:
        raise PollyRefusal(
            "InvalidSnsTopicArnException",
            "SNS topics are not supported. Omit SnsTopicArn, and use GetSpeechSynthesisTask or an event of the job.",
        )
    if request.output_format == "json":
        raise PollyRefusal(
            "ValidationException",
            "Tasks make audio only. Request speech marks with SynthesizeSpeech.",
            param="response_format",
        )
    check_synthesis(request, most=most)
    return request


def check_synthesis(request: PollyRequest, *, most: int, or_else: str = "") -> None:
    """Raise a subclass of InvalidInput for marks without json, or for a text of more than `most` characters."""
    _check_marks(request)
    _check_length(len(request.text), _WITH_TAGS * most if request.text_type == "ssml" else most, or_else)
    _check_length(text_length(request.text, request.text_type), most, or_else)


def _check_length(characters: int, most: int, or_else: str) -> None:
    if characters > most:
        raise TextTooLong(
            f"The text has {characters:,} characters, which exceeds the limit of {most:,}. "
            f"Send it in parts, split between sentences{or_else}.",
            param="input",
        )


def _check_marks(request: PollyRequest) -> None:
    if request.speech_mark_types and request.output_format != "json":
        raise PollyRefusal(
            "MarksNotSupportedForFormatException",
            "Speech marks are available only with the OutputFormat json. Request them separately from the audio.",
        )
    if request.output_format == "json":
        if not request.speech_mark_types:
            raise PollyRefusal(
                "ValidationException", "The OutputFormat json requires SpeechMarkTypes.", param="SpeechMarkTypes"
            )
        if "ssml" in request.speech_mark_types and request.text_type == "text":
            raise PollyRefusal(
                "SsmlMarksNotSupportedForTextTypeException", "Marks of the type ssml require TextType ssml."
            )
    if request.output_format == "ogg_vorbis":
        raise PollyRefusal(
            "ValidationException", "ogg_vorbis is not supported. Use ogg_opus or mp3.", param="response_format"
        )


def validated[Model: BaseModel](model: type[Model], sent: Mapping[str, Any]) -> Model:
    """Validate the fields of a request, ignoring those that are null. Raise InvalidRequest for the first error."""
    try:
        return model.model_validate({name: value for name, value in sent.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    field = next((str(part) for part in first["loc"][:1]), None)
    message = "is required" if first["type"] == "missing" else first["msg"]
    raise InvalidRequest(f"{field or 'The body'}: {message}.", param=field)
