"""What `make tune` makes of its measurements, and what it asks for."""

import json
import sys
from argparse import ArgumentTypeError
from decimal import Decimal
from pathlib import Path

import pytest
from matplotlib import rc_context

from bench.drawing import STYLE
from bench.progress import Failure
from bench.tune import __main__ as command
from bench.tune import deployed, plot, power_tuning, table
from bench.tune.choose import Point, best, compare, of_text, p95, points, texts_of, values, weights_for
from bench.tune.measure import Plan, split
from bench.tune.others import busy
from herald.auth.caller import Caller
from herald.pricing.prices import US_EAST_1
from herald.runtime.settings import Settings
from tests.support.figures import faults
from tests.template.template import PARAMETERS, TEMPLATE

DEFAULTS = {"SpeechMemorySize": 3008, "WorkerMemorySize": 1769}


def a_curve(text="short", seconds=(0.8, 0.4, 0.3)):
    """1,024 MB are the cheapest, 4,096 MB the fastest, and 2,048 MB cost as much as 1,024 MB."""
    return [
        Point(megabytes=megabytes, text=text, warm=(each,))
        for megabytes, each in zip((1024, 2048, 4096), seconds, strict=True)
    ]


def long(value):
    """A template as `sam build` writes it: the long forms of the short tags."""
    if isinstance(value, list):
        return [long(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "GetAtt" in value:
        return {"Fn::GetAtt": value["GetAtt"].split(".", 1)}
    names = {tag: f"Fn::{tag}" for tag in ("If", "Sub", "Equals", "Not", "And", "Select", "Split", "FindInMap")}
    return {names.get(name, name): long(one) for name, one in value.items()}


def results(rows=None, **changed):
    """What a run gives."""
    warm = [
        {"megabytes": megabytes, "text": text, "start": "warm", "seconds": seconds * times, "cpu": seconds * times}
        for text, times in (("short", 1), ("page", 50))
        for megabytes, seconds in ((1024, 0.2), (1769, 0.11), (3008, 0.08))
    ]
    cold = [{"megabytes": 1769, "text": "short", "start": "cold", "seconds": seconds} for seconds in (1.0, 1.2, 1.1)]
    about = {"date": "2026-11-22", "processor": "A processor", "processors": 2, "load": 0.25, "others": 0.01}
    plan = {"rounds": 20, "starts": 10, "service_ms": 5}
    return {
        "about": about, "plan": plan, "defaults": DEFAULTS, "left_out": [5307], "rows": rows or warm + cold
    } | changed  # fmt: skip


class TestPrice:
    def test_of_a_call_by_hand(self):
        point = Point(megabytes=1769, text="short", warm=(0.0501, 0.0502, 0.0509))
        assert point.billed == 51
        memory = Decimal("0.051") * 1769 / 1024
        assert point.dollars() == pytest.approx(float(memory * US_EAST_1.gigabyte_second_x86_64 + Decimal("2e-7")))
        assert point.dollars("arm64") == pytest.approx(
            float(memory * US_EAST_1.gigabyte_second_arm64 + Decimal("2e-7"))
        )


class TestBest:
    def test_the_fastest_and_the_cheapest_are_the_ends_of_the_scale(self):
        assert best(a_curve(seconds=(0.8, 0.5, 0.3)), 0) == 4096
        assert best(a_curve(seconds=(0.8, 0.5, 0.3)), 1) == 1024

    def test_the_balanced_one_by_hand(self):
        curve = a_curve()
        request = 2e-7
        price = {1024: 0.8, 2048: 0.8, 4096: 1.2}
        dollars = {size: seconds * 0.0000166667 + request for size, seconds in price.items()}
        latency = {1024: 0.8, 2048: 0.4, 4096: 0.3}
        expected = {size: 0.5 * dollars[size] / dollars[4096] + 0.5 * latency[size] / 0.8 for size in price}
        assert values(curve, 0.5) == pytest.approx(expected)
        assert best(curve) == 2048

    def test_every_text_counts_as_much(self):
        """A page takes a hundred times as long; still it does not decide alone."""
        short, page = a_curve("short", (0.08, 0.04, 0.03)), a_curve("page", (8, 6, 2.2))
        assert (best(short), best(page)) == (2048, 4096)
        both = values([*short, *page], 0.5)
        halves = values(short, 0.5), values(page, 0.5)
        assert both == pytest.approx({size: (halves[0][size] + halves[1][size]) / 2 for size in both})

    def test_weights_with_which_a_size_is_the_best(self):
        curve = a_curve(seconds=(0.8, 0.5, 0.3))
        fastest, slowest = weights_for(curve, 4096), weights_for(curve, 1024)
        assert fastest is not None
        assert slowest is not None
        assert fastest[0] == 0
        assert slowest[1] == 1
        assert fastest[1] < slowest[0]
        assert weights_for(a_curve(seconds=(0.4, 0.4, 0.4)), 4096) is None

    def test_two_sizes_against_each_other(self):
        latency, price = compare(a_curve(), 4096, 1024)
        assert latency == pytest.approx(0.3 / 0.8)
        assert price == pytest.approx(1.5, rel=0.01)


class TestPoints:
    def test_rows_of_a_text_and_a_size_come_together(self):
        curve = points(results()["rows"])
        assert texts_of(curve) == ["short", "page"]
        [point] = [one for one in curve if (one.text, one.megabytes) == ("short", 1769)]
        assert point.cold == (1.0, 1.2, 1.1)
        assert point.warm == (0.11,)
        assert point.used == pytest.approx(1)

    def test_the_value_below_which_95_in_100_lie(self):
        assert p95([7.0]) == 7
        assert p95(list(range(101))) == pytest.approx(95)


class TestTable:
    def test_it_tells_of_each_text_the_best_sizes(self):
        text = table.describe(results())
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
        short = {row[0]: row for row in rows[2:5]}
        assert short["1,769"][3:8] == ["1,100", "1,190", "110", "110", "110"]
        assert short["1,024"][3:5] == ["", ""]
        assert [short[size][-1] for size in ("1,024", "1,769", "3,008")] == ["", "cheapest, balanced", "fastest"]
        assert "Not measured on Lambda" in text
        assert "5,307 MB" in text

    def test_columns_stand_below_each_other(self):
        lines = [*table.aligned([("size", "what"), ("1", "the longest of all"), ("1,000", "")])]
        assert len({len(line) for line in lines}) == 1

    @pytest.mark.parametrize(
        ("speech", "shown"),
        [
            (1769, "is 1,769 MB by default, the recommended size"),
            (
                3008,
                "is 3,008 MB by default, not the recommended size: its latency is 0.73 times and its price",
            ),
            (512, "is 512 MB by default, which was not measured"),
        ],
    )
    def test_it_says_whether_the_template_agrees(self, speech, shown):
        lines = [*table.verdict(points(results()["rows"]), DEFAULTS | {"SpeechMemorySize": speech})]
        assert lines[0].startswith("**Recommended: 1,769 MB**")
        assert shown in lines[2]
        assert "it is the cheapest" in lines[3]

    def test_it_goes_between_the_markers_of_the_page(self, tmp_path):
        page = tmp_path / "tuning.md"
        page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
        table.write("new", page)
        assert page.read_text().startswith(f"before\n{table.BEGIN}\n\nnew\n")
        assert "(tuning.svg)" in page.read_text()
        assert page.read_text().endswith(f"{table.END}\nafter\n")
        page.write_text("no markers")
        with pytest.raises(Failure, match="lacks the lines"):
            table.write("new", page)


class TestPlot:
    @pytest.mark.parametrize("default", [1769, 3008])
    def test_it_can_be_read_on_a_phone(self, default):
        with rc_context(STYLE):
            assert faults(plot.figure(points(results()["rows"]), default)) == []
            assert faults(plot.figure(points(command._last()["rows"]), default)) == []

    def test_the_cheapest_is_the_lowest_point_of_all(self):
        curve = of_text(points(results()["rows"]), "short")
        drawn = plot.figure(curve, 1769)
        price = drawn.axes[1]
        [ring] = [line for line in price.lines if line.get_markeredgecolor() == "black"]
        assert min(height for line in price.lines for height in line.get_ydata()) == ring.get_ydata()[0]
        assert f"${ring.get_ydata()[0]:.2f} per million" in price.get_title(loc="left")
        assert price.get_title(loc="left").endswith("arm64")

    def test_colours_have_one_meaning_each(self):
        drawn = plot.figure(points(results()["rows"]), 1769)
        names = {(one.get_color(), one.get_text()) for axes in drawn.axes for one in axes.texts}
        assert len({colour for colour, _ in names}) == len(names) > 2


class TestDeployed:
    def test_the_environment_of_the_template_is_whole(self, tmp_path):
        given = deployed.environment(long(TEMPLATE), tmp_path, 2048, "http://127.0.0.1:1")
        settings = Settings.read(given)
        assert (settings.memory_megabytes, settings.speech_megabytes) == (2048, 2048)
        assert settings.default_voice == PARAMETERS["DefaultVoice"]["Default"]
        assert not settings.gpu
        assert tmp_path / "VoiceLayer" / "voices" in settings.layer_folders

    def test_the_code_of_the_build_comes_first(self, tmp_path):
        path = deployed.environment(long(TEMPLATE), tmp_path, 512, "")["PYTHONPATH"].split(":")
        assert path[0] == str(tmp_path / "SpeechFunction")
        assert str(tmp_path / "EngineLayer" / "python") in path[1:]

    def test_the_function_and_its_layers_are_copied(self, tmp_path):
        template, build, copied = long(TEMPLATE), tmp_path / "build", tmp_path / "copied"
        for name in ("SpeechFunction", "CoreLayer", "EngineLayer", "VoiceLayer", "ApiFunction"):
            (build / name).mkdir(parents=True)
        (build / "VoiceLayer" / "voice").write_text("of it")
        deployed.copy(template, build, copied)
        assert (copied / "VoiceLayer" / "voice").read_text() == "of it"
        assert {folder.name for folder in copied.iterdir()} == {"SpeechFunction", *deployed.layers(template)}

    def test_other_code_is_refused(self, tmp_path):
        with pytest.raises(Failure, match="would not be used"):
            deployed.check(tmp_path, {"PYTHONPATH": str(Path(__file__).parents[2] / "src")})

    def test_without_a_build_it_says_how_to_make_one(self, tmp_path):
        with pytest.raises(Failure, match=r"make \.local/build/template\.yaml"):
            deployed.read(tmp_path)

    def test_defaults(self):
        assert {name: deployed.default(TEMPLATE, name) for name in DEFAULTS} == {
            name: PARAMETERS[name]["Default"] for name in DEFAULTS
        }


class TestPlan:
    def test_sizes_that_a_machine_has_no_processors_for_are_left_out(self):
        assert split((512, 3008, 3538, 3539, 5307), 2) == ([512, 3008, 3538], [3539, 5307])

    def test_pages_have_fewer_rounds(self):
        plan = Plan(sizes=(512,), rounds=20, starts=1, pages=True, service_seconds=0)
        assert {text: plan.rounds_of(text) for text in plan.texts} == {"short": 20, "sentence": 20, "page": 5}


class TestCommand:
    def test_sizes(self):
        assert command.sizes("3008, 512,512") == (512, 3008)
        for text in ("", "512,", "12", "20000", "big"):
            with pytest.raises(ArgumentTypeError):
                command.sizes(text)

    @pytest.mark.parametrize(
        ("line", "load", "why_not"),
        [
            ("", 1.0, None),
            ("", 1.1, "The machine was busy (load 1.1)"),
            ("--quick", 0, "This was not a full run"),
            ("--sizes 512", 0, "This was not a full run"),
            ("--output x.svg", 0, "This was not a full run"),
        ],
    )
    def test_only_a_full_run_on_a_quiet_machine_is_published(self, line, load, why_not):
        options = command.parser().parse_args(line.split())
        assert command.reason(results(about={"load": load, "processors": 2, "others": 0.0}), options) == why_not

    def test_a_run_beside_others_is_not_published(self):
        about = {"load": 0.1, "processors": 2, "others": 0.4}
        why_not = command.reason(results(about=about), command.parser().parse_args([]))
        assert why_not == "Other processes used 0.4 processors during the run"

    def test_what_others_use_is_what_neither_idles_nor_waits_for_disks(self):
        assert busy("cpu  100 20 30 9000 500 1 2 3 40 5\ncpu0 50 10 15 4500 250 0 1 1 0 0\n", 100) == pytest.approx(
            1.56
        )

    def test_results_are_read_as_they_were_written(self):
        assert json.loads(command._lines(results())) == results()

    def test_the_input_for_power_tuning(self, capsys, monkeypatch):
        monkeypatch.setattr(sys, "argv", ["tune", "--input-for-power-tuning", "arn:here", "--sizes", "512,1024"])
        assert command.main() == 0
        given = json.loads(capsys.readouterr().out)
        assert given == power_tuning.given((512, 1024), "arn:here")
        assert (given["lambdaARN"], given["powerValues"], given["strategy"]) == ("arn:here", [512, 1024], "balanced")
        assert given["num"] >= 5
        context = given["payload"]["requestContext"]["authorizer"]["lambda"]
        assert Caller.of_context(context).tenant == power_tuning.TENANT
        assert "authorization" not in given["payload"]["headers"]
