"""Rules of English abbreviations, everyday and medical, that depend on their context: "3rd fl.", "1 tab PO BID"."""

import re

from herald.speech.reading.languages.english_words import CONTRACTIONS
from herald.speech.reading.patterns import Lazy
from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules
from herald.speech.reading.scanner import Scan
from herald.speech.reading.table import spread, words

_DIRECTIONS = {
    "bid": "twice a day", "tid": "three times a day", "qid": "four times a day", "qd": "once a day",
    "qod": "every other day", "qhs": "at bedtime", "hs": "at bedtime", "qam": "every morning",
    "qpm": "every evening", "qwk": "once a week", "po": "by mouth", "sl": "under the tongue", "prn": "as needed",
    "ac": "before meals", "pc": "after meals", "bd": "twice a day", "tds": "three times a day", "nocte": "at night",
}  # fmt: skip
"""Directions of prescriptions, from Latin."""
_CERTAIN = words("tid qid tds qod qhs prn b.d. t.d.s. b.i.d. t.i.d. q.i.d. q.d. q.o.d. q.h.s. p.r.n.")
"""Unambiguous directions. The others must follow a dose: "PO" is also a post office."""
_LOWER_ONLY = words("p.o. h.s. a.c. p.c. s.l.")
"""Directions that are unambiguous in lower case: "H.S." is a high school."""
_FORMS = {
    "tab": ("tablet", "tablets"), "cap": ("capsule", "capsules"), "gtt": ("drop", "drops"),
    "supp": ("suppository", "suppositories"),
}  # fmt: skip
_DOSE_WORDS = words(
    "tablet tablets capsule capsules drop drops puff puffs spray sprays unit units gtt gtts pill "
    "pills dose doses take takes taking give inject apply chew swallow inhale instill sig dissolve"
)
_DOSE_UNITS = ("milligram", "microgram", "milliliter", "teaspoon", "tablespoon")
_INTERVALS = spread({
    "h|hr|hrs|hour|hours": "hours", "d|day|days": "days", "w|wk|wks|week|weeks": "weeks",
    "mo|mos|month|months": "months", "min|mins": "minutes", "dose|doses": "doses",
})  # fmt: skip
_INTERVAL = rf"(?P<unit>{'|'.join(sorted(_INTERVALS, reverse=True))})(?!\w)"
_DIRECTION_AFTER = Lazy(
    r"\.?\s{0,2}(?:\(|(?:daily|by\smouth|every|twice|once|\w{2,5}\stimes|po|prn|bid|tid|qid|qd|qhs|hs|[bt]\.i\.d|q\.|p\.[or])\b"
    r"|q\s?\d|x\s?\d)",
    re.IGNORECASE,
)
_SYMPTOM = Lazy(r"\s(?!for\b|if\b|and\b|or\b|only\b|with\b|when\b|up\b|not\b)(?:[a-z]{3}|[A-Z]{2})")
"""The symptom after "prn", as in "prn pain"."""
_COUNTING = frozenset({"number", "fraction", "range"})
_EYES = {"OD": "in the right eye", "OS": "in the left eye", "OU": "in both eyes"}
_DROPS = words("drop drops gtt gtts")
_PRESSURE = words("bp pressure")

ENGLISH_MEDICAL = Rules()
ENGLISH_MEDICAL.phrase("measure", DIGIT, r"(?P<number><num>)\s?K/[uµ]L", "{number:number} thousand per microliter", "/")


def _dosed(scan: Scan) -> bool:
    """Return whether the same sentence has a dose before: "5 mL", "2 tabs", "take one"."""
    for token in scan.tokens[:-9:-1]:
        if token.kind in {"end", "paragraph"}:
            return False
        medicine = token.kind == "measure" and any(unit in token.words for unit in _DOSE_UNITS)
        if medicine or token.kind == "dose" or scan.text[token.start : token.end].lower() in _DOSE_WORDS:
            return True
    return False


