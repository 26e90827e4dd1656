"""Define what each element may have: attributes with their values, and text or elements in it.

A `w` element gives the role of an English word whose pronunciation depends on it.
"""

import re
from collections.abc import Mapping

from herald.speech.pauses import LONGEST_PAUSE
from herald.speech.reading.token import Delivery
from herald.speech.ssml.document import Element, Text, refuse

_EVERYWHERE = frozenset({"xml:lang", "xml:base", "id", "xml:id"})
_NAMESPACE = "http://www.w3.org/2001/10/synthesis"
_NO_EFFECT: dict[str, dict[str, tuple[str, ...]]] = {
    "amazon:effect": {"name": ("drc",)},
    "amazon:domain": {"name": ("news", "conversational", "long-form", "music", "fun")},
    "amazon:auto-breaths": {},
    "amazon:breath": {},
}
"""Elements of Polly that are ignored, with the accepted values of their attributes."""
ALLOWED: dict[str, frozenset[str]] = {
    "speak": frozenset({"version", "xsi:schemaLocation", "onlangfailure"}),
    "p": frozenset(),
    "s": frozenset(),
    "break": frozenset({"time", "strength"}),
    "sub": frozenset({"alias"}),
    "say-as": frozenset({"interpret-as", "format", "detail", "language"}),
    "w": frozenset({"role"}),
    "token": frozenset({"role"}),
    "mark": frozenset({"name"}),
    "phoneme": frozenset({"alphabet", "ph", "type"}),
    "lang": frozenset({"onlangfailure"}),
    "prosody": frozenset({"rate", "volume", "pitch"}),
    "emphasis": frozenset({"level"}),
    "voice": frozenset({"name"}),
}


def check_root(source: str, root: Element) -> None:
    """Refuse an attribute of <speak> that is unknown or has a value that SSML does not allow."""
    for name, value in root.attributes.items():
        if name == "xmlns" and value.rstrip("/") != _NAMESPACE:
            refuse(source, root.start, f'the namespace of <speak> must be xmlns="{_NAMESPACE}"')
        if not name.startswith("xmlns") and name not in ALLOWED["speak"] | _EVERYWHERE:
            refuse(
                source,
                root.start,
                "<speak> has an attribute that is not supported. Supported ones: version, xml:lang",
            )
    if root.attributes.get("version", "1.1") not in {"1.0", "1.1"}:
        refuse(source, root.start, "version must be 1.0 or 1.1")


def check_attributes(source: str, element: Element) -> None:
    """Refuse an attribute that a supported element does not have."""
    if not element.attributes.keys() <= ALLOWED[element.name] | _EVERYWHERE:
        allowed = ", ".join(sorted(ALLOWED[element.name])) or "none"
        refuse(
            source,
            element.start,
            f"<{element.name}> has an attribute that is not supported. Supported ones: {allowed}",
        )


def is_without_effect(source: str, element: Element) -> bool:
    """Return whether an element is ignored; refuse one with a value that has an effect in Polly."""
    if element.name not in _NO_EFFECT:
        return False
    allowed = _NO_EFFECT[element.name]
    for name, value in element.attributes.items() if allowed else ():
        if value not in allowed.get(name, ()):
            known = "; ".join(f"{one}: {', '.join(accepted)}" for one, accepted in allowed.items())
            refuse(source, element.start, f"<{element.name}> supports only {known}. Remove the element")
    return True


def check_empty(source: str, element: Element) -> None:
    """Refuse an element with content."""
    if any(not isinstance(child, Text) or child.text.strip() for child in element.children):
        refuse(source, element.start, f"<{element.name}> must be empty: <{element.name}/>")


def text_of(source: str, element: Element) -> str:
    """Return the text of an element; refuse one with child elements."""
    if any(not isinstance(child, Text) for child in element.children):
        refuse(source, element.start, f"<{element.name}> can have only text in it")
    return element.text


