"""`say-as`: the words of every kind, and what is refused. The words were checked by reading them."""

import json
from pathlib import Path

import pytest

from herald.errors import InvalidSsml
from herald.speech.reading import read

CASES = [json.loads(line) for line in Path(__file__).with_name("say_as.jsonl").read_text("utf-8").splitlines()]


def document(case):
    form = f' format="{case["format"]}"' if "format" in case else ""
    text = case["text"].replace('"', "&quot;") * case.get("times", 1)
    return f'<speak><say-as interpret-as="{case["as"]}"{form}>{text}</say-as></speak>'


def name(case):
    return f"{case['language']} {case['as']} {case.get('format', '')} {case['text']}"


@pytest.mark.parametrize("case", [case for case in CASES if "words" in case], ids=name)
def test_a_value_is_said(case):
    assert read(document(case), case["language"], text_format="ssml").words == case["words"]


@pytest.mark.parametrize("case", [case for case in CASES if "refused" in case], ids=name)
def test_a_value_that_is_not_of_the_kind_is_refused(case):
    with pytest.raises(InvalidSsml) as refused:
        read(document(case), case["language"], text_format="ssml")
    assert refused.value.message == f"Line 1, column 8: say-as {case['as']}: {case['refused']}"
