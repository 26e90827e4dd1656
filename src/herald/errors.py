"""Every error that Herald raises on purpose, in one tree.

HeraldError
├── InvalidInput                  the caller can mend it
│   ├── Unauthorized              invalid_key, or missing_key, key_expired, key_revoked: nobody who may ask
│   ├── Forbidden                 scope_missing, or priority_not_allowed: the key is not for that
│   ├── TooMany                   rate_limited, or quota_exceeded: more than the key may ask for, for now
│   ├── InvalidRequest            invalid_request, or a more exact code given where it is raised
│   ├── InvalidManifest           invalid_manifest, or a more exact code given where it is raised
│   ├── InvalidText               invalid_text: characters that nothing can speak
│   ├── NothingToSpeak            nothing_to_speak: no letter and no digit
│   ├── SsmlNotSupported          ssml_not_supported
│   ├── UnknownVoice              unknown_voice
│   ├── UnknownSpeaker            unknown_speaker
│   ├── UnsupportedFormat         unsupported_format
│   ├── UnsupportedSampleRate     unsupported_sample_rate
│   ├── UnsupportedMediaType      unsupported_media_type
│   ├── UnknownPath               not_found
│   ├── UnknownJob                not_found: or somebody else's
│   ├── UnknownBatch              not_found: or somebody else's
│   ├── WrongMethod               method_not_allowed
│   ├── RequestTimeout            request_timeout: it did not arrive in time
│   ├── InvalidCursor             invalid_cursor
│   ├── Conflict                  conflict: it does not go with what is there already
│   │   ├── JobBegun              job_begun: too late to cancel
│   │   ├── JobNotFailed          job_not_failed: nothing to retry
│   │   ├── WrongBatchState       wrong_batch_state: the batch is in no state to do so
│   │   └── KeyReused             idempotency_key_reused: for another request
│   ├── AudioGone                 audio_gone: the file of a job was deleted or damaged, for good
│   ├── NotRealtime               not_realtime: a job, not an answer
│   ├── GpuNotDeployed            gpu_not_deployed
│   ├── EngineNotInstalled        engine_not_installed: the voice speaks elsewhere, or not yet
│   └── TooLarge
│       ├── UriTooLong            uri_too_long
│       ├── HeadersTooLarge       headers_too_large
│       ├── BodyTooLarge          body_too_large
│       ├── TextTooLong           text_too_long
│       │   ├── OutOfTime         text_too_long, found while speaking
│       │   └── TooLongToSpeak    text_too_long, by an estimate
│       ├── AudioTooLarge         audio_too_large
│       └── TooLargeToSpeak       audio_too_large, by an estimate
├── Unavailable                   unavailable: a service of AWS does not answer now; trying again may help
├── UnreadableRow                 unreadable_row: a stored row is damaged, or a newer version of Herald wrote it
├── Overloaded                    overloaded: as many requests wait as may; trying again helps
├── BrokenMessage                 broken_message: a queue holds what is no message
├── BrokenAnswer                  broken_answer: the GPU container answered with what is no answer
├── EndpointRefused               endpoint_refused: the GPU endpoint does not take the request
└── BrokenInstallation            the operator can mend it
    ├── VoiceNotPrepared          voice_not_prepared
    ├── VoiceNotFetched           voice_not_fetched: a published voice could not be had
    ├── UnsupportedVoice          unsupported_voice: not a voice that Herald can run
    ├── ModelTooLarge             model_too_large: for the memory of the GPU container
    └── InvalidSettings           invalid_settings
"""


class HeraldError(Exception):
    """Something went wrong in a way that Herald foresaw.

    `code` is stable and meant for programs; `message` says to a person what, where and how to mend it; `param` names
    the field of the request, or is None.
    """

    code = "error"

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code or type(self).code


class InvalidInput(HeraldError):
    """The caller asked for something that cannot be done as asked."""

    code = "invalid_input"


class Unauthorized(InvalidInput):
    """The request shows no key, or none that is valid."""

    code = "invalid_key"


class Forbidden(InvalidInput):
    """The key is valid, but not for what is asked."""

    code = "scope_missing"


class TooMany(InvalidInput):
    """More than the key may ask for, in this second or on this day; `retry_after` tells the seconds to wait."""

    code = "rate_limited"

    def __init__(self, message: str, *, retry_after: int, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message, param=param, code=code)
        self.retry_after = retry_after


class InvalidRequest(InvalidInput):
    """The body is not a request of the documented shape."""

    code = "invalid_request"


class InvalidManifest(InvalidInput):
    """The manifest of a batch cannot be read at all; what is wrong with one row is a row error."""

    code = "invalid_manifest"


class InvalidText(InvalidInput):
    """The text holds characters that nothing can speak."""

    code = "invalid_text"


class NothingToSpeak(InvalidInput):
    """The text holds nothing that sounds."""

    code = "nothing_to_speak"


class SsmlNotSupported(InvalidInput):
    """The text is SSML, which is not spoken yet."""

    code = "ssml_not_supported"


class UnknownVoice(InvalidInput):
    """No voice has that name here."""

    code = "unknown_voice"


class UnknownSpeaker(InvalidInput):
    """The voice has no such speaker."""

    code = "unknown_speaker"


class UnsupportedFormat(InvalidInput):
    """No audio of that format is made here."""

    code = "unsupported_format"


