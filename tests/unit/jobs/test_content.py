"""Content keys of audio files, and fingerprints of requests."""

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from herald.errors import InvalidSettings
from herald.jobs import script as content
from herald.jobs.job_request import JobRequest
from herald.jobs.request_fields import PauseSettings
from herald.jobs.script import Line, Script, audio_key, check_tenant, fingerprint
from herald.speech.audio.formats import FORMATS
from tests.support.voice_catalog import VOICES, dialogue, job, resolver

PIECES = st.sampled_from(["a", "b", "é", "e\u0301", '"', ",", "[", "]", "null", "1", "\n", "\\", "\x00", "😀"])
TEXTS = st.lists(PIECES, max_size=4).map("".join) | st.text(max_size=8)
LINES = st.builds(
    Line,
    text=TEXTS,
    voice=st.sampled_from(list(VOICES)),
    speaker=st.none() | TEXTS,
    language=st.none() | st.sampled_from(["en-US", "ja", "null"]),
)
SCRIPTS = st.builds(
    Script,
    lines=st.lists(LINES, min_size=1, max_size=3).map(tuple),
    response_format=st.sampled_from(list(FORMATS)),
    sample_rate=st.sampled_from([8_000, 22_050, 24_000]),
    speed=st.sampled_from([1, 1.0, 1.25]) | st.floats(0.25, 4.0),
    quality=st.sampled_from(["standard", "high"]),
    text_format=st.sampled_from(["plain", "markdown", "html"]),
    pause=st.just(PauseSettings()) | st.builds(PauseSettings, tail=st.integers(0, 2), sentence=st.integers(149, 151)),
)


def key(script, tenant="acme", voices=VOICES):
    return audio_key(script, tenant, voices)


def composed(script):
    """Return the script with composed texts: canonically equivalent texts sound the same."""
    lines = tuple(line.model_copy(update={"text": unicodedata.normalize("NFC", line.text)}) for line in script.lines)
    return script.model_copy(update={"lines": lines})


@given(SCRIPTS, SCRIPTS)
def test_keys_are_equal_only_for_equal_scripts(first, second):
    assert (key(first) == key(second)) == (composed(first) == composed(second))


@given(SCRIPTS)
def test_equal_scripts_have_equal_keys(script):
    copy = Script.model_validate_json(script.model_dump_json())
    assert key(copy) == key(script)
    assert re.fullmatch(r"audio/acme/[0-9a-f]{64}\.[a-z0-9]+", key(script))


@given(SCRIPTS, st.data())
def test_any_change_of_a_field_changes_the_key(script, data):
    other = data.draw(SCRIPTS)
    name = data.draw(st.sampled_from(sorted(Script.model_fields)))
    changed = script.model_copy(update={name: getattr(other, name)})
    assume(composed(changed) != composed(script))
    assert key(changed) != key(script)


@given(SCRIPTS, st.data())
def test_any_change_of_a_line_changes_the_key(script, data):
    at = data.draw(st.integers(0, len(script.lines) - 1))
    name = data.draw(st.sampled_from(sorted(Line.model_fields)))
    line = script.lines[at].model_copy(update={name: getattr(data.draw(LINES), name)})
    changed = script.model_copy(update={"lines": (*script.lines[:at], line, *script.lines[at + 1 :])})
    assume(composed(changed) != composed(script))
    assert key(changed) != key(script)


def one(text="Hello.", **more):
    return Script(lines=(Line(text=text, voice="en_US-joe-medium"),), response_format="mp3", sample_rate=22_050, **more)


def test_composed_and_decomposed_texts_share_a_key():
    assert key(one("Cafe\u0301")) == key(one("Caf\u00e9"))


def test_lines_and_paragraphs_have_different_keys():
    line = Line(text="a", voice="en_US-joe-medium")
    two = one().model_copy(update={"lines": (line, line)})
    assert key(two) != key(one("a\n\na"))


@pytest.mark.parametrize("change", [{"checksum": "f00d"}, {"engine": "kokoro"}])
def test_another_checksum_or_engine_changes_the_key(change):
    changed = VOICES | {"en_US-joe-medium": replace(VOICES["en_US-joe-medium"], **change)}
    assert key(one(), voices=changed) != key(one())


def test_the_checksum_of_an_unused_voice_does_not_change_the_key():
    changed = VOICES | {"kokoro": replace(VOICES["kokoro"], checksum="f00d")}
    assert key(one(), voices=changed) == key(one())


