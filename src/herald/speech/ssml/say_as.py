"""Read the values of `say-as`, whose kind is given, with the grammar of herald.speech.reading."""

import re
from collections.abc import Callable
from types import MappingProxyType

from herald.speech.reading.grammar import LONGEST_NUMBER, Date, Grammar, Time
from herald.speech.reading.rules.codes import PHONE_GROUPS

KINDS = (
    "characters", "spell-out", "verbatim", "cardinal", "number", "ordinal", "digits", "fraction", "unit", "date",
    "time", "duration", "address", "telephone", "currency", "expletive", "bleep",
)  # fmt: skip
"""Values of `interpret-as`, of Amazon Polly and Google."""
BLEEPS = frozenset({"expletive", "bleep"})
DATE_FORMATS = ("mdy", "dmy", "ymd", "md", "dm", "ym", "my", "d", "m", "y", "yyyymmdd")
_LONGEST_SPELLED = 200
_LONGEST_PHONE = 32
_SEPARATED = re.compile(r"[^\s/.,-]+")
_COMPACT = re.compile(r"([\d?]{4})([\d?]{2})([\d?]{2})")
_ENDING = re.compile(r"(?<=\d)(?:st|nd|rd|th|º|ª|°|er|e|\.)$", re.IGNORECASE)
_FRACTION = re.compile(r"(-?)(?:(\d{1,12})\s*\+\s*|(\d{1,12})\s+)?(\d{1,12})\s*[/⁄]\s*(\d{1,12})")
_SINGLE = MappingProxyType({
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅛": "1/8",
    "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
})  # fmt: skip
_UNIT = re.compile(r"(-?)((?:\d+\s*\+\s*)?\d+\s*/\s*\d+|[\d.,]*)\s*([^\d\s].*)")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:[:.](\d{2}))?\s*(?:([AaPp])\.?\s*[Mm]\.?)?\s*([A-Za-z]{2,5})?")
_MINUTES = re.compile(r"(?:(\d{1,4})['′])?\s*(?:(\d{1,4})(?:[\"″]|''))?")
_PARTS = re.compile(r"(\d{1,6})\s*(h|m|s|ms|hours?|hrs?|minutes?|mins?|seconds?|secs?)(?![a-z])", re.IGNORECASE)
_DURATION_UNITS = MappingProxyType({"h": "h", "m": "min", "s": "s", "ms": "ms"})
_GROUPS_OF_PHONES = MappingProxyType({7: (3, 4), 10: (3, 3, 4), 11: (1, 3, 3, 4)})
_TWO_DIGITS, _HOURS, _SIXTY = 2, 24, 60

type Read = Callable[[str], str]
"""Returns the words of a text that is read like any other."""


def said(value: str, kind: str, form: str, grammar: Grammar, read: Read) -> str:
    """Return the words of a value. `form` is the attribute `format`, or "".

    Raise ValueError if the value is not of the kind; its message describes the kind, without the value.
    """
    text = " ".join(value.split())
    if not text:
        raise ValueError("the element must have a text")
    return _SAYERS[kind](text, form.strip().lower(), grammar, read)


def spelled(text: str, grammar: Grammar | None) -> str:
    """Return characters one by one; without a grammar, the synthesizer names them."""
    if len(text) > _LONGEST_SPELLED:
        raise ValueError(f"at most {_LONGEST_SPELLED} characters can be spelled at once")
    if grammar is None:
        return " ".join(one for one in text if not one.isspace())
    names = grammar.table
    words = []
    for one in text:
        if one.isdigit() and one.isascii():
            words.append(names.digits[int(one)])
        elif one.isalpha():
            words.append(one.upper())
        elif not one.isspace():
            sign = names.link_signs.get(one) or names.symbols.get(one)
            words.append(sign or (names.dot if one == "." else one))
    return " ".join(words)


def _characters(text: str, _: str, grammar: Grammar, _read: Read) -> str:
    return spelled(text, grammar)


def _cardinal(text: str, _: str, grammar: Grammar, _read: Read) -> str:
    sign, number = _signed(text, grammar)
    return sign + grammar.number(number)


def _signed(text: str, grammar: Grammar) -> tuple[str, str]:
    """Return the words for the sign, and the number without spaces."""
    bare = text.replace(" ", "").replace("−", "-")
    number = bare.lstrip("+-")
    table = grammar.table
    marks = frozenset(table.group_marks + table.decimal_mark + ".,'") - {" "}
    digits = number.translate({ord(mark): None for mark in marks})
    if len(bare) - len(number) > 1 or not digits.isdigit() or not digits.isascii() or len(digits) > LONGEST_NUMBER:
        raise ValueError('the text must be a number such as "1,234" or "-5.5"')
    return f"{table.minus} " if bare[0] == "-" else "", number


