"""Errors as HTTP responses: their status, their body and the headers that help a client to recover."""

from collections.abc import Collection
from http import HTTPStatus
from typing import Any

from herald.errors import (
    AudioGone,
    Conflict,
    Forbidden,
    HeadersTooLarge,
    HeraldError,
    InvalidInput,
    MethodNotAllowed,
    NotFound,
    Overloaded,
    RequestTimeout,
    TooLarge,
    TooMany,
    Unauthorized,
    Unavailable,
    UnreadableRow,
    UnsupportedMediaType,
    UriTooLong,
    VoiceDisabled,
)

EVERYWHERE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Headers of every response that does not set its own."""
_TRY_AGAIN_SECONDS = "5"
_STATUS: dict[type[HeraldError], HTTPStatus] = {
    Unauthorized: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    VoiceDisabled: HTTPStatus.FORBIDDEN,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    NotFound: HTTPStatus.NOT_FOUND,
    AudioGone: HTTPStatus.GONE,
    Conflict: HTTPStatus.CONFLICT,
    UnreadableRow: HTTPStatus.CONFLICT,
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    RequestTimeout: HTTPStatus.REQUEST_TIMEOUT,
    UriTooLong: HTTPStatus.REQUEST_URI_TOO_LONG,
    HeadersTooLarge: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    InvalidInput: HTTPStatus.BAD_REQUEST,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    HeraldError: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def status_of(error: HeraldError) -> HTTPStatus:
    """Return the HTTP status of an error: that of the nearest base class listed in `_STATUS`."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def error_body(error: HeraldError) -> dict[str, Any]:
    """Return an error as the JSON object that OpenAI's API uses: `{"error": {message, type, param, code}}`."""
    kind = "server_error" if status_of(error).is_server_error else "invalid_request_error"
    return {"error": {"message": error.message, "type": kind, "param": error.param, "code": error.code}}


def hints_of(error: HeraldError, methods: Collection[str] = ()) -> dict[str, str]:
    """Return the response headers that help a client to recover; `methods` are those that the path supports."""
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, Unavailable | Overloaded):
        return {"Retry-After": _TRY_AGAIN_SECONDS}
    return {"Allow": ", ".join(methods)} if isinstance(error, MethodNotAllowed) else {}


def internal_error() -> HeraldError:
    """Return the error that callers receive for an unexpected exception. It reveals nothing of the cause."""
    return HeraldError(
        "Internal error. Try again; if it persists, report the X-Request-Id to the operator.", code="internal_error"
    )
