"""The voices of Amazon Polly, each mapped to a voice of the same language, region and gender.

https://docs.aws.amazon.com/polly/latest/dg/available-voices.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from herald.errors import UnknownVoice
from herald.jobs.script import Voices
from herald.jobs.voice_names import MEN_BESIDE, VoiceNames
from herald.speech.voices.catalog import VoiceInfo
from herald.web.polly_errors import PollyRefusal

ENGINES = ("standard", "neural", "long-form", "generative")
"""Polly's engines. Every voice of Herald accepts each of them."""
_GENDERS = {"female": "Female", "male": "Male"}
_TABLE = (
    ("ar-AE", "Gulf Arabic", "Hala", "Zayd"),
    ("arb", "Arabic", "Zeina", ""),
    ("ca-ES", "Catalan", "Arlet", ""),
    ("cmn-CN", "Chinese Mandarin", "Zhiyu", ""),
    ("cs-CZ", "Czech", "Jitka", ""),
    ("cy-GB", "Welsh", "Gwyneth", ""),
    ("da-DK", "Danish", "Naja Sofie", "Mads"),
    ("de-AT", "Austrian German", "Hannah", ""),
    ("de-CH", "Swiss Standard German", "Sabrina", ""),
    ("de-DE", "German", "Marlene Vicki", "Daniel Hans Lennart"),
    ("en-AU", "Australian English", "Nicole Olivia", "Russell"),
    ("en-GB", "British English", "Amy Emma", "Arthur Brian"),
    ("en-GB-WLS", "Welsh English", "", "Geraint"),
    ("en-IE", "Irish English", "Niamh", ""),
    ("en-IN", "Indian English", "Aditi Kajal Raveena", ""),
    ("en-NZ", "New Zealand English", "Aria", ""),
    ("en-SG", "Singaporean English", "Jasmine", ""),
    (
        "en-US", "US English",
        "Danielle Ivy Joanna Kendra Kimberly Ruth Salli Tiffany", "Gregory Joey Justin Kevin Matthew Stephen",
    ),
    ("en-ZA", "South African English", "Ayanda", ""),
    ("es-ES", "Castilian Spanish", "Conchita Lucia", "Enrique Sergio"),
    ("es-MX", "Mexican Spanish", "Mia", "Andres"),
    ("es-US", "US Spanish", "Lupe Penelope", "Miguel Pedro"),
    ("fi-FI", "Finnish", "Suvi", ""),
    ("fr-BE", "Belgian French", "Isabelle", ""),
    ("fr-CA", "Canadian French", "Chantal Gabrielle", "Liam"),
    ("fr-FR", "French", "Ambre Celine Lea", "Florian Mathieu Remi"),
    ("is-IS", "Icelandic", "Dora", "Karl"),
    ("it-IT", "Italian", "Beatrice Bianca Carla", "Adriano Giorgio Lorenzo"),
    ("ja-JP", "Japanese", "Kazuha Mizuki Tomoko", "Takumi"),
    ("ko-KR", "Korean", "Jihye Seoyeon", ""),
    ("nb-NO", "Norwegian", "Ida Liv", ""),
    ("nl-BE", "Belgian Dutch", "Lisa", ""),
    ("nl-NL", "Dutch", "Laura Lotte", "Ruben"),
    ("pl-PL", "Polish", "Ewa Maja Ola", "Jacek Jan"),
    ("pt-BR", "Brazilian Portuguese", "Camila Vitoria", "Ricardo Thiago"),
    ("pt-PT", "Portuguese", "Ines", "Cristiano"),
    ("ro-RO", "Romanian", "Carmen", ""),
    ("ru-RU", "Russian", "Tatyana", "Maxim"),
    ("sv-SE", "Swedish", "Astrid Elin", ""),
    ("tr-TR", "Turkish", "Burcu Filiz", ""),
    ("yue-CN", "Cantonese", "Hiujin", ""),
)  # fmt: skip
"""Language code, name of the language, and the women and men that speak it."""
_OUR_TAGS = {"arb": "ar", "cmn-CN": "zh-CN", "nb-NO": "no-NO"}
"""Language codes of Polly that Piper's voices have another tag for."""


