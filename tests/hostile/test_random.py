"""Input that nobody thought of: the same on every run, and never an error of ours."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from herald.jobs.request import SpeechRequest

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
# Anything in Unicode, and more often what is no character. Short, because most of it is speakable.
ANY_TEXT = st.text(st.characters() | st.sampled_from("\0\x1b\ud800\udfff\ufffe<&."), max_size=12)
FIELDS = st.sampled_from(sorted(SpeechRequest.model_fields)) | st.text(max_size=8)
JSON = {"Content-Type": "application/json"}


def repeatably(examples):
    """Hypothesis without a clock, a database or chance; a fixture of the whole module is no reason to refuse."""
    health = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=health)


def check_answer(answer):
    assert answer.status in {200, 400, 413, 415}, answer.body
    if answer.status != 200:
        assert sorted(json.loads(answer.body)["error"]) == ["code", "message", "param", "type"]


@given(body=st.binary(max_size=200))
@repeatably(200)
def test_bytes(herald, body):
    check_answer(herald.call("POST", "/v1/audio/speech", JSON, body))


@given(value=st.dictionaries(FIELDS, ANY_JSON, max_size=5) | ANY_JSON)
@repeatably(300)
def test_json(herald, value):
    check_answer(herald.call("POST", "/v1/audio/speech", JSON, json.dumps(value).encode()))


@given(text=ANY_TEXT)
@repeatably(150)
def test_text(herald, text):
    check_answer(herald.speak(text, speed=4))


@given(content_type=st.text(max_size=40), encoding=st.text(max_size=10))
@repeatably(100)
def test_headers(herald, content_type, encoding):
    headers = {"Content-Type": content_type, "Content-Encoding": encoding}
    check_answer(herald.call("POST", "/v1/audio/speech", headers, b'{"input": "a"}'))