class UnsupportedSampleRate(InvalidInput):
    """The format does not go with that sample rate."""

    code = "unsupported_sample_rate"


class UnsupportedMediaType(InvalidInput):
    """The body is not JSON in UTF-8."""

    code = "unsupported_media_type"


class UnknownPath(InvalidInput):
    """Nothing is at that path."""

    code = "not_found"


class UnknownJob(InvalidInput):
    """The tenant has no job of that id."""

    code = "not_found"


class UnknownBatch(InvalidInput):
    """The tenant has no batch of that id."""

    code = "not_found"


class WrongMethod(InvalidInput):
    """The path knows other methods."""

    code = "method_not_allowed"


class RequestTimeout(InvalidInput):
    """The request did not arrive in the time that a server waits for one."""

    code = "request_timeout"


class InvalidCursor(InvalidInput):
    """The cursor is not one that a list gave."""

    code = "invalid_cursor"


class Conflict(InvalidInput):
    """What is asked does not go with what is there already."""

    code = "conflict"


class JobBegun(Conflict):
    """The job is being spoken, or has ended: it cannot be cancelled any more."""

    code = "job_begun"


class JobNotFailed(Conflict):
    """Only a job that failed can be tried again."""

    code = "job_not_failed"


class AudioGone(InvalidInput):
    """The file of a job that is done was deleted, or is not what was written; it stays so."""

    code = "audio_gone"


class WrongBatchState(Conflict):
    """The batch is in a state that does not allow it."""

    code = "wrong_batch_state"


class KeyReused(Conflict):
    """The Idempotency-Key stands for another request."""

    code = "idempotency_key_reused"


class NotRealtime(InvalidInput):
    """The request takes longer than a caller may wait, or a voice that speaks elsewhere: it can be a job."""

    code = "not_realtime"


class GpuNotDeployed(InvalidInput):
    """The request needs the GPU, and none is deployed."""

    code = "gpu_not_deployed"


class EngineNotInstalled(InvalidInput):
    """The voice is known, but the engine that speaks it is not in this program."""

    code = "engine_not_installed"


class TooLarge(InvalidInput):
    """More than a limit allows."""

    code = "too_large"


class UriTooLong(TooLarge):
    """The path and its query are over their limit."""

    code = "uri_too_long"


class HeadersTooLarge(TooLarge):
    """The headers of the request are over their limit."""

    code = "headers_too_large"


class BodyTooLarge(TooLarge):
    """The body of the request is over its limit."""

    code = "body_too_large"


class TextTooLong(TooLarge):
    """The text is over its limit, or takes too long to speak while somebody waits."""

    code = "text_too_long"


class OutOfTime(TextTooLong):
    """The text was not spoken before the time for it was over."""


class TooLongToSpeak(TextTooLong):
    """By an estimate, the text cannot be spoken in the time there is. Nothing was computed."""


class TooLargeToSpeak(TooLarge):
    """By an estimate, the audio does not fit. Nothing was computed."""

    code = "audio_too_large"


class AudioTooLarge(TooLarge):
    """The audio does not fit into one answer."""

    code = "audio_too_large"


class Unavailable(HeraldError):
    """A service of AWS does not answer, or not now."""

    code = "unavailable"


class UnreadableRow(HeraldError):
    """A stored row cannot be read: it is damaged, or a newer version of Herald wrote it before a rollback.

    It is not the caller's error, and trying again does not help until the row can be read. `row` is the kind (job,
    batch, key, item), `row_id` its id, `reason` names the fields that are wrong, and `tenant` is the row's owner where
    that much can be read. None of them holds any of the customer's text.
    """

    code = "unreadable_row"

    def __init__(self, row: str, row_id: str, reason: str, *, tenant: str | None = None) -> None:
        super().__init__(
            f"The stored {row} cannot be read by this version of Herald ({reason}). It was not changed. "
            "Ask the operator, who is alerted, to deploy the newer version again or to repair it."
        )
        self.row = row
        self.row_id = row_id
        self.reason = reason
        self.tenant = tenant


class Overloaded(HeraldError):
    """More requests at once than the program takes."""

    code = "overloaded"


class BrokenMessage(HeraldError):
    """A queue holds something that is not one of our messages."""

    code = "broken_message"


class BrokenAnswer(HeraldError):
    """The GPU container answered with something that is not an answer."""

    code = "broken_answer"


class EndpointRefused(HeraldError):
    """The GPU endpoint does not take the request, however often it is asked."""

    code = "endpoint_refused"


class BrokenInstallation(HeraldError):
    """Herald was set up in a way that cannot work."""

    code = "broken_installation"


class VoiceNotPrepared(BrokenInstallation):
    """The voice is not, or not correctly, prepared for Herald."""

    code = "voice_not_prepared"


class VoiceNotFetched(BrokenInstallation):
    """A published voice could not be fetched, or not whole."""

    code = "voice_not_fetched"


class UnsupportedVoice(BrokenInstallation):
    """The model is not a voice that Herald can run."""

    code = "unsupported_voice"


class ModelTooLarge(BrokenInstallation):
    """The model alone needs more memory than all models may take."""

    code = "model_too_large"


class InvalidSettings(BrokenInstallation):
    """A setting of the deployment is missing or wrong."""

    code = "invalid_settings"
