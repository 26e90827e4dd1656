"""Divide a document with `voice` elements into one document per voice.

Offsets in each are those of the original: the text before it is replaced by spaces, and the elements that contain the
part are opened directly before it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from herald.speech.ssml.document import Element, Text, parsed, refuse

MOST_CHANGES = 50
"""Maximum `voice` elements of a document."""
MOST_VOICES = 4
"""Maximum voices of a document, with that of the request: all are loaded at once, and one needs about 70 MB."""
_TAG = re.compile(r"<(?:[^<>\"']++|\"[^\"]*\"|'[^']*')*+>")
_LANGUAGE = re.compile(r"\sxml:lang\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_VISIBLE = re.compile(r"[^\n]+")
_SAID = frozenset({"sub", "phoneme"})
"""Elements that are spoken even without text."""


class VoicePart(NamedTuple):
    """A document for one voice: its name in the original document, or None for the voice of the request."""

    voice: str | None
    document: str


class _Cut(NamedTuple):
    """A position at which the voice changes, and the elements that are open there, except `voice`."""

    at: int
    voice: str | None
    open: tuple[Element, ...]
    around: tuple[Element, ...] = ()
    """The elements that contain the `voice` element of this voice. Their language is that of the other voice."""


@dataclass
class _Walk:
    """Voice changes and spoken text in the tree of a document."""

    source: str
    cuts: list[_Cut] = field(default_factory=list)
    voices: list[Element] = field(default_factory=list)
    said: list[int] = field(default_factory=list)
    """Offsets of spoken text and elements."""

    @cached_property
    def blank(self) -> str:
        """The source with spaces in place of everything but line ends."""
        return _blank(self.source)

    def visit(
        self, element: Element, voice: str | None, opened: tuple[Element, ...], around: tuple[Element, ...] = ()
    ) -> None:
        for child in element.children:
            if isinstance(child, Text):
                self.said += [child.start] * any(map(str.isalnum, child.text))
                continue
            self.said += [child.start] * (child.name in _SAID)
            if child.name != "voice":
                self.visit(child, voice, (*opened, child), around)
                continue
            self.voices.append(child)
            self.cuts.append(_Cut(child.start, child.attributes.get("name", ""), opened, opened))
            self.visit(child, child.attributes.get("name", ""), opened, opened)
            self.cuts.append(_Cut(child.end, voice, opened, around))


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
    first = _Cut(root.start + len(_tag(source, root)), None, (root,))
    cuts = [first, *walk.cuts]
    ends = [cut.at for cut in cuts[1:]] + [root.end]
    spans: list[tuple[_Cut, int]] = []
    for cut, end in zip(cuts, ends, strict=True):
        speaks = any(cut.at <= at < end for at in walk.said)
        if speaks and spans and not any(spans[-1][0].at <= at < spans[-1][1] for at in walk.said):
            spans[-1] = (
                cut._replace(at=spans[-1][0].at, open=spans[-1][0].open),
                end,
            )  # a part with pauses only is joined to the next one
        elif spans and not speaks:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((cut, end))
    opened = {cut.at: cut.open for cut in cuts} | {root.end: ()}
    return [VoicePart(cut.voice, _document(walk, cut, end, opened[end])) for cut, end in spans]


def _walked(source: str) -> _Walk:
    root = parsed(source)
    walk = _Walk(source)
    walk.visit(root, None, (root,))
    return walk


def _document(walk: _Walk, cut: _Cut, end: int, left_open: Sequence[Element]) -> str:
    """Return the document of the part from a cut to an end, where elements are still open."""
    foreign = [one for one in cut.around if "xml:lang" in one.attributes]
    removed = {one.start for one in foreign if one.name == "lang"}  # an element that has no other purpose
    edits = [
        _Edit(start, stop, f"<!--{' ' * (stop - start - 7)}-->")  # a comment, as spaces would count as text
        for element in [*walk.voices, *(one for one in foreign if one.start in removed)]
        for start, stop in _tags(walk.source, element)
    ]
    for element in foreign:
        if element.start not in removed:
            tag = _tag(walk.source, element)
            without = _LANGUAGE.sub(lambda found: _blank(found[0]), tag)
            edits.append(_Edit(element.start, element.start + len(tag), without))
    source = _edited(walk.source, edits)
    before = "".join(_tag(source, one) for one in cut.open if one.start not in removed)
    blank = _blank_before(walk, before, cut.at)
    closing = "".join(f"</{one.name}>" for one in reversed(left_open) if one.start not in removed)
    return f"{blank}{before}{source[cut.at : end]}{closing}"


def _blank_before(walk: _Walk, tags: str, at: int) -> str:
    """Return the blank text before the tags of a document, so that offsets and line numbers stay the same."""
    length = at - len(tags)
    lines = walk.source.count("\n", 0, at) - tags.count("\n")
    kept = walk.blank[:length]
    lost = lines - kept.count("\n")
    if lost < 0 or "\n" in kept[:lost]:
        return "\n" * lines + " " * (length - lines)
    return "\n" * lost + kept[lost:]


class _Edit(NamedTuple):
    """A span of the source and its replacement of the same length."""

    start: int
    end: int
    text: str


def _edited(source: str, edits: Iterable[_Edit]) -> str:
    pieces, at = [], 0
    for edit in sorted(edits):
        pieces += [source[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, source[at:]])


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


def _blank(text: str) -> str:
    """Return spaces in place of everything but line ends."""
    return _VISIBLE.sub(lambda found: " " * len(found[0]), text)