@ENGLISH_MEDICAL.rule("dose", WORD, r"(?P<name>(?:[a-z]\.){2,3}|[a-z]{2,3}(?!\.[a-z])|nocte)(?![\w'&/-])")
def _direction(match: re.Match[str], scan: Scan) -> str | None:
    """Read "b.i.d.", "PRN" and, after a dose, "PO"."""
    name = match["name"]
    said = _DIRECTIONS.get(name.lower().replace(".", ""))
    if not said:
        return None
    certain = name.lower() in _CERTAIN or name in _LOWER_ONLY
    # "Bid" and "Ac" are words.
    uniform = name.islower() or name.isupper()
    if said == "as needed" and _SYMPTOM.match(scan.after(match)):
        said = "as needed for"
    return said if certain or (uniform and not scan.shouted and "." not in name and _dosed(scan)) else None


@ENGLISH_MEDICAL.rule(
    "dose",
    WORD,
    rf"q\.?\s?(?P<first>\d{{1,2}})(?:\s?[-–]\s?(?P<last>\d{{1,2}}))?(?:(?P<letter>[hdw])(?!\w)|\s?{_INTERVAL})\.?(?!\w)",
    "hdwHDWmM",
)
def _interval(match: re.Match[str], scan: Scan) -> tuple[str, int]:
    """Read "q6h" and "q4-6 hrs."; "Q3" of a year has no unit."""
    unit = _INTERVALS[(match["letter"] or match["unit"]).lower()]
    first = scan.grammar.cardinal(int(match["first"]))
    end = match.end("letter") if match["letter"] else match.end("unit")
    end += scan.text[end : end + 2] in {". ", ".,", ".)"} and scan.text[end + 2 : end + 3].islower()
    if match["last"]:
        return f"every {first} {scan.table.to} {scan.grammar.cardinal(int(match['last']))} {unit}", end
    return f"every {unit[:-1] if match['first'] == '1' else f'{first} {unit}'}", end


@ENGLISH_MEDICAL.rule("dose", WORD, rf"x\s?(?P<number>\d{{1,3}})\s?{_INTERVAL}", "xX")
def _course(match: re.Match[str], scan: Scan) -> str | None:
    """Read "x 10 days" after a dose, a price or a word."""
    priced = scan.kind in {"money", "word", "acronym", "abbreviation"}
    if not priced and not _dosed(scan):
        return None
    unit = _INTERVALS[match["unit"].lower()]
    number = int(match["number"])
    return f"for {scan.grammar.cardinal(number)} {unit[:-1] if number == 1 else unit}"


