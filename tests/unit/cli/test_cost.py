"""herald cost prints tables and draws plots."""

import json
import re
import struct
import sys
from decimal import Decimal
from itertools import pairwise

import pytest
from matplotlib import rc_context

from herald.cli import main
from herald.cli.cost_plot import STYLE, figure, routes, spread, volumes
from herald.cli.monthly_cost import Question, cheaper_from
from herald.jobs.job_price import PriceList
from herald.pricing.prices import SERVICES, US_EAST_1
from tests.support.figures import faults


def run(capsys, *arguments):
    """Return the rows of both tables by their first cell, and the complete output."""
    assert main(["cost", *arguments]) == 0
    printed = capsys.readouterr().out
    rows = [re.split(r" {2,}", line.strip()) for line in printed.splitlines()]
    return {row[0]: row[1:] for row in rows if len(row) > 2}, printed


def number(cell):
    return Decimal(cell.replace(",", ""))


def test_the_table_adds_up(capsys):
    rows, _ = run(capsys, "--messages-a-month", "50000", "--length", "200")
    names = [*rows][1:]
    sums = ("idle, total", "messages, total")
    for column in (0, 1):
        parts = [number(rows[name][column]) for name in names[: names.index("total")] if name not in sums]
        assert sum(parts) == pytest.approx(number(rows["total"][column]), abs=Decimal("0.05"))
        assert sum(number(rows[name][column]) for name in sums) == pytest.approx(
            number(rows["total"][column]), abs=Decimal("0.01")
        )
    total = [number(cell) for cell in rows["total"]]
    assert total[1] < total[0]
    assert total[2] * 50_000 == pytest.approx(total[0], abs=Decimal("0.01"))
    assert number(rows["Herald, queue"][0]) == total[0]


def test_an_idle_deployment_is_itemized(capsys):
    rows, printed = run(capsys, "--messages-a-month", "0")
    items = [name for name in rows if name.startswith("idle: ")]
    assert len(items) == 4
    assert rows["total"][:2] == rows["idle, total"][:2]
    assert number(rows["total"][1]) <= 1
    assert "COMPARED WITH" not in printed


@pytest.mark.parametrize(
    ("arguments", "item", "dollars"),
    [
        (["--keep-warm", "ping"], "idle: 8,760 pings of speech", "0.05"),
        (["--egress", "cloudfront"], "idle: the secret with CloudFront's keys", "0.40"),
    ],
)
def test_an_option_adds_an_idle_item(capsys, arguments, item, dollars):
    assert item not in run(capsys, "--messages-a-month", "0")[0]
    assert run(capsys, "--messages-a-month", "0", *arguments)[0][item][0] == dollars


def test_pings_save_the_cold_starts_of_realtime(capsys):
    usual, warm = (
        run(capsys, "--route", "realtime", "--messages-a-month", "1000", *options)[0]["Lambda"][0]
        for options in ([], ["--keep-warm", "ping"])
    )
    assert number(warm) < number(usual)


def test_a_gpu_that_no_message_needs_never_starts(capsys):
    part = "GPU, with its starts and waits"
    assert part in run(capsys, "--route", "gpu", "--share-remembered", "0.99")[0]
    assert part not in run(capsys, "--route", "gpu", "--share-remembered", "1")[0]


def test_other_services_are_compared(capsys):
    rows, _ = run(capsys, "--messages-a-month", "1000", "--length", "1000")
    for service in SERVICES.values():
        assert number(rows[service.name][0]) == service.usd_per_million
        assert re.search(r"from [\d,]+ messages a month on", rows[service.name][2])


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (["--route", "batch", "--share-remembered", "0.9"], ["--route", "batch"]),
        ([], ["--keep-warm", "snapshot"]),
        ([], ["--profile", "production"]),
        (["--architecture", "arm64"], []),
        (["--route", "realtime", "--memory", "1769"], ["--route", "realtime", "--memory", "10240"]),
        ([], ["--egress", "internet"]),
        ([], ["--retention-days", "180"]),
        ([], ["--format", "wav"]),
        (["--set", "gigabyte_second_x86_64=0.00001"], []),
    ],
)
def test_options_that_raise_costs(capsys, less, more):
    volume = ["--messages-a-month", "1000000"]
    cheap, expensive = (run(capsys, *volume, *arguments)[0]["total"][0] for arguments in (less, more))
    assert number(cheap) < number(expensive)


def test_assumptions_are_printed(capsys):
    _, printed = run(capsys, "--route", "realtime", "--length", "5000", "--set", "region=eu-central-1")
    assert "1,769 MB of x86_64" in printed
    assert "texts over 4,096 characters are processed as jobs" in printed
    assert "eu-central-1" in printed


