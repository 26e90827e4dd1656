"""The operations for voices, usage, health, this description and the studio."""

from http import HTTPStatus

from herald import __version__
from herald.web.schemas import Health
from herald.web.service_routes import UsageQuery
from scripts.openapi.examples import USAGE, VOICE
from scripts.openapi.models import Usage, VoiceList
from scripts.openapi.operation import QUERY, UNCHANGED, Answer, Operation


def _page(path: str, *, id: str, summary: str, answer: str) -> Operation:  # noqa: A002  as in Operation
    return Operation(
        method="GET",
        path=path,
        id=id,
        tag="Herald",
        scope="public",
        summary=summary,
        parameters=("IfNoneMatch",),
        answers=(
            Answer(
                description=answer,
                content={"text/html": {"schema": {"type": "string"}}},
                headers=("ETag",),
            ),
            UNCHANGED,
        ),
        codes=(),
    )


SERVICE = (
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
    _page(
        "/docs", id="docs", summary="Get this description as a web page", answer="A page with a viewer of /openapi.json"
    ),
    _page(
        "/studio",
        id="studio",
        summary="Get a web page to speak texts and to send campaigns",
        answer="The page. With a query, one of its files",
    ),
    Operation(
        method="GET",
        path="/",
        id="root",
        tag="Herald",
        scope="public",
        summary="Redirect a browser to /studio",
        description="Only for requests that accept text/html. For others, there is nothing at this path.",
        answers=(Answer(status=HTTPStatus.SEE_OTHER, description="The page at /studio", headers=("Location",)),),
        codes=("missing_key", "not_found"),
    ),
)
