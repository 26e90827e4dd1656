"""`voice`: divide a document into documents of one voice each.

Each has the length of its place in the original, so that offsets in it are those of the original: markup of other parts
is blank, and elements that contain the part are opened right before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from herald.speech.ssml.document import Element, Text, parsed, refuse

MOST_CHANGES = 50
"""Maximum `voice` elements of a document."""
MOST_VOICES = 4
"""Maximum voices of a document, with that of the request: all are loaded at once, and one needs about 70 MB."""
_TAG = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_LANGUAGE = re.compile(r"\sxml:lang\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_VISIBLE = re.compile(r"[^\n]")
_SAID = frozenset({"sub", "phoneme"})
"""Elements that say something even without a text."""


class VoicePart(NamedTuple):
    """A document for one voice: its name in the original document, or None for the voice of the request."""

    voice: str | None
    document: str


class _Cut(NamedTuple):
    """A place from which on another voice speaks, and the elements that are open there, but for `voice`."""

    at: int
    voice: str | None
    open: tuple[Element, ...]
    within: int
    """How many of these elements contain the `voice` element."""


@dataclass
class _Walk:
    """What is found in the tree of a document."""

    source: str
    cuts: list[_Cut] = field(default_factory=list)
    voices: list[Element] = field(default_factory=list)
    said: list[int] = field(default_factory=list)
    """Offsets of what is spoken."""

    def into(self, element: Element, voice: str | None, opened: tuple[Element, ...], within: int) -> None:
        for child in element.children:
            if isinstance(child, Text):
                self.said += [child.start] * any(map(str.isalnum, child.text))
                continue
            self.said += [child.start] * (child.name in _SAID)
            if child.name != "voice":
                self.into(child, voice, (*opened, child), within)
                continue
            self.voices.append(child)
            self.cuts.append(_Cut(child.start, child.attributes.get("name", ""), opened, len(opened)))
            self.into(child, child.attributes.get("name", ""), opened, len(opened))
            self.cuts.append(_Cut(child.end, voice, opened, within))


def voice_elements(source: str) -> list[Element]:
    """Return the `voice` elements of a document; raise InvalidSsml for a faulty one."""
    if "<voice" not in source:
        return []
    walk = _walked(source)
    for voice in walk.voices:
        if not voice.attributes.get("name", "").strip():
            refuse(source, voice.start, "<voice> needs the attribute name, with a voice of GET /v1/voices")
        if voice.attributes.keys() != {"name"}:
            refuse(source, voice.start, "<voice> supports only the attribute name. Remove the others")
    if len(walk.voices) > MOST_CHANGES:
        at = walk.voices[MOST_CHANGES].start
        refuse(source, at, f"more than {MOST_CHANGES} <voice> elements. Send the text in parts")
    return walk.voices


def voice_parts(source: str) -> list[VoicePart]:
    """Return the parts of a document, in order; the document itself if it has no `voice` elements."""
    if not voice_elements(source):
        return [VoicePart(None, source)]
    root = parsed(source)
    walk = _walked(source)
    first = _Cut(root.start + len(_tag(source, root)), None, (root,), 0)
    cuts = [first, *walk.cuts]
    ends = [cut.at for cut in cuts[1:]] + [root.end]
    made: list[tuple[_Cut, int]] = []
    for cut, end in zip(cuts, ends, strict=True):
        speaks = any(cut.at <= at < end for at in walk.said)
        if speaks and made and not any(made[-1][0].at <= at < made[-1][1] for at in walk.said):
            made[-1] = (cut._replace(at=made[-1][0].at, open=made[-1][0].open), end)  # what only pauses goes along
        elif made and not speaks:
            made[-1] = (made[-1][0], end)
        else:
            made.append((cut, end))
    opened = {cut.at: cut.open for cut in cuts} | {root.end: ()}
    return [VoicePart(cut.voice, "".join(_document(walk, cut, end, opened[end]))) for cut, end in made]


def _walked(source: str) -> _Walk:
    root = parsed(source)
    walk = _Walk(source)
    walk.into(root, None, (root,), 0)
    return walk


def _document(walk: _Walk, cut: _Cut, end: int, left_open: tuple[Element, ...]) -> Iterator[str]:
    """Yield the pieces of a document from a cut to an end, where elements are still open."""
    source = walk.source
    tags = []
    for number, element in enumerate(cut.open):
        tag = _tag(source, element)
        # The language around a voice is that of the other voice.
        tags.append(_LANGUAGE.sub("", tag) if cut.voice is not None and number < cut.within else tag)
    before = "".join(tags)
    yield _blank(source[: cut.at], cut.at - len(before))
    yield before
    at = cut.at
    for start, stop in sorted(span for voice in walk.voices for span in _tags(source, voice)):
        if cut.at <= start < end:
            yield source[at:start]
            yield f"<!--{' ' * (stop - start - 7)}-->"  # a comment, as spaces would count as text
            at = stop
    yield source[at:end]
    yield "".join(f"</{element.name}>" for element in reversed(left_open))


def _tags(source: str, element: Element) -> Iterator[tuple[int, int]]:
    """Yield the spans of the opening and closing tag of an element."""
    opening = element.start + len(_tag(source, element))
    yield element.start, opening
    if element.end > opening:
        yield source.rindex("</", 0, element.end), element.end


def _tag(source: str, element: Element) -> str:
    """Return the opening tag of an element."""
    found = _TAG.match(source, element.start)
    return found[0] if found else ""


def _blank(text: str, length: int) -> str:
    """Return spaces of a length, with the line ends of the text, so that lines keep their numbers, if they fit."""
    lost = text.count("\n", max(length, 0))
    kept = _VISIBLE.sub(" ", text[: max(length, 0)])
    return "\n" * lost + kept[lost:] if "\n" not in kept[:lost] else kept
