"""Models that only the description needs: lists, events, usage and errors. The functions build these as plain JSON."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from herald.auth.caller import Scope
from herald.enrolment.enrolment_messages import Method
from herald.speech.ipa import LONGEST
from herald.speech.lexicons.lexicon import LONGEST_ALIAS, LONGEST_WORD, MOST_ENTRIES
from herald.web.batch_schemas import Batch, Item, Upload
from herald.web.custom_voice_endpoints import NewConsent, NewCustomVoice
from herald.web.schemas import Dollars, Job, LexiconCard, Shape, Tier, Voice
from herald.web.voice_shapes import CustomVoice, VoiceConsent


class List(Shape):
    """A list, or one page of it."""

    object: Literal["list"] = "list"


class Page(List):
    """One page of a list, with the cursor of the next."""

    has_more: bool
    next_cursor: str | None = Field(description="The `cursor` of the next page; null on the last.")


class JobList(Page):
    """Jobs, newest first."""

    data: list[Job]


class NewBatch(Batch):
    """A batch, and how to upload its manifest."""

    upload: Upload | None = Field(description="null if the batch starts without an upload.")


class BatchList(Page):
    """Batches, newest first."""

    data: list[Batch]


class ItemList(Page):
    """Rows in the order of the manifest, followed by invalid rows."""

    data: list[Item]


class Model(Shape):
    """The name of a model, in OpenAI's form."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str


class ModelVoice(Shape):
    """A voice that a model speaks with."""

    name: str
    language: str
    gender: str


class SpokenModel(Model):
    """A model with its voices."""

    task: str
    voices: list[ModelVoice]


class ModelList(List):
    """All models."""

    data: list[Model]


class Named(Shape):
    """A name, in the form that clients show in lists."""

    id: str
    name: str


class AudioModels(Shape):
    """The names of models."""

    models: list[Named]


class AudioVoices(Shape):
    """The names of voices."""

    voices: list[Named]


class OpenAIPage(List):
    """One page of a list, as in OpenAI's API."""

    first_id: str | None
    last_id: str | None = Field(description="The `after` of the next page.")
    has_more: bool


class ConsentList(OpenAIPage):
    """The consents of the tenant, newest first."""

    data: list[VoiceConsent]


class VoiceNames(AudioVoices):
    """The names of voices and, with a key, a page of the tenant's custom voices, newest first."""

    methods: list[Method] | None = Field(
        default=None, description="The methods with which this deployment makes voices."
    )
    object: Literal["list"] | None = None
    data: list[CustomVoice] | None = None
    first_id: str | None = None
    last_id: str | None = None
    has_more: bool | None = None


Recording = Annotated[str, Field(json_schema_extra={"contentMediaType": "application/octet-stream"})]


class ConsentForm(NewConsent):
    """The recording of a consent."""

    recording: Recording = Field(description="WAV, FLAC, MP3 or Ogg, of 4 to 30 seconds. The form has up to 4.4 MB.")


class VoiceForm(NewCustomVoice):
    """A sample of the voice of a person who consents."""

    audio_sample: Recording = Field(description="WAV, FLAC, MP3 or Ogg, of 5 to 60 seconds. The form has up to 4.4 MB.")


class LexiconList(List):
    """All lexicons of the tenant, by name."""

    data: list[LexiconCard]


class NewLexicon(Shape):
    """A lexicon as JSON. Of two entries for the same word, the first applies."""

    model_config = ConfigDict(extra="forbid")

    language: str | None = Field(
        default=None, description="BCP 47: `en` for all English voices. Omitted: it applies to every voice."
    )
    entries: Annotated[list["NewEntry"], Field(min_length=1, max_length=MOST_ENTRIES)]


class NewEntry(Shape):
    """A word or phrase, and one of `alias`, `ipa` and `x-sampa`."""

    model_config = ConfigDict(extra="forbid")

    word: Annotated[str, Field(min_length=1, max_length=LONGEST_WORD)]
    alias: Annotated[str, Field(max_length=LONGEST_ALIAS)] | None = Field(
        default=None, description="The text to say instead."
    )
    ipa: Annotated[str, Field(max_length=LONGEST)] | None = None
    x_sampa: Annotated[str, Field(max_length=LONGEST)] | None = Field(default=None, alias="x-sampa")
    case: Literal["any", "exact"] | None = Field(
        default=None, description="Default: exact for a word with a capital, any for others."
    )