def test_the_content_of_lexicons_changes_the_key_and_their_versions_do_not():
    def with_lexicon(*references):
        return key(resolver().script(job()).model_copy(update={"lexicons": references}))

    one, same, other = f"acme/{'a' * 64}-{'0' * 16}", f"acme/{'a' * 64}-{'1' * 16}", f"acme/{'b' * 64}-{'0' * 16}"
    assert with_lexicon(one) == with_lexicon(same)
    assert len({with_lexicon(), with_lexicon(one), with_lexicon(one, other), with_lexicon(other, one)}) == 4


@pytest.mark.parametrize("reference", ["", "acme", "acme/x-y", f"acme/{'A' * 64}-{'0' * 16}", f"{'a' * 64}-{'0' * 16}"])
def test_a_malformed_reference_to_a_lexicon_has_no_key(reference):
    script = resolver().script(job()).model_copy(update={"lexicons": (reference,)})
    with pytest.raises(ValueError, match="malformed reference"):
        key(script)


@pytest.mark.parametrize("version", [{"sound": content.SOUND + 1}, {"containers": content.CONTAINERS + 1}])
def test_another_version_of_the_engine_or_of_containers_changes_the_key(version):
    assert audio_key(one(), "acme", VOICES, **version) != key(one())


def test_key_is_stable_across_versions():
    # If this fails, every stored file is synthesized again: increase SOUND in herald.speech.memory, or CONTAINERS in
    # herald.speech.audio.formats, and note it in CHANGELOG.md.
    assert key(one()) == "audio/acme/342d4ac730745ff666d87d41a9426ce04638d64cd613bceea214ca2551831902.mp3"


def test_formats_with_the_same_extension_have_different_keys():
    wav, ulaw = (one().model_copy(update={"response_format": name}) for name in ("wav", "wav_ulaw"))
    assert key(wav).endswith(".wav")
    assert key(ulaw).endswith(".wav")
    assert key(wav) != key(ulaw)


@pytest.mark.parametrize("tenant", ["acme", "a", "Acme-2_b", "0", "a" * 64])
def test_valid_tenants(tenant):
    assert key(one(), tenant).startswith(f"audio/{check_tenant(tenant)}/")


@pytest.mark.parametrize(
    "tenant", ["", ".", "..", "a/b", "../a", "a\\b", "a b", "a.b", "-a", "_a", "a\n", "ä", "%2e", "a" * 65, "a\0"]
)
def test_invalid_tenants(tenant):
    with pytest.raises(InvalidSettings):
        key(one(), tenant)


def test_tenants_do_not_share_files():
    assert key(one(), "acme") != key(one(), "acme2")


FIELDS = {
    "voice": st.sampled_from(["alloy", "kokoro"]),
    "speed": st.sampled_from([1.0, 2.0]),
    "sample_rate": st.sampled_from([None, 8_000]),
    "priority": st.sampled_from(["standard", "vip"]),
    "retention": st.sampled_from(["expire", "keep"]),
    "use_case": st.sampled_from(["other", "alert"]),
    "metadata": st.dictionaries(st.sampled_from("ab"), st.sampled_from("cd")),
}
REQUESTS = st.fixed_dictionaries({"input": st.sampled_from(["Hi.", "Ho."])}, optional=FIELDS).map(
    lambda sent: JobRequest(**sent)
)


@given(REQUESTS, REQUESTS)
def test_fingerprints_are_equal_only_for_equal_requests(first, second):
    assert (fingerprint(first) == fingerprint(second)) == (first == second)


def test_an_explicit_default_does_not_change_the_fingerprint():
    assert fingerprint(job(speed=1, response_format="mp3", metadata={})) == fingerprint(job())


def test_the_order_of_metadata_does_not_change_the_fingerprint():
    assert fingerprint(job(metadata={"a": "1", "b": "2"})) == fingerprint(job(metadata={"b": "2", "a": "1"}))


def test_the_order_of_lines_changes_the_fingerprint():
    first, second = dialogue(("A.",), ("B.",)), dialogue(("B.",), ("A.",))
    assert fingerprint(job(dialogue=first)) != fingerprint(job(dialogue=second))


def test_requests_with_the_same_audio_have_different_fingerprints():
    nova, alloy = job(voice="nova"), job(voice="alloy")
    assert key(resolver().script(nova)) == key(resolver().script(alloy))
    assert fingerprint(nova) != fingerprint(alloy)
