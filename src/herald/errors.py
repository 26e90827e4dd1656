"""The errors that Herald raises deliberately, in one hierarchy: each class has a stable code."""


class HeraldError(Exception):
    """Base class of all deliberate errors.

    `code` is a stable identifier for programs. `message` is for people: what is wrong, where, and how to fix it.
    `param` is the name of the offending request field, or None.
    """

    code = "error"

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code or type(self).code


class InvalidInput(HeraldError):
    """The request cannot be fulfilled as sent; the caller can fix it."""

    code = "invalid_input"


class Unauthorized(InvalidInput):
    """The request has no valid credentials: invalid_key, missing_key, key_expired or key_revoked."""

    code = "invalid_key"


class Forbidden(InvalidInput):
    """The key is valid, but does not permit the request: scope_missing or priority_not_allowed."""

    code = "scope_missing"


class VoiceDisabled(InvalidInput):
    """The operator has disabled a tenant's custom voice."""

    code = "voice_disabled"


class TooMany(InvalidInput):
    """A rate limit or daily quota is exceeded: rate_limited or quota_exceeded. `retry_after` is in seconds."""

    code = "rate_limited"

    def __init__(self, message: str, *, retry_after: int, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class InvalidRequest(InvalidInput):
    """The body does not match the documented schema. Many errors of this class have a more specific code."""

    code = "invalid_request"


class InvalidManifest(InvalidInput):
    """The manifest of a batch cannot be read at all.

    A fault in a single row is reported as an error of that row instead. Many errors of this class have a more specific
    code.
    """

    code = "invalid_manifest"


class InvalidLexicon(InvalidInput):
    """A lexicon cannot be read. The message has the position of the error. Many errors have a more specific code."""

    code = "invalid_lexicon"


class InvalidText(InvalidInput):
    """The text contains characters that cannot be spoken."""

    code = "invalid_text"


class UnreadableText(InvalidInput):
    """The text contains letters of a script that the voice cannot read."""

    code = "unreadable_text"
    at = 0
    """Offset of the first such letter in the text that was checked."""


class NothingToSpeak(InvalidInput):
    """The text contains no letter and no digit."""

    code = "nothing_to_speak"


class SsmlNotSupported(InvalidInput):
    """The text has SSML tags without being an SSML document, or the voice does not support SSML."""

    code = "ssml_not_supported"


class InvalidSsml(InvalidInput):
    """An SSML document is malformed, or has an element or value that is not supported."""

    code = "invalid_ssml"
    at = 0
    """Offset of the fault in the document."""
    fault = ""
    """The message without the place and the final dot."""


class UnknownVoice(InvalidInput):
    """No voice of that name is available."""

    code = "unknown_voice"


class UnknownSpeaker(InvalidInput):
    """The voice has no such speaker."""

    code = "unknown_speaker"


class UnsupportedFormat(InvalidInput):
    """The audio format is not supported."""

    code = "unsupported_format"


class UnsupportedSampleRate(InvalidInput):
    """The format does not support the sample rate."""

    code = "unsupported_sample_rate"


class UnsupportedMediaType(InvalidInput):
    """The body is not JSON in UTF-8."""

    code = "unsupported_media_type"


class NotFound(InvalidInput):
    """The caller has no resource with that name or id."""

    code = "not_found"


class UnknownPath(NotFound):
    """No route matches the path."""


class UnknownJob(NotFound):
    """The tenant has no job with that id."""


class UnknownBatch(NotFound):
    """The tenant has no batch with that id."""


class UnknownLexicon(NotFound):
    """The tenant has no lexicon with that name."""


class UnknownEnrolment(NotFound):
    """The consent or voice does not exist, or belongs to another tenant."""


class MethodNotAllowed(InvalidInput):
    """The path does not support the HTTP method."""

    code = "method_not_allowed"


class RequestTimeout(InvalidInput):
    """The request did not arrive within the server's timeout."""

    code = "request_timeout"


class InvalidCursor(InvalidInput):
    """The cursor was not issued by a list request."""

    code = "invalid_cursor"


class Conflict(InvalidInput):
    """The request conflicts with the current state of the resource."""

    code = "conflict"


class JobStarted(Conflict):
    """The job is in progress or has ended, so it cannot be cancelled."""

    code = "job_begun"


class JobNotFailed(Conflict):
    """The job cannot be retried: it has not failed, or the recordings of its voice were refused."""

    code = "job_not_failed"


class ConsentInUse(Conflict):
    """Voices exist that were made with the consent."""

    code = "consent_in_use"


class AudioGone(InvalidInput):
    """The audio file of a finished job was deleted or damaged. This is permanent."""

    code = "audio_gone"


class WrongBatchState(Conflict):
    """The state of the batch does not allow the action."""

    code = "wrong_batch_state"


class IdempotencyKeyReused(Conflict):
    """The Idempotency-Key was already used for a different request."""

    code = "idempotency_key_reused"


class NotRealtime(InvalidInput):
    """The request cannot be spoken in real time here, but can be submitted as a job."""

    code = "not_realtime"


class GpuNotDeployed(InvalidInput):
    """The request needs the GPU, which is not deployed."""

    code = "gpu_not_deployed"


class EngineNotInstalled(InvalidInput):
    """The voice exists, but this process does not have its engine."""

    code = "engine_not_installed"


class TooLarge(InvalidInput):
    """The request exceeds a size limit."""

    code = "too_large"


class UriTooLong(TooLarge):
    """The path and the query string exceed their limit."""

    code = "uri_too_long"


class HeadersTooLarge(TooLarge):
    """The request headers exceed their limit."""

    code = "headers_too_large"


class BodyTooLarge(TooLarge):
    """The request body exceeds its limit."""

    code = "body_too_large"


class TextTooLong(TooLarge):
    """The text exceeds its limit, or takes too long to speak in real time."""

    code = "text_too_long"


class OutOfTime(TextTooLong):
    """The time limit expired while the text was being spoken."""


class TooLongToSpeak(TextTooLong):
    """The text is estimated to exceed the time limit. Nothing was synthesized."""


class TooLargeToSpeak(TooLarge):
    """The audio is estimated to exceed the size limit. Nothing was synthesized."""

    code = "audio_too_large"


class AudioTooLarge(TooLarge):
    """The audio exceeds the size limit of a response."""

    code = "audio_too_large"


class ResponseTooLarge(TooLarge):
    """The response exceeds the limit of a load balancer."""

    code = "response_too_large"


class Unavailable(HeraldError):
    """An AWS service does not respond, or is throttling."""

    code = "unavailable"


class UnreadableRow(HeraldError):
    """A stored row is damaged, or was written by a newer version of Herald before a rollback.

    The caller did not cause it, and retrying does not help until the row is readable again. `row` is the kind of the
    row (job, batch, key or item), `row_id` its id, `reason` the names of the invalid fields, and `tenant` the owner of
    the row if that field is readable. None of them contains any of the customer's text.
    """

    code = "unreadable_row"

    def __init__(self, row: str, row_id: str, reason: str, *, tenant: str | None = None) -> None:
        super().__init__(
            f"The stored {row} cannot be read by this version of Herald ({reason}). It was not changed. "
            "The operator has been alerted. Ask the operator to redeploy the newer version, or to repair the row."
        )
        self.row = row
        self.row_id = row_id
        self.reason = reason
        self.tenant = tenant


class Overloaded(HeraldError):
    """Too many concurrent requests."""

    code = "overloaded"


class UnreadableRecording(HeraldError):
    """A recording of a person's voice cannot be decoded. It becomes a refusal of the voice."""

    code = "unreadable_recording"


class MalformedMessage(HeraldError):
    """A queue message is malformed."""

    code = "broken_message"


class MalformedResponse(HeraldError):
    """The GPU container returned a malformed response."""

    code = "broken_answer"


class EndpointRefused(HeraldError):
    """The GPU endpoint rejects the request permanently. Retrying does not help."""

    code = "endpoint_refused"


class BrokenInstallation(HeraldError):
    """The deployment is misconfigured; the operator can fix it."""

    code = "broken_installation"


class VoiceNotPrepared(BrokenInstallation):
    """The model files of the voice are missing or incorrectly prepared."""

    code = "voice_not_prepared"


class VoiceNotFetched(BrokenInstallation):
    """The download of a published voice failed or is incomplete."""

    code = "voice_not_fetched"


class UnsupportedVoice(BrokenInstallation):
    """The model is not a voice that Herald can run."""

    code = "unsupported_voice"


class ModelTooLarge(BrokenInstallation):
    """The model needs more memory than the limit for all models."""

    code = "model_too_large"


class InvalidSettings(BrokenInstallation):
    """A setting of the deployment is missing or invalid."""

    code = "invalid_settings"


def counted(number: int, noun: str) -> str:
    """Return a number of things in words, for messages: "1 row", "1,200 rows"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def to_herald_error(error: BaseException) -> HeraldError:
    """Return an error that may be logged and stored: the error itself if it is a HeraldError, else an `internal_error`.

    The `internal_error` names only the class of the exception, because its message may contain the customer's text.
    """
    if isinstance(error, HeraldError):
        return error
    return HeraldError(f"An internal error occurred: {type(error).__name__}.", code="internal_error")
