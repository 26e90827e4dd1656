"""The tables of docs/costs.md are what the simulation says, and the simulation keeps to what it assumes."""

import json
import math
import re
import sys
from dataclasses import replace

import pytest

from bench.scale import __main__ as command
from bench.scale import months, report
from bench.scale.assumptions import Assumptions
from bench.scale.bill import bill
from bench.scale.simulate import Setup, Simulation, Tokens, Work
from bench.scale.tables import markers

GIVEN = Assumptions()
FREE = replace(GIVEN, puts=1e9, gets=1e9, starts=1e9, starts_burst=1e9, transitions=1e9, ramp=1e9, ramp_burst=1e9)
"""Without any quota."""
DIFFERENT = (math.inf,) * 4


def simulated(messages, given=FREE, distinct=report.EXAMPLE, **setup):
    work = Work(messages=messages, characters=10 * GIVEN.rate, distinct=distinct)
    return Simulation(work, Setup(**{"concurrency": 10} | setup), given).run()


@pytest.mark.parametrize(("name", "tables"), [("scale", report.markdown), ("months", months.markdown)])
def test_the_page_has_the_tables(name, tables):
    begin, end = markers(name)
    between = report.PAGE.read_text().partition(begin)[2].partition(end)[0]
    assert between.strip() == tables().strip(), "run: python -m bench.scale"


def test_the_readme_tells_the_same_price():
    (shown,) = re.findall(r"cost \[\$([\d.]+) by simulation\]", (report.ROOT / "README.md").read_text())
    work, setup = report.CASES[0].work, report.CASES[0].setup
    assert (work.messages, setup.concurrency) == (5_000, 40)
    paid = bill(work, report.CASES[0].outcome(), GIVEN)
    assert shown == f"{sum(paid.values()):.2f}"


def test_tokens_are_there_at_once_and_then_at_their_rate():
    tokens = Tokens(rate=10, burst=5)
    assert [tokens.take(0) for _ in range(7)] == pytest.approx([0, 0, 0, 0, 0, 0.1, 0.2])
    assert tokens.take(100, 5) == 100  # no more than the burst was saved up
    assert tokens.take(100) == pytest.approx(100.1)


def test_one_child_alone_takes_the_sum_of_its_parts():
    run = simulated(3, distinct=DIFFERENT, concurrency=1)
    item = max(GIVEN.joining, GIVEN.write / GIVEN.stored_at_once) + 4 * GIVEN.speaking * 2.5
    assert run.speaking == pytest.approx(GIVEN.child + GIVEN.cold + GIVEN.handling + 3 * item, rel=1e-6)
    assert run.billed == pytest.approx(GIVEN.cold + GIVEN.handling + 3 * item, rel=1e-6)


def test_a_sentence_of_its_own_is_spoken_each_time():
    run = simulated(1_000, distinct=DIFFERENT)
    assert (run.sentences_spoken, run.sentences_read, run.packs) == (4_000, 0, 0)


@pytest.mark.parametrize("concurrency", [1, 200])
def test_what_is_shared_is_spoken_once(concurrency):
    run = simulated(5_000, concurrency=concurrency)
    assert run.sentences_spoken == run.sentences_packed == 1_000 + 80 + 2
    assert run.sentences_read == run.packs * min(run.children, run.environments)


def test_processes_at_once_take_less_time():
    alone, together = simulated(5_000, concurrency=1), simulated(5_000, concurrency=200)
    assert together.total < alone.total / 5


def test_without_packs_each_process_speaks_what_it_needs():
    alone, together = (
        simulated(5_000, replace(FREE, packed=0.0), concurrency=many, items_per_child=25) for many in (1, 200)
    )
    names = 1_000 * (1 - (1 - 1 / 1_000) ** 5_000)
    assert alone.sentences_spoken == pytest.approx(names + 80 + 2, rel=0.001)
    assert 5 * alone.sentences_spoken < together.sentences_spoken < 200 * 25 * 4


