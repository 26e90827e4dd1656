"""herald lexicon, against a fake of the API."""

import json

import pytest

from herald.cli import main
from herald.speech.lexicons.files import parse_lexicon

CARD = {
    "name": "brands", "object": "lexicon", "version": 3, "language": "en-US", "default": True, "size": 1_200,
    "updated_at": "2026-11-22T12:00:00.000Z",
}  # fmt: skip
ENTRIES = [{"word": "nginx", "alias": "engine x", "ipa": None, "case": "any"}]
CSV = "word,alias\nnginx,engine x\n"


def answer(value, status=200):
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


@pytest.fixture
def words(tmp_path):
    (tmp_path / "words.csv").write_text(CSV)


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ([], ""),
        (["--default", "--language", "en-US"], "default=true&language=en-US"),
        (["--no-default"], "default=false"),
    ],
)
def test_a_file_is_sent(service, words, capsys, options, query):
    service.misbehave("PUT /v1/lexicons/brands", answer(CARD, 201))
    assert main(["lexicon", "put", "brands", "words.csv", *options]) == 0
    assert capsys.readouterr().out == "brands, version 3: 1,200 entries for en-US voices, by default\n"
    assert service.queries == [query]


def test_an_error_names_the_file_and_the_line(service, tmp_path, capsys):
    (tmp_path / "words.csv").write_text("word,alias\nnginx,\n")
    assert main(["lexicon", "put", "brands", "words.csv"]) == 1
    assert capsys.readouterr().err.startswith("herald: words.csv: Line 2: ")


def test_lexicons_are_listed(service, capsys):
    listed = answer({"object": "list", "data": [CARD]})
    service.misbehave("GET /v1/lexicons", listed, listed)
    assert main(["lexicon", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == [
        "brands", "en-US", "1,200", "3", "yes", CARD["updated_at"],
    ]  # fmt: skip
    assert main(["lexicon", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [CARD]


@pytest.mark.parametrize("name", ["words.json", "words.pls"])
def test_a_lexicon_is_written_to_a_file(service, tmp_path, name):
    service.misbehave("GET /v1/lexicons/brands", answer(CARD | {"entries": ENTRIES}))
    assert main(["lexicon", "get", "brands", "-o", name]) == 0
    lexicon = parse_lexicon((tmp_path / name).read_bytes(), name.rpartition(".")[2])
    assert (lexicon.language, [entry.word for entry in lexicon.entries]) == ("en-US", ["nginx"])


def test_a_lexicon_is_printed_as_it_can_be_sent(service, capsysbinary):
    service.misbehave("GET /v1/lexicons/brands", answer(CARD | {"entries": ENTRIES}))
    assert main(["lexicon", "get", "brands"]) == 0
    assert parse_lexicon(capsysbinary.readouterr().out, "json").entries[0].alias == "engine x"


def test_another_format_is_no_command_line(service, capsys):
    assert main(["lexicon", "get", "brands", "-o", "words.csv"]) == 2
    assert ".json or .pls" in capsys.readouterr().err


def test_a_lexicon_is_deleted(service, capsys):
    service.misbehave("DELETE /v1/lexicons/brands", answer(CARD))
    assert main(["lexicon", "delete", "brands", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == CARD
