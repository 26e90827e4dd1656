"""herald cost prints tables, and draws where it is asked to."""

import re
import struct
import sys
from decimal import Decimal
from itertools import pairwise

import pytest

from herald.cli import main
from herald.cli.cost.plot import spread
from herald.jobs.others import SERVICES
from herald.jobs.prices import US_EAST_1


def asked(capsys, *arguments):
    """The rows of both tables by their first cell, and all that was printed."""
    assert main(["cost", *arguments]) == 0
    printed = capsys.readouterr().out
    rows = [re.split(r" {2,}", line.strip()) for line in printed.splitlines()]
    return {row[0]: row[1:] for row in rows if len(row) > 2}, printed


def number(cell):
    return Decimal(cell.replace(",", ""))


def test_the_table_adds_up(capsys):
    rows, _ = asked(capsys, "--messages-a-month", "50000", "--length", "200")
    names = [*rows][1:]
    sums = ("idle, in all", "what the messages cost")
    for column in (0, 1):
        parts = [number(rows[name][column]) for name in names[: names.index("together")] if name not in sums]
        assert sum(parts) == pytest.approx(number(rows["together"][column]), abs=Decimal("0.05"))
        assert sum(number(rows[name][column]) for name in sums) == pytest.approx(
            number(rows["together"][column]), abs=Decimal("0.01")
        )
    together = [number(cell) for cell in rows["together"]]
    assert together[1] < together[0]
    assert together[2] * 50_000 == pytest.approx(together[0], abs=Decimal("0.01"))
    assert number(rows["Herald, queue"][0]) == together[0]


def test_an_idle_deployment_is_shown_item_by_item(capsys):
    rows, printed = asked(capsys, "--messages-a-month", "0")
    items = [name for name in rows if name.startswith("idle: ")]
    assert len(items) == 4
    assert rows["together"][:2] == rows["idle, in all"][:2]
    assert number(rows["together"][1]) <= 1
    assert "BESIDE IT" not in printed


def test_every_other_service_is_beside_it(capsys):
    rows, _ = asked(capsys, "--messages-a-month", "1000", "--length", "1000")
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
def test_what_costs_more(capsys, less, more):
    volume = ["--messages-a-month", "1000000"]
    cheap, dear = (asked(capsys, *volume, *arguments)[0]["together"][0] for arguments in (less, more))
    assert number(cheap) < number(dear)


def test_it_says_what_it_reckons_with(capsys):
    _, printed = asked(capsys, "--route", "realtime", "--length", "5000", "--set", "region=eu-central-1")
    assert "3,008 MB of x86_64" in printed
    assert "a text over 4,096 characters is a job, not an answer" in printed
    assert "eu-central-1" in printed


def test_the_prices_are_listed(capsys):
    rows, printed = asked(capsys, "--prices", "--set", "event=0.5")
    assert rows.keys() - {"NAME"} == {name for name, *_ in US_EAST_1.table()} | SERVICES.keys()
    assert rows["event"][0] == "0.5"
    assert "read on 2026-11-22" in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "events=1,notice=x"], "There is no price of the name events. The price notice is not a number"),
        (["--set", "event"], "name=dollars"),
        (["--format", "aac"], "aac is not made here"),
        (["--plot", "costs.jpg"], "Give one of the endings .svg, .png"),
        (["--plot", "missing/costs.svg"], "missing/costs.svg: No such file"),
    ],
)
def test_mistakes_are_explained(arguments, message, capsys, tmp_path, monkeypatch):
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
def test_what_is_no_number_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as done:
        main(["cost", *arguments])
    assert done.value.code == 2
    assert arguments[1] in capsys.readouterr().err


def test_a_plot_without_matplotlib_says_how_to_get_it(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["cost", "--plot", str(tmp_path / "costs.svg")]) == 1
    assert "pip install 'herald[plot]'" in capsys.readouterr().err


def test_it_draws(capsys, tmp_path):
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


def test_it_draws_png(capsys, tmp_path):
    assert main(["cost", "--plot", str(tmp_path / "costs.png")]) == 0
    head = (tmp_path / "costs.png").read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert struct.unpack(">II", head[16:]) == (1350, 900)


def test_labels_are_apart_and_in_order():
    ends = [0.5, 0.5, 0.51, 0.9, 0.2, 0.5]
    places = spread(ends)
    assert sorted(range(6), key=places.__getitem__) == sorted(range(6), key=ends.__getitem__)
    ranked = sorted(places)
    assert all(after - before > 0.0419 for before, after in pairwise(ranked))
    assert (places[3], places[4]) == (0.9, 0.2)
