"""Parts that operations share: parameters, headers, authentication and servers."""

from typing import get_args

from herald.jobs.job import Route
from herald.jobs.lexicon_service import NAME
from herald.web.model_routes import MODELS
from scripts.openapi.json_schemas import Schema

DESCRIPTION = """\
Text to speech. Compatible with OpenAI's speech API, with additional fields; jobs for texts that can wait, and \
batches of up to a million messages.

Errors have OpenAI's format: `{"error": {"message", "type", "param", "code"}}`. The `code` is stable. \
The response header `X-Request-Id` identifies the request in the logs."""

SERVERS: list[Schema] = [
    {"url": "/", "description": "The server of this document: the deployment's ApiUrl."},
    {
        "url": "https://{api}.execute-api.{region}.amazonaws.com",
        "description": "ApiUrl, an output of the deployment.",
        "variables": {"api": {"default": "a1b2c3d4e5"}, "region": {"default": "us-east-1"}},
    },
]
STREAMING: Schema = {
    "url": "https://{function}.lambda-url.{region}.on.aws",
    "description": "StreamUrl, an output of the deployment: streams audio while it is synthesized.",
    "variables": {"function": {"default": "a1b2c3d4e5f6"}, "region": {"default": "us-east-1"}},
}
TAGS: list[Schema] = [
    {"name": "Speech", "description": "Real-time synthesis."},
    {"name": "Custom voices", "description": "Voices of people who consent, for the tenant alone."},
    {"name": "Lexicons", "description": "How a tenant's words are said."},
    {"name": "Jobs", "description": "One text or dialogue to one file, in the background."},
    {"name": "Batches", "description": "One template and one list to many files."},
    {"name": "Herald", "description": "Voices, usage, health, and this description."},
]
SECURITY: dict[str, Schema] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "hk_…",
        "description": (
            "A key issued by the operator: `Authorization: Bearer hk_…`. Its scopes are one or more of speech, jobs "
            "and batches. If the deployment trusts an identity provider, its tokens are accepted as well."
        ),
    }
}
_JOB_ID = {"type": "string", "pattern": "^job_[0-9a-f]{32}$", "examples": ["job_01a20320a2005c2f8e91d07a4b36aa10"]}
_BATCH_ID = {
    "type": "string",
    "pattern": "^batch_[0-9a-f]{32}$",
    "examples": ["batch_01a20320a2005c2f8e91d07a4b36aa10"],
}
_CONSENT_ID = {
    "type": "string",
    "pattern": "^cons_[0-9a-f]{32}$",
    "examples": ["cons_7e2d7bb8f1a04c0b9c2c1f0a5d3e6b91"],
}
_VOICE_ID = {
    "type": "string",
    "pattern": "^voice_[0-9a-f]{32}$",
    "examples": ["voice_0b6c6a9e5c1f4f0e8f7d2a1b3c4d5e6f"],
}
PARAMETERS: dict[str, Schema] = {
    "JobId": {"name": "id", "in": "path", "required": True, "schema": _JOB_ID},
    "ModelId": {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "enum": [*MODELS]}},
    "BatchId": {"name": "id", "in": "path", "required": True, "schema": _BATCH_ID},
    "ConsentId": {"name": "id", "in": "path", "required": True, "schema": _CONSENT_ID},
    "CustomVoiceId": {"name": "id", "in": "path", "required": True, "schema": _VOICE_ID},
    "LexiconName": {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": NAME}},
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": (
            "A repeated request with the same key and body returns the same job or batch; with another body, 409."
        ),
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-+\\--~]+$"},
    },
    "Prefer": {
        "name": "Prefer",
        "in": "header",
        # Without an example: viewers would send it with every request that is tried.
        "description": "`respond-async` (RFC 7240): respond with a job.",
        "schema": {"type": "string"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of an earlier response: 304 without a body if nothing has changed since.",
        "schema": {"type": "string"},
    },
}


def _header(description: str, **schema: object) -> Schema:
    return {"description": description, "schema": {"type": "string"} | schema}


HEADERS: dict[str, Schema] = {
    "X-Request-Id": _header("Identifies the request in the logs."),
    "X-Herald-Voice": _header("The voice and its speaker: voice or voice:speaker."),
    "X-Herald-Characters": _header("Characters of the text.", type="integer"),
    "X-Herald-Audio-Seconds": _header("Length of the audio.", type="number"),
    "AI-Disclosure": _header("The audio is synthetic: mode=machine-generated (draft-abaris-aicdh-01)."),
    "X-Herald-Price": _header("Price of the response in US dollars.", type="number"),
    "X-Herald-Sample-Rate": _header("Hz.", type="integer"),
    "X-Herald-Route": _header("How the request is processed.", enum=[*get_args(Route.__value__)]),
    "X-Herald-Warning": _header("Fields of the request that have no effect here.", examples=["No effect: stream."]),
    "Location": _header("Path of the job, the batch, the lexicon, the consent, the voice or the page."),
    "Preference-Applied": _header("The preference that was applied.", const="respond-async"),
    "Retry-After": _header("Seconds.", type="integer", minimum=0),
    "ETag": _header("Changes with the content; for If-None-Match."),
    "WWW-Authenticate": _header("The authentication scheme.", examples=["Bearer"]),
}
