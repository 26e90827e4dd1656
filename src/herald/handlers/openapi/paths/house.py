"""What handlers/api.py answers of Herald itself."""

from herald import __version__
from herald.handlers.openapi.examples import USAGE, VOICE
from herald.handlers.openapi.operation import QUERY, UNCHANGED, Answer, Operation
from herald.handlers.shapes.house import Health, VoiceList
from herald.handlers.shapes.usage import Usage
from herald.handlers.usage import UsageQuery

HOUSE = (
    Operation(
        method="GET",
        path="/v1/voices",
        id="listVoices",
        tag="Herald",
        scope="any",
        summary="List the voices",
        parameters=("IfNoneMatch",),
        answers=(
            Answer(
                description="All voices",
                model=VoiceList,
                headers=("ETag",),
                example={"object": "list", "data": [VOICE]},
            ),
            UNCHANGED,
        ),
        codes=("unavailable",),
    ),
    Operation(
        method="GET",
        path="/v1/usage",
        id="getUsage",
        tag="Herald",
        scope="any",
        summary="Tell what was used, and what may be",
        query=UsageQuery,
        answers=(Answer(description="Of today and the days before", model=Usage, example=USAGE),),
        codes=(*QUERY, "unavailable"),
    ),
    Operation(
        method="GET",
        path="/health",
        id="health",
        tag="Herald",
        scope="public",
        summary="Tell whether Herald can speak",
        answers=(
            Answer(
                description="It can",
                model=Health,
                example={"status": "ok", "version": __version__, "default_voice": "en_US-joe-medium"},
            ),
        ),
        codes=("voice_not_prepared", "unavailable"),
    ),
    Operation(
        method="GET",
        path="/openapi.json",
        id="openapi",
        tag="Herald",
        scope="public",
        summary="Describe this API, in OpenAPI 3.1",
        parameters=("IfNoneMatch",),
        answers=(
            Answer(
                description="This document",
                content={"application/json": {"schema": {"type": "object", "required": ["openapi", "paths"]}}},
                headers=("ETag",),
            ),
            UNCHANGED,
        ),
        codes=(),
    ),
    Operation(
        method="GET",
        path="/docs",
        id="docs",
        tag="Herald",
        scope="public",
        summary="Describe this API, for people",
        parameters=("IfNoneMatch",),
        answers=(
            Answer(
                description="A page that needs nothing else",
                content={"text/html": {"schema": {"type": "string"}}},
                headers=("ETag",),
            ),
            UNCHANGED,
        ),
        codes=(),
    ),
)
