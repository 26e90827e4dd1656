"""The operations for voices, usage, health and this description."""

from herald import __version__
from herald.web.openapi.examples import USAGE, VOICE
from herald.web.openapi.operation import QUERY, UNCHANGED, Answer, Operation
from herald.web.schemas.service_schemas import Health, VoiceList
from herald.web.schemas.usage_schemas import Usage
from herald.web.usage_routes import UsageQuery

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
        summary="Get usage and limits",
        query=UsageQuery,
        answers=(Answer(description="Usage of today and previous days", model=Usage, example=USAGE),),
        codes=(*QUERY, "unavailable"),
    ),
    Operation(
        method="GET",
        path="/health",
        id="health",
        tag="Herald",
        scope="public",
        summary="Check that Herald is ready to speak",
        answers=(
            Answer(
                description="Herald is ready",
                model=Health,
                example={"status": "ok", "version": __version__, "default_voice": "en_US-heart"},
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
        summary="Get this description in OpenAPI 3.1",
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
        summary="Get this description as a web page",
        parameters=("IfNoneMatch",),
        answers=(
            Answer(
                description="A self-contained page",
                content={"text/html": {"schema": {"type": "string"}}},
                headers=("ETag",),
            ),
            UNCHANGED,
        ),
        codes=(),
    ),
)
