"""Values of SSML attributes. Each function raises ValueError with the values that are allowed."""

import re

from herald.speech.pauses import LONGEST_PAUSE

BREAKS = {"none": 0.0, "x-weak": 0.0, "weak": 0.25, "medium": 0.25, "strong": 0.5, "x-strong": 0.8}
"""Seconds of a break by its strength: as after a comma, a sentence and a paragraph."""
RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.3, "x-fast": 1.7}
VOLUMES = {"silent": None, "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "default": 0.0, "loud": 4.0, "x-loud": 8.0}
"""In decibels; None is silence."""
PITCHES = {"x-low": 0.7, "low": 0.85, "medium": 1.0, "default": 1.0, "high": 1.15, "x-high": 1.3}
EMPHASES = {
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
    """Return the duration of a break; `time` wins over `strength`."""
    if time is None:
        if (strength or "medium") not in BREAKS:
            raise ValueError(f"strength must be one of {', '.join(BREAKS)}")
        return BREAKS[strength or "medium"]
    found = _DURATION.fullmatch(time.strip())
    seconds = float(found[1]) / (1000 if found[2] == "ms" else 1) if found else LONGEST_PAUSE + 1
    if seconds > LONGEST_PAUSE:
        raise ValueError(f'time must be a duration such as "500ms" or "1.5s", up to {LONGEST_PAUSE:g}s')
    return seconds


def rate(value: str, enclosing: float) -> float:
    """Return the factor of the speed: of a name, a percentage, a change such as "+10%", or a factor such as "1.5"."""
    text = value.strip().lower()
    found = _NUMBER.fullmatch(text)
    if text in RATES:
        return RATES[text]
    if found and found[3] in {"%", ""}:
        amount = float(found[2]) / (100 if found[3] else 1)
        factor = enclosing * (1 + amount * (-1 if found[1] == "-" else 1)) if found[1] else amount
        if _SLOWEST <= factor <= _FASTEST:
            return factor
    raise ValueError(f'rate must be one of {", ".join(RATES)}, or from "20%" to "200%"')


def volume(value: str, enclosing: float) -> float:
    """Return the factor of the samples: of a name, or of decibels that are added to the enclosing volume."""
    text = value.strip().lower()
    found = _NUMBER.fullmatch(text)
    if text in VOLUMES:
        decibels = VOLUMES[text]
        return 0.0 if decibels is None else gain(decibels)
    if found and found[3].lower() == "db":
        decibels = float(found[1] + found[2])
        if _QUIETEST <= decibels <= _LOUDEST:
            return float(min(enclosing * gain(decibels), gain(_LOUDEST)))
    raise ValueError(f'volume must be one of {", ".join(VOLUMES)}, or a change such as "+6dB", from -60dB to +12dB')


def gain(decibels: float) -> float:
    """Return the factor of the samples for a change in decibels."""
    return float(10 ** (decibels / 20))


def pitch(value: str, enclosing: float) -> float:
    """Return the factor of the pitch: of a name, or of a change such as "+10%" or "-2st"."""
    text = value.strip().lower()
    found = _NUMBER.fullmatch(text)
    factor = PITCHES.get(text)
    if found and found[1] and found[3] in {"%", "st"}:
        amount = float(found[1] + found[2])
        factor = enclosing * (1 + amount / 100 if found[3] == "%" else 2 ** (amount / _OCTAVE))
    if factor is None or not _LOWEST <= factor <= _HIGHEST:
        raise ValueError(
            f'pitch must be one of {", ".join(PITCHES)}, or a change such as "+10%" or "-2st", of an octave at most'
        )
    return factor
