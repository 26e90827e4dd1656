"""herald read: how a text will be said, as a table and as JSON."""

import io
import json
import sys
from types import SimpleNamespace

import pytest

from herald.cli import main


@pytest.fixture
def shown(capsys):
    def shown(*words):
        assert main(["read", *words]) == 0
        return capsys.readouterr().out

    return shown


def test_a_table_shows_what_is_written_and_said(shown):
    rows = [line.split(None, 1) for line in shown("You owe", "$45.").splitlines()]
    assert rows[0] == ["written", "said                kind"]
    assert ["$45", "forty-five dollars  money"] in rows


def test_json_has_the_spans(shown):
    reading = json.loads(shown("Es kostet 5 €.", "--language", "de-DE", "--json"))
    (sentence,) = reading["sentences"]
    assert reading["spoken"] == "Es kostet fünf Euro."
    assert [(token["text_start"], token["text_end"], token["kind"]) for token in sentence["tokens"]][2] == (
        10,
        13,
        "money",
    )


def test_a_file_and_standard_input_are_read(shown, tmp_path, monkeypatch):
    (tmp_path / "page.html").write_text("<p>Hi</p>")
    assert json.loads(shown("-i", str(tmp_path / "page.html"), "--json"))["spoken"] == "Hi."
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"2 * 3"), isatty=lambda: False))
    assert json.loads(shown("--json"))["spoken"] == "two times three"


def test_the_format_can_be_given(shown):
    assert json.loads(shown("# 5", "--text-format", "plain", "--json"))["spoken"] != "five"
    assert json.loads(shown("# 5", "--json"))["spoken"] == "five"


def test_a_lexicon_decides_how_its_words_are_said(shown, tmp_path):
    (tmp_path / "words.csv").write_text("word,alias,ipa\nnginx,engine x,\ntomato,,təˈmɑːtoʊ\n", encoding="utf-8")
    rows = shown("nginx", "tomato", "--lexicon", str(tmp_path / "words.csv")).splitlines()
    assert [row.split() for row in rows[1:]] == [
        ["nginx", "engine", "x", "lexicon"],
        ["tomato", "tomato", "/təˈmɑːtoʊ/", "lexicon"],
    ]


def test_emoji_alone_are_named_on_request(shown, capsys):
    assert ["🎉", "party", "popper", "lexicon"] in [
        line.split() for line in shown("🎉", "--lexicon", "herald:emoji").splitlines()
    ]
    assert main(["read", "🎉"]) == 1
    assert "Nothing to speak" in capsys.readouterr().err


def test_a_broken_lexicon_is_refused_with_its_name_and_line(capsys, tmp_path):
    (tmp_path / "words.csv").write_text("word,alias\nnginx\n")
    assert main(["read", "hi", "--lexicon", str(tmp_path / "words.csv")]) == 1
    assert "words.csv: Line 2: the entry needs one of" in capsys.readouterr().err
    assert main(["read", "hi", "--lexicon", "missing.csv"]) == 2
    assert "'missing.csv' cannot be read" in capsys.readouterr().err