def _ordinal(text: str, _: str, grammar: Grammar, _read: Read) -> str:
    number = _ENDING.sub("", text.replace(" ", "")).translate({ord(mark): None for mark in ".,'"})
    if not number.isdigit() or not number.isascii() or len(number) > LONGEST_NUMBER:
        raise ValueError('the text must be a whole number such as "3" or "3rd"')
    return grammar.ordinal(int(number))


def _digits(text: str, form: str, grammar: Grammar, read: Read) -> str:
    digits = [one for one in text if one.isdigit() and one.isascii()]
    if len(digits) != sum(one.isalnum() for one in text) or not digits:
        return _characters(text, form, grammar, read)
    return grammar.digits("".join(digits))


def _fraction(text: str, _: str, grammar: Grammar, _read: Read) -> str:
    found = _FRACTION.fullmatch("".join(f" {_SINGLE[one]}" if one in _SINGLE else one for one in text).strip())
    if not found or not int(found[5]):
        raise ValueError('the text must be a fraction such as "2/9" or "1+1/2"')
    sign = f"{grammar.table.minus} " if found[1] else ""
    return sign + grammar.fraction(found[2] or found[3] or "", found[4], found[5])


def _unit(text: str, form: str, grammar: Grammar, read: Read) -> str:
    found = _UNIT.fullmatch(text)
    if not found:
        raise ValueError('the text must be a number with a unit such as "10 ft" or "1/2inch"')
    sign = f"{grammar.table.minus} " if found[1] else ""
    number, unit = found[2], found[3].strip()
    one, many = grammar.table.units.get(unit) or grammar.table.units.get(unit.lower()) or ("", "")
    if not one:
        # The unit in words: "10 foot".
        pairs = [pair for pair in grammar.table.units.values() if unit.lower() in pair]
        one, many = pairs[0] if pairs else ("", "")
    if not one:
        return f"{sign}{_fraction(number, form, grammar, read)} {read(unit)}" if "/" in number else read(text)
    if not number:
        return one
    if "/" in number:
        return f"{sign}{_fraction(number, form, grammar, read)} {many if '+' in number else one}"
    return sign + grammar.counted(_signed(number, grammar)[1], one, many)


def _date(text: str, form: str, grammar: Grammar, read: Read) -> str:
    if form and form not in DATE_FORMATS:
        raise ValueError(f"format must be one of {', '.join(DATE_FORMATS)}")
    compact = _COMPACT.fullmatch(text.replace(" ", ""))
    if compact and form in {"", "yyyymmdd", "ymd"}:
        parts = [part if part.isdigit() else "" for part in compact.groups()]
        letters = "ymd"
    elif form == "yyyymmdd":
        raise ValueError("a date of the format yyyymmdd has eight digits, or question marks for those to omit")
    elif not form:
        return read(text)
    else:
        letters = form
        parts = _SEPARATED.findall(text)
        if len(parts) == 1 and parts[0].isdigit() and len(letters) > 1:
            parts = _split(parts[0], letters)
    if len(parts) != len(letters):
        raise ValueError(f"a date of the format {form} has {len(letters)} numbers such as 12/31/2026")
    return _spoken_date(dict(zip(letters, parts, strict=True)), grammar)


def _split(digits: str, letters: str) -> list[str]:
    """Divide digits without separators: two for each part, the rest for the year."""
    parts, at = [], 0
    year = len(digits) - _TWO_DIGITS * (len(letters) - 1)
    for letter in letters:
        size = year if letter == "y" else _TWO_DIGITS
        parts.append(digits[at : at + max(size, 0)])
        at += size
    return parts


def _spoken_date(parts: dict[str, str], grammar: Grammar) -> str:
    month = grammar.month_numbers.get(parts.get("m", "").lower()) or _parse_part(parts.get("m", ""), 12, "month")
    day = _parse_part(_ENDING.sub("", parts.get("d", "")), 31, "day")
    year = parts.get("y", "").lstrip("'")
    if year and (not year.isdigit() or not year.isascii() or len(year) > 4):  # noqa: PLR2004
        raise ValueError("the year must have up to four digits")
    if month:
        first = grammar.table.date_order == "dmy"
        return grammar.date(Date(day or None, month, year or None, day_first=first))
    said_parts = [grammar.day(day)] if day else []
    if year:
        said_parts.append(grammar.year(year))
    if not said_parts:
        raise ValueError("the text must be a date")
    return " ".join(said_parts)


