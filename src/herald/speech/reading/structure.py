"""Find the ends of sentences, lines, list items and clauses."""

from itertools import pairwise
from typing import TYPE_CHECKING

from herald.speech.reading.patterns import Lazy

if TYPE_CHECKING:
    from herald.speech.reading.scanner import Scan

_DASH = Lazy(r"--+|—+|–+|-+")
_ITEM = Lazy(r"(?:[-*+•–]\s+|\(?\d{1,3}[.)]\s+|[A-Za-z][.)]\s+)")
_HEADING = 48
"""Maximum characters of a line that may be a heading or a list item; longer ones are wrapped prose."""
_STRONGER = {",": 0, ":": 1, ";": 2, ".": 3}


def pause(scan: "Scan", start: int, end: int, mark: str) -> int:
    """Add a pause within a sentence, unless no words precede it. Of two adjacent pauses, keep the stronger one."""
    last = scan.tokens[-1] if scan.tokens else None
    if last and last.spoken:
        scan.add(start, end, "pause", mark)
    elif last and last.kind == "pause" and _STRONGER[mark] > _STRONGER[last.words]:
        scan.tokens[-1] = type(last)(last.start, end, "pause", mark)
    return end


def end_sentence(scan: "Scan", start: int, end: int, mark: str) -> int:
    """End the sentence, unless it has no words."""
    while scan.kind == "pause":
        scan.tokens.pop()
    if scan.tokens and scan.tokens[-1].spoken:
        scan.add(start, end, "end", mark)
    elif scan.kind == "end" and mark in "?!" and scan.tokens[-1].words == ".":
        last = scan.tokens[-1]
        scan.tokens[-1] = type(last)(last.start, end, "end", mark)
    return end


def skip_spaces(scan: "Scan", at: int, limit: int) -> int:
    """Skip spaces; end the sentence or the paragraph at line breaks that separate them. Return where they end."""
    text = scan.text
    end = at
    while end < limit and text[end].isspace():
        end += 1
    gap = text[at:end]
    breaks = gap.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    if not breaks or not scan.tokens:
        return end
    if breaks > 1:
        end_sentence(scan, at, at, ".")
        if end < len(text) and scan.tokens[-1].kind == "end":
            scan.tokens.append(type(scan.tokens[-1])(at, end, "paragraph", ""))
        return end
    if _ends_line(text, at, end):
        end_sentence(scan, at, end, ".")
    return end


def _ends_line(text: str, at: int, end: int) -> bool:
    """Return whether a line break ends a list item, a heading or a line of an address, and is not in wrapped prose."""
    if _ITEM.match(text, end):
        return True
    begin = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    if _ITEM.match(text, begin):
        return not text[end : end + 1].islower()
    return at - begin <= _HEADING and not text[end : end + 1].islower() and text[at - 1] not in ",;-&"


_OPENS = Lazy(r"\s+[\"'(]*(?![A-Z]\.)([A-ZÀ-Ý][a-zß-ÿ']*)(?![^\W_])|\s*\Z")
_NAME = Lazy(r"\s+[^\W\d_]+\s+[A-ZÀ-Ý]")
"""A name after an article, as in "La Paz"."""
_CAPITAL = Lazy(r"\s+(?!(?:VO|IM|IV|EV|SC)(?!\w)|[A-Z]{1,3}\$)[A-ZÀ-Ý¡¿]")
_COMMAS = frozenset(",;:")
_SPACED_COMMAS = frozenset({" :", " ;"})
"""French notation."""
_CLOSERS = "\"')]}"


def after_rule(scan: "Scan", kind: str, end: int) -> int:
    """Return where to continue after the match of a rule. End the sentence at its last dot if another begins there."""
    if kind == "item":
        pause(scan, end, end, ",")
    elif scan.text[end - 1] == "." and kind not in ("title", "initial", "label") and _begins_sentence(scan, end, kind):
        scan.add(end, end, "end", ".")
    return end


def _begins_sentence(scan: "Scan", at: int, kind: str) -> bool:
    """Return whether a new sentence probably begins here, after the dot of an abbreviation."""
    begins = scan.table.capitals_begin and _CAPITAL.match(scan.text, at) is not None
    written = scan.text[scan.tokens[-1].start : at].lower() if scan.tokens else ""
    if kind == "date" and scan.table.capitals_begin and not scan.shouted and written[:1].isdigit():
        return begins or at == len(scan.text)  # "le 15 déc. Tarif D"
    if begins and (kind in ("measure", "time", "money") or (not scan.shouted and written in scan.table.ending)):
        return True
    following = _OPENS.match(scan.text, at)
    if following is None or following[1] is None:
        return following is not None
    word = following[1].lower()
    if len(word) == 1 and (scan.shouted or scan.text.startswith(".", following.end(1))):
        return False  # an initial
    if word in scan.table.name_articles and kind == "abbreviation" and _NAME.match(scan.text, at):
        return scan.text[scan.tokens[-1].start : at].lower() in scan.table.closing
    return word in scan.table.openers


def quoted(text: str, at: int, most: int) -> bool:
    """Return whether a quotation begun in the last `most` characters is open. A mark after a digit means inches."""
    inside = False
    for before, mark in pairwise(f" {text[max(0, at - most) : at]}"):
        if mark == '"' and (inside or not before.isdigit()):
            inside = not inside
    return inside


def read_sign(scan: "Scan", at: int, limit: int) -> int:
    """Read a sign that no rule matched, as a pause, the end of a sentence, or nothing."""
    text, one = scan.text, scan.text[at]
    if one in ".!?…":
        return _end(scan, at, limit)
    if one in ",;:":
        return pause(scan, at, at + 1, one)
    if one in "-–—":
        end = _DASH.match(text, at, limit).end()  # type: ignore[union-attr]
        spaced = text[at - 1 : at].isspace() and text[end : end + 1].isspace()
        return pause(scan, at, end, ",") if spaced or one == "—" or end - at > 1 else end
    if one in "([{|":
        return pause(scan, at, at + 1, ",") if not at or not text[at - 1].isalnum() else at + 1  # "item(s)"
    if one in ")]}":
        return pause(scan, at, at + 1, ",") if not text[at + 1 : at + 2].isalnum() else at + 1
    return at + 1


def _end(scan: "Scan", at: int, limit: int) -> int:
    text = scan.text
    end = at
    while end < limit and text[end] in ".!?…":
        end += 1
    run = text[at:end]
    mark = "?" if "?" in run else "!" if "!" in run else "."
    after = end
    while after < limit and text[after] in _CLOSERS:
        after += 1
    following = text[after : after + 2].strip()[:1]
    if run == "." and (text[end : end + 1] in _COMMAS or text[end : end + 2] in _SPACED_COMMAS):
        return end  # of an abbreviation: "Hosp., 5 Elm Ave."
    if mark == "." and len(run) > 1 and following and not following.isupper():
        return pause(scan, at, end, ";")
    if mark == "." and not following and text[after : after + 1].isspace():
        return end_sentence(scan, at, end, mark)
    if mark == "." and text[after : after + 1].isalnum() and not (text[at - 1 : at].isalpha() and following.isalpha()):
        return end
    return end_sentence(scan, at, end, mark)
