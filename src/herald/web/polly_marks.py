"""Speech marks in the format of Amazon Polly: one JSON object a line, in order of time.

https://docs.aws.amazon.com/polly/latest/dg/output.html
"""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from herald.speech.phonemes import SpokenWord
from herald.speech.reading import read, supports
from herald.speech.visemes import visemes

if TYPE_CHECKING:
    from herald.speech.marks import Mark

_ORDER = ("sentence", "ssml", "word", "viseme")
"""Order of the marks of one moment."""
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]+[\"'”’)\]]*(?=\s|$)|\n\s*\n")  # noqa: RUF001  other scripts


class _Span(NamedTuple):
    start: int
    end: int


def lines_of(
    text: str, marks: Sequence["Mark"], words: Sequence[SpokenWord], *, types: Collection[str], language: str
) -> str:
    """Return the marks of a text as lines.

    `marks` are those of its written words, `words` what is spoken. Offsets are bytes of the text in UTF-8; times are
    milliseconds.
    """
    offsets = [0, *accumulate(len(one.encode()) for one in text)]
    found: list[dict[str, Any]] = []

    def add(kind: str, seconds: float, value: str, span: _Span | None = None) -> None:
        place = {"start": offsets[span.start], "end": offsets[span.end]} if span else {}
        found.append({"time": round(seconds * 1000), "type": kind, **place, "value": value})

    if "sentence" in types:
        for span, start in _spoken_sentences(text, marks, language):
            add("sentence", start, text[span.start : span.end], span)
    if "word" in types:
        for mark in marks:
            add("word", mark.start, text[mark.text_start : mark.text_end], _Span(mark.text_start, mark.text_end))
    if "viseme" in types:
        for viseme in visemes(words):
            add("viseme", viseme.start, viseme.value)
    found.sort(key=lambda mark: (mark["time"], _ORDER.index(mark["type"])))
    return "".join(json.dumps(mark, ensure_ascii=False, separators=(",", ":")) + "\n" for mark in found)


def _spoken_sentences(text: str, marks: Sequence["Mark"], language: str) -> Iterator[tuple[_Span, float]]:
    """Yield the sentences in which a word is spoken, each with its start in seconds."""
    left = iter(sorted(marks, key=lambda mark: mark.text_start))
    mark = next(left, None)
    for span in _sentences(text, language):
        start = None
        while mark is not None and mark.text_start < span.end:
            start = mark.start if start is None else start
            mark = next(left, None)
        if start is not None:
            yield span, start


def _sentences(text: str, language: str) -> Iterator[_Span]:
    if supports(language):
        for tokens in read(text, language).sentences():
            if tokens:
                yield _Span(tokens[0].start, tokens[-1].end)
        return
    ends = [0, *(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]
    for begin, end in pairwise(ends):
        start = begin + len(text[begin:end]) - len(text[begin:end].lstrip())
        if start < end:
            yield _Span(start, start + len(text[start:end].rstrip()))