class VoiceList(List):
    """All voices."""

    data: list[Voice]


class ErrorBody(Shape):
    """What is wrong, where, and how to fix it."""

    message: str = Field(description="For people. It may change.")
    type: Literal["invalid_request_error", "server_error"]
    param: str | None = Field(description="Field of the request; in a dialogue with its line: dialogue.3.voice.")
    code: str = Field(description="For programs. It is stable.")


class Error(Shape):
    """An error in OpenAI's format."""

    error: ErrorBody


class GatewayError(Shape):
    """An error from API Gateway itself, before the request reaches Herald."""

    message: str


class Mark(Shape):
    """A word of the text, with its time in the audio (seconds) and its position in the text (in `offsets`)."""

    word: str
    start: float
    end: float
    text_start: int
    text_end: int = Field(description="Exclusive.")


class ReadToken(Shape):
    """A part of the text, its position, and the words that are said for it."""

    text: str
    text_start: int
    text_end: int = Field(description="Exclusive.")
    kind: str = Field(
        description="For example word, money or date. A `pause` and the `end` of a sentence have a mark as words."
    )
    words: str
    ipa: str | None = Field(description="The pronunciation, if a lexicon gives it.")


class ReadSentence(Shape):
    """A sentence, its position in the text, and how it is said."""

    text: str
    text_start: int
    text_end: int = Field(description="Exclusive.")
    spoken: str
    tokens: list[ReadToken]


class Reading(Shape):
    """How a text is said."""

    object: Literal["reading"] = "reading"
    language: str = Field(description="BCP 47; that of the voice.")
    text_format: Literal["plain", "markdown", "html"] = Field(description="As requested, or as recognized.")
    spoken: str = Field(description="The whole text as it is said.")
    sentences: list[ReadSentence]
    voice: str
    price_expected: Dollars = Field(description="US dollars for speaking the text at normal speed, estimated.")
    seconds_expected: float = Field(ge=0, description="Length of that audio, estimated.")


class MarksEvent(Shape):
    """Precedes the audio that contains these words; only with `marks`."""

    type: Literal["herald.speech.marks"]
    marks: list[Mark]


class AudioEvent(Shape):
    """A part of the audio."""

    type: Literal["speech.audio.delta"]
    audio: Annotated[str, Field(json_schema_extra={"contentEncoding": "base64"})]


class Used(Shape):
    """One token is one character of the text; audio counts no tokens."""

    input_tokens: int
    output_tokens: int
    total_tokens: int


class DoneEvent(Shape):
    """The final event."""

    type: Literal["speech.audio.done"]
    usage: Used


class ErrorEvent(Shape):
    """The final event if synthesis fails after the stream has started."""

    type: Literal["error"]
    error: ErrorBody


class Limits(Shape):
    """Limits of the key; null means unlimited."""

    characters_a_day: int | None
    requests_a_second: int | None


class Today(Shape):
    """Usage since midnight UTC: of the key, or of all the tenant's tokens together."""

    characters: int = Field(ge=0)
    characters_left: int | None = Field(description="null if unlimited.")


class Day(Shape):
    """Usage and spend of all keys of the tenant on one day."""

    day: Annotated[str, Field(json_schema_extra={"format": "date"}, description="In UTC.")]
    characters: int = Field(ge=0)
    requests: int = Field(ge=0)
    spend: float = Field(
        ge=0,
        description="US dollars: the prices of the responses of the day, and of the jobs and batches that ended on it; "
        "docs/costs.md explains the calculation.",
    )


class Usage(Shape):
    """The caller, its limits and its usage."""

    object: Literal["usage"] = "usage"
    tenant: str
    tier: Tier
    scopes: list[Scope]
    limits: Limits
    today: Today
    data: list[Day] = Field(description="Usage by day, today first.")