@ENGLISH_MEDICAL.rule("dose", WORD, r"(?P<name>tab|cap|gtt|supp)(?P<many>s?)(?P<dot>\.?)(?![\w'-])")
def _form(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "tab." and "caps" as medicine if a dose or direction is near: tabs and caps have other meanings."""
    last = scan.tokens[-1] if scan.tokens else None
    following = _DIRECTION_AFTER.match(scan.text, match.end("many"))
    counted = last is not None and (last.kind in _COUNTING or last.kind == "measure" or last.words == "one")
    if last is None or not counted or not (following or match["name"].lower() == "gtt" or _dosed(scan)):
        return None
    one, many = _FORMS[match["name"].lower()]
    if last.kind == "measure":
        singular = not match["many"]  # "10mg tab"
    else:
        whole = scan.table.symbols["&"] in last.words.split(" ")
        singular = last.words == "one" or (last.kind == "fraction" and not whole)
    # The dot is the abbreviation's, unless it may end the sentence.
    goes_on = scan.text[match.end() : match.end() + 2].strip()[:1]
    end = match.end() if following or (goes_on and not goes_on.isupper()) else match.end("many")
    return (one if singular else many), end


@ENGLISH_MEDICAL.rule("dose", WORD, r"(?-i:O[DSU])(?![\w'&/-])")
def _eye(match: re.Match[str], scan: Scan) -> str | None:
    """Read the "OD" of eye drops; it has other meanings elsewhere."""
    return _EYES[match[0]] if not scan.recent_words(6).isdisjoint(_DROPS) else None


@ENGLISH_MEDICAL.rule("measure", DIGIT, r"(?P<number><num>)\s?(?-i:U)(?=/mL|\s(?:of\s)?insulin|\sSC\b|\ssubq)", "U")
def _units(match: re.Match[str], scan: Scan) -> str:
    """Read the units of insulin."""
    return scan.grammar.counted(match["number"], "unit", "units")


@ENGLISH_MEDICAL.rule("acronym", WORD, r"(?P<group>(?-i:AB|A|B|O))(?P<sign>[-+])(?![\w-])", "-+")
def _blood_type(match: re.Match[str], scan: Scan) -> str | None:
    """Read the blood type "O-"."""
    if scan.recent_words(3).isdisjoint({"blood", "type", "donor", "donors"}):
        return None
    return f"{scan.grammar.spelled(match['group'])} {'negative' if match['sign'] == '-' else 'positive'}"


@ENGLISH_MEDICAL.rule("word", SIGN, r"\(\s?(?P<number>\d{1,3})\s?\)", "(")
def _repeated(match: re.Match[str], scan: Scan) -> str | None:
    """Omit the number of "one (1) tablet"."""
    return "" if scan.before.split(" ")[-1:] == [scan.grammar.cardinal(int(match["number"]))] else None


# Read "Rx"; "RX 350" is a model.
ENGLISH_MEDICAL.phrase("label", WORD, r"(?:(?-i:RX)(?!\s?\d{3,4}(?!\d))|(?-i:Rx))(?!\w|['-]\w)", "prescription")


@ENGLISH_MEDICAL.rule("measure", DIGIT, r"(?P<upper>\d{2,3})/(?P<lower>\d{2,3})(?P<unit>\s?mm\s?Hg)?(?![\w/])", "/")
def _blood_pressure(match: re.Match[str], scan: Scan) -> str | None:
    """Read "BP 128/84" and "BP was 128/84"."""
    if not match["unit"] and scan.recent_words(4).isdisjoint(_PRESSURE):
        return None
    unit = " millimeters of mercury" if match["unit"] else ""
    return f"{scan.grammar.whole(match['upper'])} over {scan.grammar.whole(match['lower'])}{unit}"


_GOES_ON = Lazy(r"\s+[a-z\d(@&]|[,;:)]")

_MEASURED = {"wt": "weight", "ht": "height", "temp": "temperature", "bal": "balance"}

ENGLISH_ABBREVIATION_RULES = Rules()


@ENGLISH_ABBREVIATION_RULES.rule("abbreviation", WORD, r"[a-z]{2,5}'[a-z]{1,2}\b\.?(?!\w)", "'")
def _contracted(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "req'd" and "int'l"."""
    said = CONTRACTIONS.get(match[0].lower().rstrip("."))
    ends = match[0][-1] == "." and not _GOES_ON.match(scan.after(match))
    return (said, match.end() - ends) if said else None


ENGLISH_ABBREVIATION_RULES.phrases("abbreviation", WORD, "", {
    # Read "temp. hold"; otherwise it is the temperature.
    r"temp\.?(?=\s(?:address|card|closed|closure|code|file|hold|job|password|pin|position|staff|tag|worker)s?\b)":
        "temporary",
    r"d/b/a(?!\w)|dba(?=\s(?-i:[A-Z]))": "doing business as",  # "d/b/a Smith Bros."
    r"exp\.?(?=\sdate)": "expiration",  # "exp. date"
})  # fmt: skip


@ENGLISH_ABBREVIATION_RULES.rule("abbreviation", WORD, r"(?P<name>mo|wk|yr)(?P<dot>\.?)(?![\w'/-])")
def _period(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "each mo."."""
    if scan.before not in {"each", "every", "next", "last", "this", "per"}:
        return None
    return scan.table.per_units[match["name"].lower()], _end(match, scan)


def _end(match: re.Match[str], scan: Scan) -> int:
    """Return the end of an abbreviation, whose dot may end the sentence."""
    return match.end() if _GOES_ON.match(scan.after(match)) else match.end() - len(match["dot"])


@ENGLISH_ABBREVIATION_RULES.rule("abbreviation", WORD, r"(?P<name>wt|ht|temp|bal)\.?(?=:?\s{0,2}[$£€<>-]?\d)")
def _measured(match: re.Match[str], scan: Scan) -> str | None:
    """Read "Wt 182 lb" and "Temp: 98.6"; "HT 1-0" is half-time."""
    return None if match["name"] == "HT" else _MEASURED[match["name"].lower()]


ENGLISH_ABBREVIATION_RULES.phrases("abbreviation", WORD, ":", {
    r"tel(?=\.?:)": "telephone",  # "Ph: 555-0100"
    r"ph(?=\.?:)": "phone",
    r"mob(?=\.?:)": "mobile",
})  # fmt: skip
ENGLISH_ABBREVIATION_RULES.phrases("abbreviation", WORD, ".", {
    r"(?-i:v)\.(?=\s[A-Z])": "versus",  # "Jones v. Smith"
}, where=lambda scan: scan.written_before()[:1].isupper())  # fmt: skip
# Read "see u at 5".
ENGLISH_ABBREVIATION_RULES.phrase("word", WORD, r"(?-i:u)(?=\s[a-z]|[,!?]|\.(?:\s|\Z))", "you")
ENGLISH_ABBREVIATION_RULES.phrase("word", WORD, r"(?-i:b4)(?!\w)", "before", "4")
ENGLISH_ABBREVIATION_RULES.phrases("abbreviation", WORD, ".", {
    r"exp\.(?=\sin\s\d)": "expires",  # Read "Exp. in 10 mins.", which had the end of a sentence.
    r"sign\.(?=\sreq)": "signature",  # "sign. req'd"
    r"est\.(?=\s(?:in\s)?(?:1[5-9]|20)\d\d(?!\d))": "established",  # Of a year; otherwise it is "estimated".
})  # fmt: skip


@ENGLISH_ABBREVIATION_RULES.rule("abbreviation", WORD, r"flr?(?P<dot>\.?)(?![\w'-])")
def _floor(match: re.Match[str], scan: Scan) -> tuple[str, int] | None:
    """Read "3rd fl."."""
    if scan.kind != "ordinal":
        return None
    return "floor", _end(match, scan)


@ENGLISH_ABBREVIATION_RULES.rule(
    "abbreviation", WORD, r"(?P<name>(?-i:[bcdm]))\.(?=\s(?:c(?:a|irca)?\.?\s)?(?:1[5-9]|20)\d\d(?!\d))"
)
def _life(match: re.Match[str], scan: Scan) -> str:
    """Read "b. 1809, d. 1865"."""
    return {"b": "born", "c": "circa", "d": "died", "m": "married"}[match["name"]]


ENGLISH_ABBREVIATION_RULES.phrases("title", WORD, "", {
    # Read "Jr. High" and "Sr. Center", without a name before them.
    r"jr\.?(?=\s(?:college|high|league|varsity)\b)": "Junior",
    r"sr\.?(?=\s(?:center|citizens?|discount|living|prom)\b)": "Senior",
    # Read the "Dr." of "Dr. appt.", which is not a title.
    r"dr\.?(?=(?:'s)?\s(?:appt|appointments?|visits?|notes?|office|orders)\b)": "doctor",
})  # fmt: skip


@ENGLISH_ABBREVIATION_RULES.rule("date", WORD, r"FY\s?'?(?P<year>20\d\d|\d\d)(?![\w.])", "yY")
def _fiscal_year(match: re.Match[str], scan: Scan) -> str:
    """Read "FY2026" and "FY26"."""
    year = match["year"]
    return f"fiscal year {scan.grammar.year(year if len(year) > 2 else f'20{year}')}"  # noqa: PLR2004
