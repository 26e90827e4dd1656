"""Errors in the format of Amazon Polly's API, so that its clients raise their own exceptions.

The name of the exception is in the header x-amzn-errortype, the message in the body:
https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
"""

from http import HTTPStatus
from typing import Any

from herald import errors
from herald.errors import HeraldError, InvalidRequest
from herald.web.error_replies import hints_of, status_of
from herald.web.exchange import Exchange, Reply

_FIELDS = {
    "input": "Text",
    "voice": "VoiceId",
    "response_format": "OutputFormat",
    "sample_rate": "SampleRate",
    "language": "LanguageCode",
}
"""Fields of Polly's requests by Herald's name."""
_EXCEPTIONS: dict[type[HeraldError], str] = {
    errors.Unauthorized: "UnrecognizedClientException",
    errors.Forbidden: "AccessDeniedException",
    errors.TooMany: "ThrottlingException",
    errors.SsmlNotSupported: "InvalidSsmlException",
    errors.InvalidSsml: "InvalidSsmlException",
    errors.UnsupportedSampleRate: "InvalidSampleRateException",
    errors.UnknownPath: "UnknownOperationException",
    errors.MethodNotAllowed: "UnknownOperationException",
    errors.UnknownJob: "SynthesisTaskNotFoundException",
    errors.UnknownLexicon: "LexiconNotFoundException",
    errors.InvalidLexicon: "InvalidLexiconException",
    errors.InvalidCursor: "InvalidNextTokenException",
    errors.Conflict: "ConflictException",
    errors.TextTooLong: "TextLengthExceededException",
    errors.AudioTooLarge: "TextLengthExceededException",
    errors.TooLargeToSpeak: "TextLengthExceededException",
    errors.InvalidInput: "ValidationException",
    HeraldError: "ServiceFailureException",
}
_BY_CODE = {
    "missing_key": "MissingAuthenticationTokenException",
    "key_expired": "ExpiredTokenException",
    "quota_exceeded": "ServiceQuotaExceededException",
    "unsupported_language": "LanguageNotSupportedException",
    "unknown_lexicon": "LexiconNotFoundException",
    "lexicon_too_large": "LexiconSizeExceededException",
    "lexeme_too_long": "MaxLexemeLengthExceededException",
    "too_many_lexicons": "MaxLexiconsNumberExceededException",
    "unsupported_alphabet": "UnsupportedPlsAlphabetException",
}
"""Exceptions of codes, before those of classes."""
_STATUS = {
    "UnrecognizedClientException": HTTPStatus.FORBIDDEN,
    "MissingAuthenticationTokenException": HTTPStatus.FORBIDDEN,
    "ExpiredTokenException": HTTPStatus.FORBIDDEN,
    "AccessDeniedException": HTTPStatus.FORBIDDEN,
    "ServiceQuotaExceededException": HTTPStatus.PAYMENT_REQUIRED,
    "UnknownOperationException": HTTPStatus.NOT_FOUND,
    "LexiconNotFoundException": HTTPStatus.NOT_FOUND,
    "ConflictException": HTTPStatus.CONFLICT,
}
"""Statuses as in Polly's service model; those of other client errors are 400, as there."""
_CREDENTIALS = (
    " Clients of Polly send the Herald key as session token, or as access key id (docs/migrate/from-polly.md)."
)


class PollyRefusal(InvalidRequest):
    """A request that Polly's API refuses with an exception of its own."""

    def __init__(self, exception: str, message: str, *, param: str | None = None) -> None:
        super().__init__(message, param=param)
        self.exception = exception


def reply_to(error: HeraldError, exchange: Exchange) -> Reply:
    """Return the reply to an error: the name of Polly's exception and the message."""
    name = exception_of(error)
    status = _STATUS.get(name) or (status_of(error) if status_of(error).is_server_error else HTTPStatus.BAD_REQUEST)
    message = error.message + (_CREDENTIALS if isinstance(error, errors.Unauthorized) else "")
    body: dict[str, Any] = {"message": message}
    if name == "ValidationException":
        field = _FIELDS.get(error.param or "", error.param)
        body |= {"reason": "fieldValidationFailed" if field else "other"}
        body |= {"fields": [{"name": field, "message": error.message}]} if field else {}
    if name == "ServiceQuotaExceededException":
        body |= {"quotaCode": "characters-a-day", "serviceCode": "polly"}
    hints = {} if isinstance(error, errors.Unauthorized) else hints_of(error)
    return Reply(status=status, body=body, headers={"x-amzn-ErrorType": name} | hints | request_id_of(exchange))


def exception_of(error: HeraldError) -> str:
    """Return the name of Polly's exception for an error."""
    if isinstance(error, PollyRefusal):
        return error.exception
    if isinstance(error, errors.InvalidLexicon) and error.code == "unsupported_language":
        return "UnsupportedPlsLanguageException"
    found = next(_EXCEPTIONS[kind] for kind in type(error).__mro__ if kind in _EXCEPTIONS)
    return _BY_CODE.get(error.code, found)


def request_id_of(exchange: Exchange) -> dict[str, str]:
    """Return the header in which AWS's clients expect the id of a request."""
    return {"x-amzn-RequestId": exchange.request.id}
