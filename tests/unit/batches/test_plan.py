"""Rows become items that equal jobs of the same text, and chunks that fit the time limit of a child."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from herald.batches.chunking import MOST_SECONDS
from herald.batches.items import Item, Tally
from herald.batches.manifest import read_rows
from herald.batches.rows import Row, RowError
from herald.errors import InvalidInput
from herald.jobs.job_price import Deployment, audio_seconds
from herald.jobs.job_request import text_length
from herald.jobs.lexicon_service import Chosen
from herald.jobs.resolve import Resolver
from herald.jobs.script import audio_key
from herald.pricing.pace import pace_of, speaking_seconds
from herald.speech.audio.formats import FORMATS
from herald.speech.lexicons import Entry, Lexicon
from tests.support.batch_samples import NO_GPU, POLICY, planner
from tests.support.voice_catalog import VOICES

CHILD_SECONDS = 900
VOICE_NAMES = ["", " ", "alloy", "reception", "en_GB-alan-low", "en_GB-vctk-medium:p226", "kokoro:jf_alpha", "unknown",
                "kokoro:jf_alpha(2)+jm_kumo(1)", "kokoro:unknown", "en_GB-vctk-medium:unknown"]  # fmt: skip
FORMAT_NAMES = ["", *FORMATS, "aac", "wma"]
TEXTS = st.sampled_from(
    [
        "Hello.",
        "é",
        "e\u0301",
        "...",
        "\x07",
        "<speak>",
        "<speak>Hi.</speak>",
        "<speak><break/></speak>",
        "a" * 30,
        "b" * 31,
        "c" * 61,
        "  x ",
        "<b>a</b>",
        "<b></b>",
        "\u674e",
    ]
)
ROWS = st.builds(
    lambda line, text, voice, made: Row(line, f"i{line}", {"text": text, "voice": voice, "format": made}),
    st.integers(1, 10**6),
    TEXTS | st.text(max_size=10),
    st.sampled_from(VOICE_NAMES),
    st.sampled_from(FORMAT_NAMES),
)
SETTINGS = st.fixed_dictionaries(
    {
        "voice": st.sampled_from(["alloy", "reception", "kokoro"]),
        "response_format": st.sampled_from(["mp3", "ulaw", "opus"]),
        "sample_rate": st.sampled_from([None, 8_000, 22_050, 24_000]),
        "speed": st.sampled_from([1, 1.0, 0.25, 4.0]),
        "text_format": st.sampled_from([None, "plain", "html"]),
        "pause": st.sampled_from([{}, {"sentence": 300}]),
    }
)


def test_a_row_that_cannot_be_read_is_a_row_error():
    row = Row(7, "r7", {"text": "Hello \u674e\u660e"})
    error = planner().item(row)
    assert (type(error), error.line, error.code) == (RowError, 7, "unreadable_text")
    assert "\u674e" not in error.message


def expected_job(row, plan):
    """Return script, route and audio key of a job with the row's text, or its error code."""
    if not row.values["text"].strip():
        return "missing_value"
    try:
        if text_length(row.values["text"], plan.order.input_type) > plan.max_characters:
            return "text_too_long"
        fields = {"voice": row.values["voice"].strip(), "response_format": row.values["format"].strip()}
        request = plan.order.job(row.values["text"], **fields)
        script, decision = plan.resolver.resolve(request, waiting=False)
    except InvalidInput as error:
        return error.code
    return script, decision.route, audio_key(script, "acme", VOICES)


@settings(deadline=None)  # the first row loads the tables of the reading
@given(st.lists(ROWS, min_size=1, max_size=6), SETTINGS, st.booleans())
@example(
    [Row(1, "a document with two faults", {"text": "<speak>Hi.</speak>", "voice": "", "format": "aac"})],
    {"voice": "alloy", "response_format": "mp3", "text_format": "plain"},
    False,
)
def test_an_item_equals_the_job_of_its_text(rows, settings, gpu):
    policy = type(POLICY)(realtime_characters=10, longform_characters=30, gpu=gpu)
    plan = planner(policy=policy, max_characters=60, **settings)
    for row in rows:
        item = plan.item(row)
        assert (item.line, item.id) == (row.line, row.id)
        if isinstance(item, RowError):
            assert item.code == expected_job(row, plan)
        else:
            assert (item.script, item.route, item.audio_key) == expected_job(row, plan)
            assert item.characters == item.script.characters == text_length(row.values["text"], None)
            assert Item.model_validate_json(item.model_dump_json()) == item