def test_no_more_speak_at_once_than_may():
    run = simulated(10_000, concurrency=20)
    assert run.environments == 20
    assert run.packing + run.speaking >= (run.billed - 20 * GIVEN.cold) / 20


@pytest.mark.parametrize(
    ("quota", "changes", "least"),
    [
        ("S3", {"puts": 100.0}, 5_000 / 100 - 1),
        ("S3", {"gets": 50.0}, 4_000 / 50),
        ("starts of children", {"starts": 5.0, "starts_burst": 1.0}, 199 / 5),
        ("starts of children", {"transitions": 10.0}, 200 * 2 / 10 - 1),
        ("new environments", {"ramp": 1.0, "ramp_burst": 10.0}, 10),
    ],
)
def test_every_quota_holds_it_back(quota, changes, least):
    free, held = (
        simulated(5_000, given, concurrency=200, items_per_child=25) for given in (FREE, replace(FREE, **changes))
    )
    assert held.speaking >= least
    assert held.speaking > free.speaking
    assert held.waits[quota] > 1 > free.waits[quota]


def test_calls_over_the_ramp_are_refused_and_tried_again():
    many = {"concurrency": 200, "items_per_child": 25}
    assert simulated(5_000, **many).throttles == 0
    assert simulated(5_000, replace(FREE, ramp=1.0, ramp_burst=10.0), **many).throttles > 100


def test_the_bill_grows_with_what_is_used():
    def total(**changes):
        work = Work(messages=1_000, characters=10 * GIVEN.rate, distinct=DIFFERENT)
        outcome = Simulation(work, Setup(concurrency=10, **changes), FREE).run()
        return bill(work, outcome, FREE)

    usual, alone = total(items_per_child=25), total(items_per_child=1)
    assert alone["state machine"] == 25 * usual["state machine"]
    assert alone["functions"] > usual["functions"]
    assert alone["storage"] == usual["storage"]


def test_a_measured_run_is_put_beside_the_simulation(tmp_path, monkeypatch):
    page, status = tmp_path / "costs.md", tmp_path / "status.json"
    begin, end = markers("scale")
    page.write_text(f"Before.\n{begin}\nstale\n{end}\nAfter.\n")
    shown = {"counts": {"done": 5_000}, "audio_seconds": 52_500, "price": 0.15}
    shown |= {"begun_at": "2026-11-22T11:58:20.000Z", "ended_at": "2026-11-22T12:00:00.000Z"}
    status.write_text(json.dumps(shown | {"sentences": {"spoken": 1_100, "reused": 18_900}}))
    monkeypatch.setattr(report, "MEASURED", tmp_path / "measured.json")
    monkeypatch.setattr(report, "PAGE", page)
    monkeypatch.setattr(report, "CASES", report.CASES[:1])
    monkeypatch.setattr(report, "HANGS_ON", {})
    monkeypatch.setattr(report, "markdown", report.markdown.__wrapped__)
    words = ["--measured", str(status), "--cpu", "400", "--concurrency", "4", "--about", "2 processors"]
    words += ["--note", "Nothing else was done."]
    monkeypatch.setattr(sys, "argv", ["bench.scale", *words])
    command.main()
    written = page.read_text()
    assert "2026-11-22: 2 processors, 4 at once. Simulated" in written
    assert "\n\nNothing else was done.\n\n" in written
    assert re.search(r"\| sentences spoken \| 1,100 \| 1,[01]\d\d \|", written)
    assert re.search(r"\| duration, s \| 100 \| [0-9]{2,3} \|", written)
    assert re.search(r"\| CPU, ms per file: .* \| 80 \|", written)
    assert "| price, millionths of a dollar per file | 30.0 |" in written
    assert (written.startswith("Before.\n"), written.endswith("\nAfter.\n"), "stale" in written) == (True, True, False)
