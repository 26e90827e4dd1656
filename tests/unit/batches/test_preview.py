"""What a preview shows for voices that only some deployments have, and the work that it does."""

from time import process_time

import pytest

from herald.batches.batch_preview import Previewer, PreviewRequest
from herald.jobs.job_price import PriceList
from herald.jobs.resolve import Resolver
from herald.jobs.routing import Decision
from tests.support.batch_samples import POLICY
from tests.support.voice_catalog import NAMES, VOICES, voice

PRICES = PriceList()


def previewed(template, sample, voices=VOICES, most=1_000, prices=PRICES):
    resolver = Resolver(names=NAMES, voices=voices, policy=POLICY)
    previewer = Previewer(resolver=resolver, max_characters=most, max_concurrency=40, prices=prices)
    return previewer.preview(PreviewRequest(template=template, sample=sample), tenant="acme")


@pytest.mark.parametrize("template", ["{a}" * 200 + "x " * 9_000, "<speak>{a} " + "x " * 9_000 + "</speak>"])
def test_only_the_first_rows_of_a_long_template_are_read(monkeypatch, template):
    monkeypatch.setattr("herald.batches.batch_preview.MOST_READ", 100_000)
    started = process_time()
    shown = previewed(template, "a,voice\n" + "b,\n" * 20_000 + "b,unknown\n" + ",alloy\n", most=20_000)
    assert process_time() - started < 5
    assert (shown.rows, [(error.line, error.code) for error in shown.errors]) == (20_002, [(20_003, "missing_value")])
    assert len(shown.examples) == 5


def test_of_a_long_list_of_short_rows_the_first_ones_are_checked(monkeypatch):
    monkeypatch.setattr("herald.batches.batch_preview._MOST_ROWS", 3)
    for rows, remarks in (
        (3, []),
        (4, ["The list has more than 3 rows. Only the first 3 were checked and estimated."]),
    ):
        shown = previewed("Hello {a}.", "a\n" + "b\n" * rows)
        assert (shown.error, shown.rows, shown.forecast.rows, shown.remarks) == (None, 3, 3, remarks)


def test_a_fault_of_a_long_template_is_expected_in_the_rows_that_are_not_read(monkeypatch):
    monkeypatch.setattr("herald.batches.batch_preview.MOST_READ", 10)
    shown = previewed("{a} 漢字", "a\n" + "b\n" * 1_000)
    assert (shown.rows, shown.row_errors) == (1_000, 3)
    assert shown.error.message == "Of 1,000 rows, 1,000 are invalid; the batch tolerates 5 %."


def test_a_voice_whose_language_herald_does_not_read_has_examples_without_a_spoken_form():
    voices = VOICES | {"nl_NL-mls-medium": voice("nl_NL-mls-medium", "nl_NL")}
    sample = "name,voice\nAda,nl_NL-mls-medium\nAbe,en_GB-alan-low\n"
    shown = previewed("Hallo {name}, 3.", sample, voices)
    assert (shown.error, shown.errors) == (None, [])
    assert [(one.item.text, one.spoken) for one in shown.examples] == [
        ("Hallo Ada, 3.", None),
        ("Hallo Abe, 3.", "Hallo Abe, three."),
    ]


def test_the_price_of_a_row_for_the_gpu_is_that_of_its_job():
    prices = PriceList(engine_of=lambda voice_id: VOICES[voice_id].engine)
    shown = previewed("Hello {name}.", "name,voice\nAda,kokoro:jf_alpha\n", prices=prices)
    decision = Decision(route="gpu", reason="The batch item needs the GPU.")
    assert shown.forecast.price == prices.expected(shown.examples[0].item.script, decision)