@given(st.lists(ROWS, max_size=30), st.integers(1, 5))
def test_chunks_contain_every_item_once(rows, most):
    plan = planner(items_per_child=most)
    tally, parts = Tally(), list(plan.plan(rows))
    for part in parts:
        tally.add(part)
    chunks = [part for part in parts if isinstance(part, list)]
    assert all(1 <= len(chunk) <= most for chunk in chunks)
    assert all(len({item.route for item in chunk}) == 1 for chunk in chunks)
    assert all(len(chunk) == 1 for chunk in chunks if chunk[0].route == "gpu")
    expected = Counter((type(one).__name__, one.line) for one in map(plan.item, rows))
    errors = [part for part in parts if isinstance(part, RowError)]
    items = [item for chunk in chunks for item in chunk]
    assert Counter((type(one).__name__, one.line) for one in [*errors, *items]) == expected
    assert (tally.rows, tally.row_errors, tally.items, tally.chunks) == (
        len(rows),
        len(errors),
        len(items),
        len(chunks),
    )
    assert tally.characters == sum(item.characters for item in items)
    # Only the last chunk may be short.
    queued = [chunk for chunk in chunks if chunk[0].route == "queue"]
    assert all(len(chunk) == most for chunk in queued[:-1])


@pytest.mark.parametrize("speed", [0.25, 1.0, 4.0])
@pytest.mark.parametrize("length", [10, 20_000])
def test_a_chunk_fits_the_time_limit_of_its_child(length, speed):
    """By the estimate, in a third of the limit, at any speed."""
    plan = planner(items_per_child=500, speed=speed)
    count = 1_200 if length == 10 else 12
    rows = (Row(line, f"{line}", {"text": "a" * length}) for line in range(count))
    chunks = list(plan.plan(rows))
    for chunk in chunks:
        engines = [VOICES[item.voice].engine for item in chunk]
        seconds = sum(
            speaking_seconds(audio_seconds(item.script, engine), engine, Deployment().worker_megabytes)
            for item, engine in zip(chunk, engines, strict=True)
        )
        assert seconds < (CHILD_SECONDS / 3 if len(chunk) > 1 else CHILD_SECONDS)
    each = length / speed / pace_of("piper").characters * pace_of("piper").processor_seconds
    assert len(chunks) == -(-count // min(500, max(1, int(MOST_SECONDS // each))))


def test_an_oversized_item_forms_its_own_chunk():
    policy = type(POLICY)(realtime_characters=1, longform_characters=10**6, gpu=False)
    plan = planner(policy=policy, max_characters=10**6)
    rows = [Row(line, f"{line}", {"text": "a" * length}) for line, length in enumerate([5, 200_000, 5, 5])]
    assert [len(chunk) for chunk in plan.plan(rows)] == [1, 1, 2]


def test_templates_are_rendered():
    plan = planner(template="Hello {first_name}, {{see}} {day}.")
    assert plan.fields == ("first_name", "day")
    item = plan.item(Row(2, "a", {"first_name": "Anna {day}", "day": "Monday"}))
    assert (item.text, item.route, item.response_format, item.sample_rate) == (
        "Hello Anna {day}, {see} Monday.", "queue", "mp3", 22_050,
    )  # fmt: skip
    rejected = plan.item(Row(3, "b", {"first_name": "Anna", "day": " "}))
    assert (rejected.code, rejected.message) == (
        "missing_value",
        "The row has no value for {day}, a field of the template.",
    )


def test_a_rows_own_text_overrides_the_template():
    plan = planner(template="Hello {name}.")
    assert plan.item(Row(2, "a", {"name": "", "text": "Bye."})).text == "Bye."
    assert plan.item(Row(2, "a", {"name": "Anna", "text": " "})).text == "Hello Anna."
    plan = planner(template="He said: {text}")
    assert plan.item(Row(2, "a", {"text": "Bye."})).text == "He said: Bye."
    plan = planner()
    assert plan.fields == ("text",)
    assert plan.item(Row(2, "a", {"text": "Bye."})).text == "Bye."
    assert plan.item(Row(2, "a", {"text": ""})).code == "missing_value"


def test_each_voice_and_format_is_resolved_once(monkeypatch):
    calls = []
    resolve = Resolver.resolve
    monkeypatch.setattr(Resolver, "resolve", lambda *a, **k: calls.append(a) or resolve(*a, **k))
    plan = planner()
    for line in range(100):
        assert isinstance(plan.item(Row(line, "a", {"text": f"{line}.", "voice": ["", "reception"][line % 2]})), Item)
    assert len(calls) == 2


def test_check_rejects_invalid_batch_options():
    planner().check()
    planner(voice="kokoro").check()
    for fields, code in [
        ({"voice": "unknown"}, "unknown_voice"),
        ({"response_format": "aac"}, "unsupported_format"),
        ({"sample_rate": 7}, "unsupported_sample_rate"),
        ({"voice": "kokoro", "policy": NO_GPU}, "gpu_not_deployed"),
        ({"voice": "kokoro", "policy": replace(NO_GPU, kokoro_megabytes=3_008)}, "gpu_not_deployed"),
    ]:
        with pytest.raises(InvalidInput) as rejected:
            planner(**fields).check()
        assert rejected.value.code == code


def manifest(rows, bad_of_100):
    """Yield CSV in which `bad_of_100` of each 100 rows are invalid, in six ways."""
    bad = ["{n},Anna,x", "{n}", '{n},"An"na', "{n}, ", "x{n},\x07", "1,Bo"]
    yield "id,name\n"
    for n in range(1, rows + 1):
        yield (bad[n % len(bad)].format(n=n) if (n - 50) % 100 < bad_of_100 else f"{n},Anna") + "\n"


def test_ten_thousand_rows_with_three_percent_invalid():
    """Promise 10: 300 row errors with line and code, 9,700 items, and consistent counts."""
    plan, tally = planner(template="Hello {name}.", items_per_child=25), Tally()
    chunks = (text.encode() for text in manifest(10_000, 3))
    errors = []
    for part in plan.plan(read_rows(chunks, "csv", fields=plan.fields)):
        tally.add(part)
        errors += [part] if isinstance(part, RowError) else []
    codes = ["ragged_row", "ragged_row", "stray_quote", "missing_value", "invalid_text", "duplicate_id"]
    bad = [n for n in range(1, 10_001) if n % 100 in {50, 51, 52}]
    assert [(error.line, error.code) for error in errors] == [(n + 1, codes[n % 6]) for n in bad]
    assert (tally.rows, tally.row_errors, tally.items, tally.chunks) == (10_000, 300, 9_700, 9_700 / 25)


def test_items_have_the_lexicons_of_the_batch_and_keys_that_depend_on_them():
    words = Lexicon((Entry("nginx", alias="engine x"),), "en")
    chosen = Chosen(f"acme/{words.checksum}-0123456789abcdef", words)
    rows = [Row(line=2, id="r1", values={"text": "nginx", "voice": "alloy"})]
    (with_words,), (without,) = (
        [item for chunk in replace(planner(template=None), lexicons=lexicons).plan(rows) for item in chunk]
        for lexicons in ((chosen,), ())
    )
    assert with_words.lexicons == with_words.script.lexicons == (chosen.reference,)
    assert Item.model_validate_json(with_words.model_dump_json()) == with_words
    assert with_words.audio_key != without.audio_key
    assert "lexicons" not in without.model_dump_json()
