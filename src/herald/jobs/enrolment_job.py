"""The job that checks the recordings of a custom voice, makes the voice, and speaks its preview."""

from datetime import datetime

from herald.auth.caller import Caller
from herald.errors import InvalidRequest
from herald.jobs.custom_voice_records import RATE, CustomVoice
from herald.jobs.custom_voices import with_custom
from herald.jobs.job import Job, State
from herald.jobs.job_service import ServiceConfig
from herald.jobs.routing import Decision
from herald.jobs.script import Line, Script, audio_key

_PREVIEWS = {
    "de": "Guten Tag. So klingt diese Stimme, wenn sie eine kurze Nachricht vorliest.",
    "en": "Good morning. This is how the voice sounds when it reads a short message.",
    "es": "Buenos días. Así suena esta voz cuando lee un mensaje corto.",
    "fr": "Bonjour. Voici comment sonne cette voix quand elle lit un court message.",
    "it": "Buongiorno. Così suona questa voce quando legge un breve messaggio.",
    "pt": "Bom dia. É assim que esta voz soa quando lê uma mensagem curta.",
}
"""The text of the preview, in the languages that have a sentence of consent."""
_DECISION = Decision(route="gpu", reason="The GPU checks the recordings and makes the voice.")


def enrolment_job(caller: Caller, voice: CustomVoice, now: datetime, config: ServiceConfig) -> Job:
    """Return the job that enrols a voice.

    Raise InvalidRequest with the code unsupported_language if the method of the voice does not speak its language.
    """
    described = with_custom(config.voices, [voice])
    supported = described[voice.id].languages
    spoken = primary(voice.language)
    language = next((language for language in supported if primary(language) == spoken), None)
    if language is None:
        raise InvalidRequest(
            f"The method {voice.method} does not support the language of the consent. Supported languages: "
            f"{', '.join(supported)}.",
            param="method",
            code="unsupported_language",
        )
    line = Line(text=_PREVIEWS[spoken], voice=voice.id, language=language)
    script = Script(lines=(line,), response_format="mp3", sample_rate=RATE)
    return Job(
        id=voice.job,
        tenant=caller.tenant,
        state=State.ACCEPTED,
        tier=caller.tier,
        route=_DECISION.route,
        reason=_DECISION.reason,
        script=script,
        fingerprint=f"enrolment of {voice.id}",
        voice=voice.id,
        response_format=script.response_format,
        characters=script.characters,
        audio_key=audio_key(script, caller.tenant, described),
        use_case="voice-preview",
        enrols=voice.id,
        created_at=now,
        updated_at=now,
        expires_at=now + config.retention,
        price_expected=config.expected_price(script, _DECISION),
    )


def primary(language: str) -> str:
    """Return the primary subtag of a BCP 47 language, such as "en"."""
    return language.replace("_", "-").partition("-")[0].lower()
