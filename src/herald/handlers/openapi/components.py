"""What operations share: parameters, headers, how to show a key, and where the API is."""

from herald.handlers.openapi.schemas import Schema

DESCRIPTION = """\
Text in, audio out. In the shape of OpenAI's speech API, with fields of our own; jobs for what nobody waits for, and \
batches of up to a million messages.

Every error has one shape, OpenAI's: `{"error": {"message", "type", "param", "code"}}`. The `code` is stable. \
The header `X-Request-Id` of an answer finds the request in the logs."""

SERVERS: list[Schema] = [
    {"url": "/", "description": "Where this document was found: the deployment's ApiUrl."},
    {
        "url": "https://{api}.execute-api.{region}.amazonaws.com",
        "description": "ApiUrl, an output of the deployment.",
        "variables": {"api": {"default": "a1b2c3d4e5"}, "region": {"default": "us-east-1"}},
    },
]
STREAMING: Schema = {
    "url": "https://{function}.lambda-url.{region}.on.aws",
    "description": "StreamUrl, an output of the deployment: the audio while it is being spoken.",
    "variables": {"function": {"default": "a1b2c3d4e5f6"}, "region": {"default": "us-east-1"}},
}
TAGS: list[Schema] = [
    {"name": "Speech", "description": "Audio while the caller waits."},
    {"name": "Jobs", "description": "One text, or one dialogue, to one file. Nobody waits."},
    {"name": "Batches", "description": "One template and one list, to many files."},
    {"name": "Herald", "description": "Voices, usage, health, and this description."},
]
SECURITY: dict[str, Schema] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "hk_…",
        "description": (
            "A key as the operator gave it: `Authorization: Bearer hk_…`. It is for speech, jobs, batches, or several. "
            "Where the deployment trusts an identity provider, its tokens do as well."
        ),
    }
}
_JOB_ID = {"type": "string", "pattern": "^job_[0-9a-f]{32}$", "examples": ["job_01a20320a2005c2f8e91d07a4b36aa10"]}
_BATCH_ID = {
    "type": "string",
    "pattern": "^batch_[0-9a-f]{32}$",
    "examples": ["batch_01a20320a2005c2f8e91d07a4b36aa10"],
}
PARAMETERS: dict[str, Schema] = {
    "JobId": {"name": "id", "in": "path", "required": True, "schema": _JOB_ID},
    "BatchId": {"name": "id", "in": "path", "required": True, "schema": _BATCH_ID},
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": (
            "The same key with the same body is the same job or batch, however often it is sent; another body: 409."
        ),
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-+\\--~]+$"},
    },
    "Prefer": {
        "name": "Prefer",
        "in": "header",
        "description": "respond-async (RFC 7240): answer with a job.",
        "schema": {"type": "string", "examples": ["respond-async"]},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of an answer that one has: 304 without a body if nothing has changed since.",
        "schema": {"type": "string", "examples": ['W/"5f1b3d0a"']},
    },
}


def _header(description: str, **schema: object) -> Schema:
    return {"description": description, "schema": {"type": "string"} | schema}


HEADERS: dict[str, Schema] = {
    "X-Request-Id": _header("Finds the request in the logs."),
    "X-Herald-Voice": _header("The voice that spoke, and its speaker: voice or voice:speaker."),
    "X-Herald-Characters": _header("Characters of the text.", type="integer"),
    "X-Herald-Audio-Seconds": _header("Length of the audio.", type="number"),
    "X-Herald-Price": _header("What the answer cost, in US dollars.", type="number"),
    "X-Herald-Sample-Rate": _header("Hz.", type="integer"),
    "X-Herald-Route": _header("Which way it went.", enum=["realtime", "queue", "gpu"]),
    "Location": _header("Where to ask for the job or batch."),
    "Preference-Applied": _header("What of Prefer was followed.", const="respond-async"),
    "Retry-After": _header("Seconds.", type="integer", minimum=0),
    "ETag": _header("Changes with the answer; for If-None-Match."),
    "WWW-Authenticate": _header("How to show a key.", examples=["Bearer"]),
}
