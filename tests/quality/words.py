"""Normalization of texts to words, and the distance between them."""

import re

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SHORT = {"dr": "doctor", "mr": "mister", "ok": "okay"}


def words(text):
    """Return the words in lower case, without punctuation, with numbers below 100 spelled out."""
    text = re.sub(r"\$(\d+)", r"\1 dollars", text.lower())
    text = re.sub(r"\b\d{1,2}\b", lambda found: spelled(int(found[0])), text)
    return [_SHORT.get(word, word) for word in re.findall(r"[a-z0-9']+", text)]


def spelled(number):
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f" {_ONES[ones]}" if ones else "")


def errors(reference, transcript):
    """Return the Levenshtein distance in words: deletions, insertions and substitutions."""
    row = list(range(len(transcript) + 1))
    for at, word in enumerate(reference, start=1):
        above, row[0] = row[0], at
        for column, other in enumerate(transcript, start=1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (word != other))
    return row[-1]
