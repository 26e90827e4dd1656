"""Write the marks of a text as JSON, SubRip (SRT) or WebVTT."""

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from html import escape
from itertools import pairwise
from textwrap import wrap

from herald.speech.marks import Mark

_LINE, _LINES = 42, 2
"""Maximum characters per line and lines per cue."""
_LONGEST, _SHORTEST = 6.0, 1.0
"""Duration of a cue in seconds. A single word may be longer; a short cue is extended up to the next one."""
_PAUSE = 0.5
"""Minimum seconds of silence that end a cue."""
_PULL = 3.0
"""Weight of pauses when an overlong sentence is cut: seconds of distance from the middle per second of pause."""
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]|\n\s*\n")  # noqa: RUF001  other scripts
_ITEM = re.compile(r"\n\s*(?:[-*•]\s|\(?\d{1,3}[.)]\s)")
"""A line break before an item of a list."""
_OPENING = re.compile(r"(?:(?<=\s)\S*|(?<=\n)[-*•]\s+)\Z")
"""Characters directly before a word, such as a bracket."""


@dataclass(frozen=True)
class Cue:
    """A piece of a text, with its start and end in seconds."""

    text: str
    start: float
    end: float
    closes: bool = False
    """Whether it ends a sentence."""


def as_json(marks: Sequence[Mark]) -> str:
    """Return a JSON list with one object per word, each on its own line."""
    return "[" + ",".join(f"\n{json.dumps(asdict(mark), ensure_ascii=False)}" for mark in marks) + "\n]\n"


def as_srt(text: str, marks: Sequence[Mark], *, seconds: float = math.inf) -> str:
    """Return SubRip subtitles. The text is not escaped; the format has no escapes."""
    return "\n".join(
        f"{number}\n{_times(cue).replace('.', ',')}\n{_lines(cue.text)}\n"
        for number, cue in enumerate(cues(text, marks, seconds=seconds), start=1)
    )


def as_vtt(text: str, marks: Sequence[Mark], *, seconds: float = math.inf) -> str:
    """Return WebVTT subtitles (W3C)."""
    return "WEBVTT\n" + "".join(
        f"\n{_times(cue)}\n{escape(_lines(cue.text), quote=False)}\n" for cue in cues(text, marks, seconds=seconds)
    )


def cues(text: str, marks: Sequence[Mark], *, seconds: float = math.inf) -> list[Cue]:
    """Divide the text into cues: sentences, or parts of long ones. `seconds` is the length of the audio."""
    all_cues = [cue for sentence in _sentences(_words(text, marks)) for cue in _fitting(sentence)]
    following = [*(cue.start for cue in all_cues[1:]), seconds]
    return [
        replace(cue, end=max(cue.end, min(cue.start + _SHORTEST, begin)))
        for cue, begin in zip(all_cues, following, strict=False)
    ]


def _words(text: str, marks: Sequence[Mark]) -> Iterator[Cue]:
    """Yield each word with the punctuation and spaces around it; joined, they are the complete text."""
    inner = [_start_of_word(text, before, mark) for before, mark in pairwise(marks)]
    for mark, begin, end in zip(marks, [0, *inner], [*inner, len(text)], strict=False):
        line = text.find("\n", mark.text_end, end)
        item = line >= 0 and _ITEM.match(text, line) is not None
        closes = item or _SENTENCE_END.search(text, mark.text_end, end) is not None
        yield Cue(text[begin:end], mark.start, mark.end, closes)


def _start_of_word(text: str, before: Mark, mark: Mark) -> int:
    opening = _OPENING.search(text[before.text_end : mark.text_start])
    return mark.text_start - len(opening[0] if opening else "")


def _sentences(words: Iterator[Cue]) -> Iterator[list[Cue]]:
    sentence: list[Cue] = []
    for word in words:
        if sentence and (sentence[-1].closes or word.start - sentence[-1].end >= _PAUSE):
            yield sentence
            sentence = []
        sentence.append(word)
    if sentence:
        yield sentence


def _fitting(words: list[Cue]) -> Iterator[Cue]:
    """Yield the words as one cue, or cut recursively near the middle, preferably at a pause, until the parts fit."""
    cue = Cue(" ".join("".join(word.text for word in words).split()), words[0].start, words[-1].end)
    fits = cue.end - cue.start <= _LONGEST and _lines(cue.text).count("\n") < _LINES
    if len(words) == 1 or fits:
        yield cue
        return
    middle = (cue.start + cue.end) / 2
    off = [abs(after.start - middle) - _PULL * (after.start - before.end) for before, after in pairwise(words)]
    cut = off.index(min(off)) + 1
    yield from _fitting(words[:cut])
    yield from _fitting(words[cut:])


def _lines(text: str) -> str:
    return "\n".join(wrap(text, _LINE, break_on_hyphens=False))


def _times(cue: Cue) -> str:
    return f"{_time(cue.start)} --> {_time(cue.end)}"


def _time(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, whole = divmod(whole, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{whole:02}.{milliseconds:03}"