@pytest.mark.parametrize(
    ("arguments", "assumption"),
    [
        (["--memory", "2048"], "route queue, 2,048 MB of x86_64"),
        (["--route", "kokoro"], "engine kokoro, route kokoro, 3,008 MB of x86_64"),
        (["--route", "kokoro", "--memory", "5000"], "engine kokoro, route kokoro, 5,000 MB of x86_64"),
        (["--route", "gpu", "--engine", "kokoro"], "engine kokoro, route gpu, an instance of the endpoint"),
    ],
)
def test_the_engine_and_the_memory_are_those_of_the_route(capsys, arguments, assumption):
    assert assumption in run(capsys, *arguments)[1]


def test_the_prices_are_listed(capsys):
    rows, printed = run(capsys, "--prices", "--set", "event=0.5")
    assert rows.keys() - {"NAME"} == {name for name, *_ in US_EAST_1.table()} | SERVICES.keys()
    assert rows["event"][0] == "0.5"
    assert "read on 2026-11-22" in printed


def test_the_prices_are_listed_as_json(capsys):
    assert main(["cost", "--prices", "--json", "--set", "event=0.5"]) == 0
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert listed.keys() == {name for name, *_ in US_EAST_1.table()} | SERVICES.keys()
    assert listed["event"]["usd"] == "0.5"
    assert all(one["unit"] and one["source"] for one in listed.values())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--set", "events=1,notice=x"],
            "There is no price with the name events; 'herald cost --prices' lists the names. The price notice is not",
        ),
        (["--set", "event"], "name=dollars"),
        (["--format", "aac"], "aac is not supported"),
        (["--engine", "kokoro"], "--engine kokoro needs --route kokoro (jobs on CPU) or --route gpu."),
        (["--plot", "costs.jpg"], "Use one of these extensions: .svg, .png"),
        (["--plot", "missing/costs.svg"], "missing/costs.svg: No such file"),
    ],
)
def test_invalid_input_is_reported(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["cost", *arguments]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--messages-a-month", "-1"], ["--length", "-1"], ["--length", "1000001"], ["--memory", "64"],
        ["--share-remembered", "1.1"], ["--share-remembered", "nan"], ["--retention-days", "3651"],
    ],
)  # fmt: skip
def test_invalid_numbers_are_rejected(arguments, capsys):
    assert main(["cost", *arguments]) == 2
    assert arguments[1] in capsys.readouterr().err


def test_a_plot_without_matplotlib_names_the_package(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["cost", "--plot", str(tmp_path / "costs.svg")]) == 1
    assert ".tools/uv/bin/uv pip install --python .venv -e '.[plot]'" in capsys.readouterr().err


def test_a_plot_is_reproducible_svg(capsys, tmp_path):
    file = tmp_path / "costs.svg"
    assert main(["cost", "--route", "batch", "--share-remembered", "0.9", "--plot", str(file)]) == 0
    drawn = file.read_text()
    for label in (
        "Herald, realtime",
        "Herald, batch, 90% known",
        "Polly, neural",
        "ElevenLabs, Flash",
        "OpenAI, tts-1",
    ):
        assert f"<!-- {label} -->" in drawn
    assert main(["cost", "--route", "batch", "--share-remembered", "0.9", "--plot", str(file)]) == 0
    assert file.read_text() == drawn


def test_a_plot_can_be_png(capsys, tmp_path):
    assert main(["cost", "--plot", str(tmp_path / "costs.png")]) == 0
    head = (tmp_path / "costs.png").read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert struct.unpack(">II", head[16:]) == (1560, 1980)


QUESTIONS = [
    Question(way="batch", messages=100_000, characters=200, remembered=0.9),
    Question(characters=5),
    Question(way="gpu", characters=3_000),
    Question(characters=0),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: f"{one.way}-{one.characters}")
def test_a_plot_can_be_read_on_a_phone(question):
    with rc_context(STYLE):
        assert faults(figure(question, PriceList())) == []


def test_a_plot_marks_where_routes_become_cheaper():
    question, prices = QUESTIONS[0], PriceList()
    [batch] = [one for one in routes(question, prices) if "batch" in one.label]
    starts = {name: cheaper_from(question, prices, one.usd_per_million) for name, one in SERVICES.items()}
    assert f"cheaper than Polly standard from {starts['polly_standard']:,} messages on" in batch.label
    assert {messages for messages, _ in batch.crossings} == set(starts.values())
    for messages, dollars in batch.crossings:
        below = max(at for at, volume in enumerate(volumes()) if volume <= messages)
        assert batch.dollars[below] <= dollars <= batch.dollars[below + 1]


def test_labels_do_not_overlap_and_keep_their_order():
    ends = [0.5, 0.5, 0.51, 0.9, 0.2, 0.5]
    places = spread(ends)
    assert sorted(range(6), key=places.__getitem__) == sorted(range(6), key=ends.__getitem__)
    ranked = sorted(places)
    assert all(after - before > 0.0419 for before, after in pairwise(ranked))
    assert (places[3], places[4]) == (0.9, 0.2)