def _parse_part(number: str, most: int, name: str) -> int:
    """Return a number, or 0 for an empty string."""
    if not number:
        return 0
    if not number.isdigit() or not number.isascii() or len(number) > _TWO_DIGITS or not 1 <= int(number) <= most:
        raise ValueError(f"the {name} must be from 1 to {most}")
    return int(number)


def _time(text: str, form: str, grammar: Grammar, read: Read) -> str:
    found = _MINUTES.fullmatch(text)
    if found and any(found.groups()):
        return _amounts([(found[1], "min"), (found[2], "s")], grammar)
    clock = _CLOCK.fullmatch(text)
    if clock and (clock[2] or clock[4]):
        hours, minutes, seconds = (int(part) if part else None for part in clock.group(1, 2, 3))
        zone = grammar.table.time_zones.get((clock[5] or "").lower())
        if clock[5] and zone is None:
            return read(text)
        if hours is None or hours > _HOURS or (minutes or 0) >= _SIXTY or (seconds or 0) >= _SIXTY:
            raise ValueError('the text must be a time such as "2:30pm", or minutes and seconds such as 1\'21"')
        part = grammar.table.day_parts.get(f"{clock[4]}m".lower(), "") if clock[4] else ""
        return grammar.time(Time(hours, minutes, seconds, part, zone or ""))
    if not any(map(str.isdigit, text)):
        raise ValueError('the text must be a time such as "2:30pm", or minutes and seconds such as 1\'21"')
    return _duration(text, form, grammar, read) if _PARTS.search(text) else read(text)


def _duration(text: str, form: str, grammar: Grammar, _read: Read) -> str:
    named = _PARTS.findall(text)
    if named and not _PARTS.sub("", text).strip(" ,"):
        amounts = [(number, _DURATION_UNITS["ms" if unit == "ms" else unit[0].lower()]) for number, unit in named]
        return _amounts(amounts, grammar)
    numbers = re.split(r"[:.]", text.replace(" ", ""))
    units_of = form.split(":") if form else ["h", "m", "s"][-len(numbers) :] if len(numbers) < 4 else []  # noqa: PLR2004
    if len(units_of) != len(numbers) or not all(one in _DURATION_UNITS for one in units_of):
        raise ValueError('the text must be a duration such as "1h30m" or "2:30", with a format such as "h:m"')
    if not all(number.isdigit() and number.isascii() and len(number) < 7 for number in numbers):  # noqa: PLR2004
        raise ValueError('the text must be a duration such as "1h30m" or "2:30"')
    amounts = [(number, _DURATION_UNITS[unit]) for number, unit in zip(numbers, units_of, strict=True)]
    return _amounts([pair for pair in amounts if int(pair[0])] or amounts[-1:], grammar)


def _amounts(amounts: list[tuple[str | None, str]], grammar: Grammar) -> str:
    said_parts = []
    for number, unit in amounts:
        if number:
            one, many = grammar.table.units.get(unit) or (unit, unit)
            said_parts.append(grammar.counted(str(int(number)), one, many))
    return " ".join(said_parts)


def _telephone(text: str, _: str, grammar: Grammar, _read: Read) -> str:
    groups = PHONE_GROUPS.findall(text)
    if not any(map(str.isdigit, text)) or len(text) > _LONGEST_PHONE:
        raise ValueError(f"the text must be a telephone number of at most {_LONGEST_PHONE} characters")
    if len(groups) == 1 and (sizes := _GROUPS_OF_PHONES.get(len(groups[0].lstrip("+")))):
        sign = "+" if groups[0][0] == "+" else ""
        digits, groups = groups[0].lstrip("+"), []
        for size in sizes:
            groups.append(digits[:size])
            digits = digits[size:]
        groups[0] = sign + groups[0]
    elif len(groups) > 1 and "+" in text and text[0] != "+":
        groups = [group.lstrip("+") for group in groups]
    return grammar.telephone(groups)


def _currency(text: str, _: str, _grammar: Grammar, read: Read) -> str:
    if not any(map(str.isdigit, text)):
        raise ValueError('the text must be an amount such as "$42.01" or "USD 42.01"')
    return read(text)


def _address(text: str, _: str, _grammar: Grammar, read: Read) -> str:
    return read(text)


_SAYERS: dict[str, Callable[[str, str, Grammar, Read], str]] = {
    "characters": _characters, "spell-out": _characters, "verbatim": _characters, "cardinal": _cardinal,
    "number": _cardinal, "ordinal": _ordinal, "digits": _digits, "fraction": _fraction, "unit": _unit, "date": _date,
    "time": _time, "duration": _duration, "address": _address, "telephone": _telephone, "currency": _currency,
}  # fmt: skip
