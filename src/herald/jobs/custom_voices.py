"""Tenants' custom voices in requests and on the GPU. This module does not import the stored records of voices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from herald.jobs.script import CUSTOM_VOICE, Script, Voices

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from herald.enrolment.enrolment_messages import EnrolmentRequest, Method
    from herald.jobs.custom_voice_records import CustomVoice
    from herald.speech.voices.catalog import VoiceInfo

_KOKORO = "kokoro"
MODELS: Mapping[Method, str] = {"matched": _KOKORO, "pocket": "pocket"}
"""The model for the voices of a method, which is also the name of its engine."""


class CustomSpeech(NamedTuple):
    """The part of a GPU request about custom voices: their names in the container, and the voice to make first."""

    speak_as: Mapping[str, str] = {}
    enrolment: EnrolmentRequest | None = None


NO_CUSTOM_SPEECH = CustomSpeech()


def is_custom(name: str) -> bool:
    """Return whether a name is the id of a tenant's custom voice."""
    return re.fullmatch(CUSTOM_VOICE, name) is not None


def custom_voices_in(script: Script) -> list[str]:
    """Return the ids of a script's custom voices."""
    return sorted({line.voice for line in script.lines if is_custom(line.voice)})


def methods_of(engines: Collection[str]) -> list[Method]:
    """Return the methods that a deployment with these engines supports."""
    return [method for method, engine in MODELS.items() if engine in engines]


def languages_of(method: Method, language: str, voices: Voices) -> tuple[str, ...]:
    """Return the BCP 47 tags of the languages that voices of a method support."""
    if method == "matched":
        return voices[_KOKORO].languages if _KOKORO in voices else ()
    return (language,)


def with_custom(voices: Voices, custom: Iterable[CustomVoice]) -> dict[str, VoiceInfo]:
    """Return the voices of the catalogue and descriptions of a tenant's custom voices."""
    checksums = {_KOKORO: voices[_KOKORO].checksum} if _KOKORO in voices else {}
    infos = {voice.id: voice.info(languages_of(voice.method, voice.language, voices), checksums) for voice in custom}
    return {**voices, **infos}