class PollyVoice(NamedTuple):
    """A voice of Polly."""

    language: str
    language_name: str
    gender: str


POLLY_VOICES: Mapping[str, PollyVoice] = {
    name: PollyVoice(code, language, gender)
    for code, language, women, men in _TABLE
    for gender, names in (("female", women), ("male", men))
    for name in names.split()
}


@dataclass(frozen=True, kw_only=True)
class PollyVoices:
    """The voices of a deployment under Polly's names. The operator's aliases override the mapping."""

    names: VoiceNames
    voices: Voices

    def choose(self, voice_id: str) -> str:
        """Return the name of a voice of Herald for a VoiceId, which may also be one of Herald's own names.

        Raise PollyRefusal if Herald has no voice of the language and gender, and UnknownVoice for what is no name.
        """
        if not voice_id.isprintable():
            # Refused before it becomes metadata of a task, which has to be printable.
            raise UnknownVoice(self.names.unknown_message(voice_id, self.voices), param="voice")
        wanted = POLLY_VOICES.get(voice_id)
        if wanted is None or voice_id in self.names.aliases or voice_id in self.voices:
            return voice_id
        found = self._find(wanted)
        if found is None:
            usable = ", ".join(name for name in sorted(POLLY_VOICES) if self._voice_of(name)) or "none"
            raise PollyRefusal(
                "ValidationException",
                f"{voice_id} is a {wanted.gender} voice for {wanted.language}, and no such voice is deployed here. "
                f"Deployed voices of Polly: {usable}. Or use the id of a voice of Herald. Operator: publish a voice "
                f"with `herald voices publish`, or map the name with VoiceAliases ({voice_id}=VOICE).",
                param="voice",
            )
        return found.id

    def described(
        self, *, language: str | None = None, tenants: Iterable[tuple[VoiceInfo, str]] = ()
    ) -> list[dict[str, Any]]:
        """Return Polly's voices that are deployed, then Herald's own, as DescribeVoices presents them.

        `tenants` are the voices of the caller's tenant with their names, which come last.
        """
        own = [_described(info.id, self._polly_language(info), info) for info in self.voices.values()]
        polly = [
            _described(name, wanted.language, info, gender=wanted.gender, language_name=wanted.language_name)
            for name, wanted in sorted(POLLY_VOICES.items())
            if (info := self._voice_of(name))
        ]
        made = [_described(info.id, info.language.replace("_", "-"), info) | {"Name": name} for info, name in tenants]
        return [voice for voice in [*polly, *own, *made] if language in {None, voice["LanguageCode"]}]

    def _voice_of(self, name: str) -> VoiceInfo | None:
        if name in self.names.aliases:
            return self.voices.get(self.names.choose(name).voice)
        return self._find(POLLY_VOICES[name])

    def _find(self, wanted: PollyVoice) -> VoiceInfo | None:
        """Return the voice of a language and gender: the default one if it fits, else the first by id."""
        preferred = [self.names.default, MEN_BESIDE.get(self.names.default, "")]
        fitting = [
            info
            for info in self.voices.values()
            if info.gender == wanted.gender and not info.needs_gpu and self._polly_language(info) == wanted.language
        ]
        return min(fitting, key=lambda info: (info.id not in preferred, info.id), default=None)

    def _polly_language(self, info: VoiceInfo) -> str:
        tag = info.language.replace("_", "-")
        return next((code for code, ours in _OUR_TAGS.items() if tag == ours or tag.partition("-")[0] == ours), tag)


def _described(
    voice_id: str, language: str, info: VoiceInfo, *, gender: str | None = None, language_name: str | None = None
) -> dict[str, Any]:
    known = _GENDERS.get(gender or info.gender)
    return {
        "Id": voice_id,
        "Name": voice_id,
        **({"Gender": known} if known else {}),
        "LanguageCode": language,
        "LanguageName": language_name or info.language_name,
        "SupportedEngines": [*ENGINES],
    }
