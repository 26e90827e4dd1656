"""Hostile lexicons: each is refused at once, with a code and a position, and without repeating what was sent."""

import json
from pathlib import Path
from time import perf_counter

import pytest

from herald.errors import InvalidLexicon
from herald.speech.lexicons.files import parse_lexicon
from herald.speech.lexicons.pls import NAMESPACE
from tests.hostile.cases import MARKER

CASES = [json.loads(line) for line in Path(__file__).with_name("lexicons.jsonl").read_text().splitlines()]
_LEXEME = "<lexeme><grapheme>a</grapheme><alias>b</alias></lexeme>"
_START = f'<lexicon version="1.0" xmlns="{NAMESPACE}" alphabet="ipa" xml:lang="en-US">'
GENERATED = {
    "<<4001 lexemes>>": _START + _LEXEME * 4_001,
    "<<5000 graphemes>>": f"{_START}<lexeme>{'<grapheme>a</grapheme>' * 5_000}<alias>b</alias></lexeme></lexicon>",
    "<<1000001 bytes>>": " " * 1_000_001,
}
_SECONDS = 0.5
"""The slowest takes 20 ms; anything that grows faster than the document would take minutes."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_hostile_lexicon_is_refused_with_its_position(case):
    body = GENERATED.get(case["body"], case["body"])
    began = perf_counter()
    with pytest.raises(InvalidLexicon) as raised:
        parse_lexicon(body.encode("utf-8"), case["format"])
    assert perf_counter() - began < _SECONDS
    assert raised.value.code == case["code"]
    assert case["says"] in raised.value.message
    assert MARKER not in raised.value.message
