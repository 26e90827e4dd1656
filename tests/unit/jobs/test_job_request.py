"""Strict parsing of job requests. tests/hostile has more invalid ones."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from herald.errors import BodyTooLarge, InvalidInput, InvalidRequest, TextTooLong
from herald.jobs.job_request import JobRequest, SpeechRequest, idempotency_key, parse_job_request

JSON = {"content-type": "application/json"}
LINE = {"input": "a"}


def parse(body, limit=100):
    return parse_job_request(body if isinstance(body, bytes) else json.dumps(body).encode(), JSON, max_characters=limit)


def test_job_with_one_text():
    job = parse({"input": "Hi."})
    assert job == JobRequest(input="Hi.")
    assert [line.input for line in job.lines] == ["Hi."]
    assert (job.priority, job.quality, job.retention, job.use_case, job.metadata) == (
        None, "standard", "expire", "other", {},
    )  # fmt: skip


def test_job_with_all_fields():
    sent = {
        "dialogue": [{"input": "Hi.", "voice": "kokoro:jf_alpha"}, {"input": "Yes?", "language": "ja"}],
        "voice": "kokoro",
        "response_format": "opus",
        "speed": 1.25,
        "sample_rate": 48_000,
        "model": "tts-1",
        "instructions": "Softly.",
        "language": "en-US",
        "quality": "high",
        "fallback_voice": "nova",
        "priority": "vip",
        "use_case": "welcome-message",
        "retention": "keep",
        "metadata": {"order": "47-11", "customer": "Ärzte & Söhne"},
    }
    job = parse(sent)
    assert job.model_dump(exclude_unset=True) == sent
    assert [(line.input, line.voice, line.language) for line in job.lines] == [
        ("Hi.", "kokoro:jf_alpha", None),
        ("Yes?", None, "ja"),
    ]


def test_realtime_request_becomes_the_same_job():
    fields = {"input": "Hi.", "voice": "nova", "response_format": "wav", "speed": 2, "sample_rate": 8_000}
    assert JobRequest.of(SpeechRequest(**fields)) == parse(fields)


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "missing_field", "input"),
        ({"input": None}, "missing_field", "input"),
        ({"input": "a", "dialogue": [LINE]}, "invalid_request", "dialogue"),
        ({"dialogue": []}, "invalid_request", "dialogue"),
        ({"dialogue": LINE}, "invalid_request", "dialogue"),
        ({"dialogue": "a"}, "invalid_request", "dialogue"),
        ({"dialogue": ["a"]}, "invalid_request", "dialogue.0"),
        ({"dialogue": [LINE, {"voice": "nova"}]}, "missing_field", "dialogue.1.input"),
        ({"dialogue": [LINE, {"input": 1}]}, "invalid_request", "dialogue.1.input"),
        ({"dialogue": [LINE | {"speaker": "b"}]}, "unknown_field", "dialogue.0"),
        ({"dialogue": [LINE | {"speed": 2}]}, "unknown_field", "dialogue.0"),
        ({"dialogue": [LINE | {"language": "e"}]}, "invalid_request", "dialogue.0.language"),
        ({"input": "a", "tenant": "b"}, "unknown_field", None),
        ({"input": "a", "stream_format": "sse"}, "invalid_request", "stream_format"),
        ({"input": "a", "priority": "high"}, "invalid_request", "priority"),
        ({"input": "a", "quality": "best"}, "invalid_request", "quality"),
        ({"input": "a", "retention": True}, "invalid_request", "retention"),
        ({"input": "a", "fallback_voice": ["nova"]}, "invalid_request", "fallback_voice"),
        ({"input": "a", "metadata": [["a", "b"]]}, "invalid_request", "metadata"),
        ({"input": "a", "metadata": {"key": 1}}, "invalid_request", "metadata"),
        ({"input": "a", "metadata": {"": "a"}}, "invalid_request", "metadata"),
        ({"input": "a", "metadata": {"key": "a\nb"}}, "invalid_request", "metadata"),
        ({"input": "a", "metadata": {"k\u202ey": "a"}}, "invalid_request", "metadata"),
        ({"input": "a", "metadata": {"k" * 65: "a"}}, "invalid_request", "metadata"),
        ({"input": "a", "metadata": {"key": "a" * 513}}, "invalid_request", "metadata"),
        ({"input": "a", "metadata": {str(n): "" for n in range(17)}}, "invalid_request", "metadata"),
        (b'{"input": "a", "metadata": {"a": "b", "a": "c"}}', "invalid_json", None),
        (rb'{"input": "a", "\ud800": 1}', "unknown_field", None),
        (rb'{"dialogue": [{"input": "a", "\ud800": 1}]}', "unknown_field", "dialogue.0"),
    ],
)
def test_errors_have_a_code_and_a_param(body, code, param):
    with pytest.raises(InvalidRequest) as refused:
        parse(body)
    assert (refused.value.code, refused.value.param) == (code, param)


@pytest.mark.parametrize(
    "body", [{"metadata": {"quetzal": 1}}, {"the quetzal": 1}, {"dialogue": [{"input": "a", "the quetzal": 1}]}]
)
def test_errors_do_not_repeat_names_of_the_caller(body):
    with pytest.raises(InvalidRequest) as refused:
        parse({"input": "a"} | body if "dialogue" not in body else body)
    assert "quetzal" not in f"{refused.value.message} {refused.value.param}"


@pytest.mark.parametrize(
    ("body", "accepted"),
    [
        ({"input": "a"}, True),
        ({"input": "a", "dialogue": None}, True),
        ({"input": None, "dialogue": [LINE]}, True),
        ({}, False),
        ({"input": None}, False),
        ({"input": "a", "dialogue": [LINE]}, False),
        ({"dialogue": [{"input": None}]}, False),
        ({"dialogue": [LINE | {"voice": None, "language": None}]}, True),
        ({"dialogue": [LINE | {"voice": {"id": "nova"}}]}, True),
        ({"input": "a", "voice": {"id": "nova"}}, True),
        ({"input": "a", "voice": {"id": "nova", "name": "b"}}, False),
        ({"input": "a", "voice": {"id": None}}, False),
        ({"input": "a", "pause": {"tail": None}}, True),
        ({"input": "a", "unknown": None}, False),
        *(({"input": "a", name: None}, True) for name in JobRequest.model_fields if name != "input"),
    ],
)
def test_the_published_schema_accepts_what_the_parser_does(body, accepted):
    """Null above all: clients that are generated from the schema send it for each optional field."""
    assert Draft202012Validator(JobRequest.model_json_schema()).is_valid(body) == accepted
    if accepted:
        parse(body)
    else:
        with pytest.raises(InvalidRequest):
            parse(body)


@pytest.mark.parametrize("language", ["en", "en-US", "zh-Hant-TW", "es-419", "jpn"])
def test_languages(language):
    assert parse({"input": "a", "language": language}).language == language


@pytest.mark.parametrize(
    "language", ["", "e", "en_US", "en-", "-en", "en-US\n", "en us", "english", "en" + "-US" * 12, "日本"]
)
def test_invalid_languages(language):
    with pytest.raises(InvalidRequest, match="language"):
        parse({"input": "a", "language": language})


@pytest.mark.parametrize("use_case", ["alert", "welcome-message", "2fa", "a" * 64])
def test_use_cases(use_case):
    assert parse({"input": "a", "use_case": use_case}).use_case == use_case


@pytest.mark.parametrize("use_case", ["", "Alert", "a b", "-a", "a-", "a--b", "../a", "a/b", "a\n", "a" * 65, "ä"])
def test_invalid_use_cases(use_case):
    with pytest.raises(InvalidRequest, match="use_case"):
        parse({"input": "a", "use_case": use_case})


def test_limit_applies_to_all_lines():
    lines = [{"input": "a" * 50}, {"input": "b" * 50}]
    assert parse({"dialogue": lines})
    with pytest.raises(TextTooLong, match="101 characters, which exceeds the limit of 100") as refused:
        parse({"dialogue": [*lines, {"input": "c"}]})
    assert refused.value.param == "dialogue"


def test_dialogue_has_at_most_500_lines():
    assert len(parse({"dialogue": [LINE] * 500}, limit=500).lines) == 500
    with pytest.raises(InvalidRequest, match="at most 500 items"):
        parse({"dialogue": [LINE] * 501}, limit=501)


def test_largest_job_fits_into_the_body_limit():
    line = {"input": "😀" * 10, "voice": "v" * 128, "language": "zh-Hant-TW"}
    pairs = {f"{n:02}" + "😀" * 62: "😀" * 512 for n in range(16)}
    body = json.dumps({"dialogue": [line] * 500, "metadata": pairs, "instructions": "😀" * 4_096}).encode()
    assert parse(body, limit=5_000)
    with pytest.raises(BodyTooLarge):
        parse(body + b" " * 100_000, limit=5_000)


@given(
    st.dictionaries(
        st.sampled_from([*JobRequest.model_fields, "x"]),
        st.recursive(
            st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.booleans()),
            lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["input", "voice", "x"]), inner),
            max_leaves=5,
        ),
    )
)
def test_any_object_is_parsed_or_rejected(value):
    try:
        parse(value)
    except InvalidInput as error:
        assert error.code


@pytest.mark.parametrize("key", ["a", "8e03978e-40d5-43dd-bc93-6894a57f9324", "~" * 255, '"quoted"too'])
def test_idempotency_keys(key):
    assert idempotency_key({"idempotency-key": key}) == key


def test_no_idempotency_key():
    assert idempotency_key({}) is None


@pytest.mark.parametrize("key", ["", " ", "a b", "a" * 256, "a" * 10_240, "ä", "a\r\nb", "a\0", "a\n"])
def test_invalid_idempotency_keys(key):
    with pytest.raises(InvalidRequest) as refused:
        idempotency_key({"idempotency-key": key})
    assert refused.value.code == "invalid_idempotency_key"
