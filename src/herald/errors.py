"""Every error that Herald raises on purpose, in one tree.

HeraldError
├── InvalidInput                  the caller can mend it
│   ├── InvalidRequest            invalid_request, or a more exact code given where it is raised
│   ├── InvalidText               invalid_text: characters that nothing can speak
│   ├── NothingToSpeak            nothing_to_speak: no letter and no digit
│   ├── SsmlNotSupported          ssml_not_supported
│   ├── UnknownVoice              unknown_voice
│   ├── UnknownSpeaker            unknown_speaker
│   ├── UnsupportedFormat         unsupported_format
│   ├── UnsupportedSampleRate     unsupported_sample_rate
│   ├── UnsupportedMediaType      unsupported_media_type
│   ├── UnknownPath               not_found
│   ├── WrongMethod               method_not_allowed
│   └── TooLarge
│       ├── BodyTooLarge          body_too_large
│       ├── TextTooLong           text_too_long
│       └── AudioTooLarge         audio_too_large
└── BrokenInstallation            the operator can mend it
    ├── VoiceNotPrepared          voice_not_prepared
    ├── VoiceNotFetched           voice_not_fetched: a published voice could not be had
    ├── UnsupportedVoice          unsupported_voice: not a voice that Herald can run
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


class InvalidRequest(InvalidInput):
    """The body is not a request of the documented shape."""

    code = "invalid_request"


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


class WrongMethod(InvalidInput):
    """The path knows other methods."""

    code = "method_not_allowed"


class TooLarge(InvalidInput):
    """More than a limit allows."""

    code = "too_large"


class BodyTooLarge(TooLarge):
    """The body of the request is over its limit."""

    code = "body_too_large"


class TextTooLong(TooLarge):
    """The text is over its limit, or takes too long to speak while somebody waits."""

    code = "text_too_long"


class AudioTooLarge(TooLarge):
    """The audio does not fit into one answer."""

    code = "audio_too_large"


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


class InvalidSettings(BrokenInstallation):
    """A setting of the deployment is missing or wrong."""

    code = "invalid_settings"
