"""Polly's voice names select voices of the same language, region and gender."""

from pathlib import Path

import botocore.session
import pytest
from moto.polly.resources import VOICE_DATA

from herald.jobs.voice_names import VoiceNames
from herald.speech.voices.catalog import VoiceInfo
from herald.web.polly_errors import PollyRefusal
from herald.web.polly_voices import POLLY_VOICES, PollyVoices


def voice(name, gender, **changes):
    described = {
        "language": name.partition("-")[0], "language_name": "Any", "sample_rate": 22_050, "quality": "medium",
        "licence": "MIT", "path": Path("/voices") / name,
    }  # fmt: skip
    return VoiceInfo(id=name, gender=gender, **described | changes)


def voices(*found, default="en_US-heart", **aliases):
    return PollyVoices(names=VoiceNames(default=default, aliases=aliases), voices={info.id: info for info in found})


HEART, LOW = voice("en_US-heart", "female"), voice("en_US-heart-low", "male")
ADA, ALAN = voice("en_US-ada-low", "female"), voice("en_GB-alan-medium", "male")


SINCE_2025 = {
    "Ambre": ("fr-FR", "French", "female"),
    "Beatrice": ("it-IT", "Italian", "female"),
    "Florian": ("fr-FR", "French", "male"),
    "Jasmine": ("en-SG", "Singaporean English", "female"),
    "Jihye": ("ko-KR", "Korean", "female"),
    "Lennart": ("de-DE", "German", "male"),
    "Lorenzo": ("it-IT", "Italian", "male"),
    "Tiffany": ("en-US", "US English", "female"),
}
"""Voices that moto lacks: https://docs.aws.amazon.com/polly/latest/dg/available-voices.html."""


def test_the_table_is_pollys():
    theirs = {one["Id"]: (one["LanguageCode"], one["LanguageName"], one["Gender"].lower()) for one in VOICE_DATA}
    ours = {name: tuple(one) for name, one in POLLY_VOICES.items()}
    assert ours == theirs | SINCE_2025
    model = botocore.session.Session().get_service_model("polly")
    assert set(POLLY_VOICES) <= set(model.shape_for("VoiceId").enum)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Joanna", "en_US-heart"),
        ("Tiffany", "en_US-heart"),
        ("Matthew", "en_US-heart-low"),
        ("Brian", "en_GB-alan-medium"),
    ],
)
def test_language_region_and_gender_decide(name, ours):
    assert voices(ADA, HEART, LOW, ALAN).choose(name) == ours


def test_without_the_default_voice_the_first_fits():
    assert (
        voices(voice("en_US-bea-low", "female"), ADA, default="en_GB-alan-medium").choose("Joanna") == "en_US-ada-low"
    )


@pytest.mark.parametrize("name", ["Amy", "Lupe", "Vicki", "Geraint"])
def test_no_voice_of_another_language_region_or_gender_is_taken(name):
    with pytest.raises(PollyRefusal, match=f"{name} is a .*Deployed voices of Polly: Arthur, Brian, Danielle"):
        voices(HEART, ALAN).choose(name)


def test_a_voice_that_needs_the_gpu_is_not_taken():
    with pytest.raises(PollyRefusal, match="none"):
        voices(voice("en_US-x-low", "female", needs_gpu=True)).choose("Joanna")


def test_an_alias_of_the_operator_overrides_the_mapping():
    mapped = voices(HEART, ALAN, Amy="en_US-heart", Joanna="en_GB-alan-medium")
    assert (mapped.choose("Amy"), mapped.choose("Joanna")) == ("Amy", "Joanna")  # resolved like any alias
    found = {one["Id"]: one["LanguageCode"] for one in mapped.described()}
    assert (found["Amy"], found["Joanna"]) == ("en-GB", "en-US")


def test_other_names_are_heralds_own():
    assert voices(HEART).choose("alloy") == "alloy"


@pytest.mark.parametrize(
    ("code", "name"), [("zh_CN-huayan-medium", "Zhiyu"), ("no_NO-x-medium", "Liv"), ("ar_JO-x-low", "Zeina")]
)
def test_languages_with_another_tag(code, name):
    assert voices(voice(code, "female")).choose(name) == code


def test_the_description_has_the_shape_of_the_model():
    described = voices(HEART, voice("de_DE-x-low", "unknown")).described()
    members = botocore.session.Session().get_service_model("polly").shape_for("Voice").members
    assert all(set(one) <= set(members) for one in described)
    assert [one["Id"] for one in described if one["LanguageCode"] == "de-DE"] == ["de_DE-x-low"]
    assert all(one.get("Gender") in {"Female", "Male", None} for one in described)
