"""Errors in the format of ElevenLabs' API: `{"detail": {"status", "message"}}`, or 422 with the invalid fields.

https://elevenlabs.io/docs/eleven-api/resources/errors
"""

from http import HTTPStatus
from typing import Any

from herald import errors
from herald.errors import HeraldError
from herald.web.error_replies import hints_of, status_of
from herald.web.exchange import Exchange, Reply

_STATUS_NAMES: dict[type[HeraldError], str] = {
    errors.Unauthorized: "invalid_api_key",
    errors.Forbidden: "missing_permissions",
    errors.TooMany: "too_many_concurrent_requests",
    errors.UnknownVoice: "voice_not_found",
    errors.UnknownSpeaker: "voice_not_found",
    errors.UnknownEnrolment: "voice_not_found",
    errors.UnknownPath: "not_found",
    errors.MethodNotAllowed: "method_not_allowed",
    errors.TextTooLong: "max_character_limit_exceeded",
    errors.AudioTooLarge: "max_character_limit_exceeded",
    errors.TooLargeToSpeak: "max_character_limit_exceeded",
    errors.UnsupportedFormat: "invalid_output_format",
    errors.UnsupportedSampleRate: "invalid_output_format",
    errors.Overloaded: "system_busy",
    errors.Unavailable: "system_busy",
}
"""ElevenLabs' names of errors; other errors keep Herald's code."""
_BY_CODE = {
    "missing_key": "needs_authorization",
    "quota_exceeded": "quota_exceeded",
    "unknown_lexicon": "pronunciation_dictionary_not_found",
}
_STATUSES = {
    "voice_not_found": HTTPStatus.NOT_FOUND,
    "quota_exceeded": HTTPStatus.UNAUTHORIZED,
    "pronunciation_dictionary_not_found": HTTPStatus.NOT_FOUND,
    "max_character_limit_exceeded": HTTPStatus.BAD_REQUEST,
}
"""Statuses that differ from Herald's own."""
_INVALID = frozenset({"missing_field", "invalid_request", "invalid_json"})
"""Codes of requests that are not as the API describes them: 422."""


def reply_to(error: HeraldError, exchange: Exchange) -> Reply:  # noqa: ARG001  as in every dialect
    """Return the reply to an error."""
    hints = hints_of(error)
    if type(error) is errors.InvalidRequest and error.code in _INVALID:
        place = (error.param or "").split(".") if error.param else []
        kind = "missing" if error.code == "missing_field" else error.code
        detail: Any = [{"loc": ["body", *place], "msg": error.message, "type": kind}]
        return Reply(status=HTTPStatus.UNPROCESSABLE_ENTITY, body={"detail": detail}, headers=hints)
    name = status_name(error)
    body = {"detail": {"status": name, "message": error.message}}
    return Reply(status=_STATUSES.get(name, status_of(error)), body=body, headers=hints)


def status_name(error: HeraldError) -> str:
    """Return ElevenLabs' name of an error, or Herald's code."""
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    return next((_STATUS_NAMES[kind] for kind in type(error).__mro__ if kind in _STATUS_NAMES), error.code)
