"""The operations on texts: speech (functions/speech.py, functions/speech_stream) and its reading."""

from http import HTTPStatus

from herald.jobs.job_request import SpeechRequest
from herald.speech.audio.formats import FORMATS
from herald.web.reading_routes import ReadingRequest
from herald.web.schemas import Job
from scripts.openapi.components import SERVERS, STREAMING
from scripts.openapi.examples import QUEUED_JOB, READING
from scripts.openapi.json_schemas import REF
from scripts.openapi.models import AudioEvent, DoneEvent, ErrorEvent, MarksEvent, Reading
from scripts.openapi.operation import BODY, TEXT, Answer, Body, Operation
from scripts.openapi.paths.job_paths import PAID, TAKEN

_EVENTS = (MarksEvent, AudioEvent, DoneEvent, ErrorEvent)
_STREAM = {
    "schema": {
        "type": "object",
        "description": "One event, with JSON in its data.",
        "required": ["data"],
        "properties": {
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {"oneOf": [{"$ref": REF + event.__name__} for event in _EVENTS]},
            }
        },
    },
    "example": {"data": '{"type":"speech.audio.delta","audio":"//NkxA=="}'},
}
_PLAIN = {"model": "herald", "voice": "alloy", "input": "Your appointment is confirmed."}

SPEECH = (
    Operation(
        method="POST",
        path="/v1/audio/speech",
        id="createSpeech",
        tag="Speech",
        scope="speech",
        summary="Synthesize a text",
        description=(
            "Synthesizes short texts with CPU voices in real time. All other requests get the error not_realtime. "
            "The StreamUrl sends audio while it is synthesized, the ApiUrl when it is complete.\n\n"
            "With `stream_format: sse` the response is a stream of events in OpenAI's format: each "
            "`speech.audio.delta` contains a part of the audio in base64, and `speech.audio.done` is the last. "
            "With `marks`, `herald.speech.marks` precedes the audio and contains the time of each word. "
            "If synthesis fails after the stream has started, the last event is `error`."
        ),
        servers=(*SERVERS, STREAMING),
        parameters=("Prefer", "IdempotencyKey"),
        body=Body(
            model=SpeechRequest,
            examples={
                "plain": _PLAIN,
                "phone": _PLAIN | {"response_format": "ulaw", "speed": 0.9},
                "events": _PLAIN | {"stream_format": "sse", "marks": True},
            },
        ),
        answers=(
            Answer(
                description="The audio; with `stream_format: sse`, events that contain it in base64",
                content={
                    **{media_type: {} for media_type in dict.fromkeys(made.media_type for made in FORMATS.values())},
                    "text/event-stream": _STREAM,
                },
                parts=_EVENTS,
                headers=(
                    "X-Herald-Voice",
                    "X-Herald-Characters",
                    "X-Herald-Audio-Seconds",
                    "X-Herald-Price",
                    "X-Herald-Sample-Rate",
                    "X-Herald-Route",
                    "X-Herald-Warning",
                    "AI-Disclosure",
                ),
            ),
            Answer(
                status=HTTPStatus.ACCEPTED,
                description="A job instead of the audio, as requested by Prefer: respond-async",
                model=Job,
                headers=("Preference-Applied", "Location", "X-Herald-Route"),
                example=QUEUED_JOB,
            ),
        ),
        codes=(
            *TAKEN,
            *PAID,
            "not_realtime",
            "audio_too_large",
            "voice_not_prepared",
            "voice_not_fetched",
            "unsupported_voice",
            "unavailable",
            "request_timeout",
            "overloaded",
        ),
    ),
    Operation(
        method="POST",
        path="/v1/audio/reading",
        id="createReading",
        tag="Speech",
        scope="speech",
        summary="Show how a text will be said",
        description=(
            "Returns the words that would be spoken, sentence by sentence and token by token, without audio. Free: it "
            "has no price, and its characters do not count. Only voices for German, English, French, Italian, "
            "Portuguese and Spanish on CPU have a reading; others are refused."
        ),
        body=Body(
            model=ReadingRequest,
            examples={
                "plain": {"input": "You owe $45.", "voice": "alloy"},
                "html": {"input": "<p>You owe <b>$45</b>.</p>", "text_format": "html", "offsets": "utf16"},
            },
        ),
        answers=(Answer(description="The reading", model=Reading, example=READING),),
        codes=(
            *BODY,
            *TEXT,
            "unknown_voice",
            "unknown_speaker",
            "unsupported_language",
            "unknown_lexicon",
            "unreadable_row",
            "unavailable",
        ),
    ),
)