_BREAKS = {"none": 0.0, "x-weak": 0.0, "weak": 0.25, "medium": 0.25, "strong": 0.5, "x-strong": 0.8}
"""Seconds of a break by its strength, corresponding to a comma, a sentence and a paragraph."""
_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.3, "x-fast": 1.7}
_VOLUMES = {"silent": None, "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "default": 0.0, "loud": 4.0, "x-loud": 8.0}
"""In decibels; None is silence."""
_PITCHES = {"x-low": 0.7, "low": 0.85, "medium": 1.0, "default": 1.0, "high": 1.15, "x-high": 1.3}
_EMPHASES = {
    "strong": (0.85, 3.0, 1.1),
    "moderate": (0.93, 1.5, 1.05),
    "none": (1.0, 0.0, 1.0),
    "reduced": (1.08, -3.0, 0.97),
}
"""Factor of the rate, decibels and factor of the pitch by the level of emphasis."""
_SLOWEST, _FASTEST = 0.2, 2.0
_QUIETEST, _LOUDEST = -60.0, 12.0
_LOWEST, _HIGHEST = 0.5, 2.0
_OCTAVE = 12
_DURATION = re.compile(r"\+?(\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})(ms|s)")
_NUMBER = re.compile(r"([+-]?)(\d{1,4}(?:\.\d{0,4})?|\.\d{1,4})(%|dB|st|)", re.IGNORECASE)


def break_seconds(time: str | None, strength: str | None) -> float:
    """Return the duration of a break; `time` takes precedence over `strength`."""
    if time is None:
        if (strength or "medium") not in _BREAKS:
            raise ValueError(f"strength must be one of {', '.join(_BREAKS)}")
        return _BREAKS[strength or "medium"]
    found = _DURATION.fullmatch(time.strip())
    seconds = float(found[1]) / (1000 if found[2] == "ms" else 1) if found else LONGEST_PAUSE + 1
    if seconds > LONGEST_PAUSE:
        raise ValueError(f'time must be a duration such as "500ms" or "1.5s", up to {LONGEST_PAUSE:g}s')
    return seconds


def _rate(value: str, enclosing: float) -> float:
    """Return the factor of the speed for a name, a percentage, a change such as "+10%", or a factor such as "1.5"."""
    text = value.strip().lower()
    found = _NUMBER.fullmatch(text)
    if text in _RATES:
        return _RATES[text]
    if found and found[3] in {"%", ""}:
        amount = float(found[2]) / (100 if found[3] else 1)
        factor = enclosing * (1 + amount * (-1 if found[1] == "-" else 1)) if found[1] else amount
        if _SLOWEST <= factor <= _FASTEST:
            return factor
    raise ValueError(f'rate must be one of {", ".join(_RATES)}, or from "20%" to "200%"')


def _volume(value: str, enclosing: float) -> float:
    """Return the factor of the samples for a name, or for decibels that are added to the enclosing volume."""
    text = value.strip().lower()
    found = _NUMBER.fullmatch(text)
    if text in _VOLUMES:
        decibels = _VOLUMES[text]
        return 0.0 if decibels is None else _gain(decibels)
    if found and found[3].lower() == "db":
        decibels = float(found[1] + found[2])
        if _QUIETEST <= decibels <= _LOUDEST:
            return float(min(enclosing * _gain(decibels), _gain(_LOUDEST)))
    raise ValueError(f'volume must be one of {", ".join(_VOLUMES)}, or a change such as "+6dB", from -60dB to +12dB')


def _gain(decibels: float) -> float:
    """Return the factor of the samples for a change in decibels."""
    return float(10 ** (decibels / 20))


def _pitch(value: str, enclosing: float) -> float:
    """Return the factor of the pitch for a name, or for a change such as "+10%" or "-2st"."""
    text = value.strip().lower()
    found = _NUMBER.fullmatch(text)
    factor = _PITCHES.get(text)
    if found and found[1] and found[3] in {"%", "st"}:
        amount = float(found[1] + found[2])
        factor = enclosing * (1 + amount / 100 if found[3] == "%" else 2 ** (amount / _OCTAVE))
    if factor is None or not _LOWEST <= factor <= _HIGHEST:
        raise ValueError(
            f'pitch must be one of {", ".join(_PITCHES)}, or a change such as "+10%" or "-2st", of an octave at most'
        )
    return factor


def prosody(attributes: Mapping[str, str], outer: Delivery) -> Delivery:
    """Return the delivery within <prosody>; raise ValueError with the allowed values."""
    return outer._replace(
        rate=_rate(attributes["rate"], outer.rate) if "rate" in attributes else outer.rate,
        volume=_volume(attributes["volume"], outer.volume) if "volume" in attributes else outer.volume,
        pitch=_pitch(attributes["pitch"], outer.pitch) if "pitch" in attributes else outer.pitch,
    )


def emphasis(level: str, outer: Delivery) -> Delivery:
    """Return the delivery within <emphasis>; raise ValueError with the allowed levels."""
    if level not in _EMPHASES:
        raise ValueError(f"level must be one of {', '.join(_EMPHASES)}")
    rate, decibels, pitch = _EMPHASES[level]
    return outer._replace(rate=outer.rate * rate, volume=outer.volume * _gain(decibels), pitch=outer.pitch * pitch)


_HOMOGRAPHS: dict[str, dict[str, str]] = {
    word: dict(part.split("=") for part in readings.split())
    for word, readings in {
        "read": "VB=ɹˈiːd VBD=ɹˈɛd VBN=ɹˈɛd",
        "lead": "VB=lˈiːd NN=lˈiːd SENSE_1=lˈɛd",
        "live": "VB=lˈɪv JJ=lˈaɪv",
        "wind": "NN=wˈɪnd VB=wˈaɪnd",
        "wound": "NN=wˈuːnd VBD=wˈaʊnd",
        "tear": "NN=tˈɪɹ VB=tˈɛɹ",
        "bow": "NN=bˈoʊ VB=bˈaʊ",
        "bass": "NN=bˈeɪs SENSE_1=bˈæs",
        "close": "VB=klˈoʊz JJ=klˈoʊs",
        "use": "VB=jˈuːz NN=jˈuːs",
        "house": "VB=hˈaʊz NN=hˈaʊs",
        "abuse": "VB=əbjˈuːz NN=əbjˈuːs",
        "excuse": "VB=ɛkskjˈuːz NN=ɛkskjˈuːs",
        "minute": "NN=mˈɪnɪt JJ=maɪnjˈuːt",
        "desert": "NN=dˈɛzɚt VB=dɪzˈɜːt",
        "dove": "NN=dˈʌv VBD=dˈoʊv",
        "record": "NN=ɹˈɛkɚd VB=ɹɪkˈoːɹd",
        "present": "NN=pɹˈɛzənt JJ=pɹˈɛzənt VB=pɹɪzˈɛnt",
        "object": "NN=ˈɑːbdʒɛkt VB=əbdʒˈɛkt",
        "project": "NN=pɹˈɑːdʒɛkt VB=pɹədʒˈɛkt",
        "content": "NN=kˈɑːntɛnt JJ=kəntˈɛnt",
        "contract": "NN=kˈɑːntɹækt VB=kəntɹˈækt",
        "conduct": "NN=kˈɑːndʌkt VB=kəndˈʌkt",
        "produce": "NN=pɹˈoʊduːs VB=pɹədˈuːs",
        "refuse": "NN=ɹˈɛfjuːs VB=ɹɪfjˈuːz",
        "permit": "NN=pˈɜːmɪt VB=pɚmˈɪt",
        "rebel": "NN=ɹˈɛbəl VB=ɹɪbˈɛl",
        "subject": "NN=sˈʌbdʒɛkt VB=səbdʒˈɛkt",
        "separate": "JJ=sˈɛpɹət VB=sˈɛpəɹeɪt",
        "estimate": "NN=ˈɛstɪmət VB=ˈɛstɪmeɪt",
    }.items()
}
"""Pronunciations of American English words by role, in Polly's names without the prefix."""
ROLES = tuple(f"amazon:{role}" for role in ["VB", "VBD", "VBN", "NN", "JJ", "DT", "IN", "DEFAULT", "SENSE_1"])


def homograph(word: str, role: str) -> str:
    """Return the IPA of an English word in a role, or "" if the role does not change it."""
    return _HOMOGRAPHS.get(word.strip().lower(), {}).get(role.removeprefix("amazon:"), "")
