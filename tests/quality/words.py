"""Texts as words that can be compared, and how far two of them are apart."""

import re

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SHORT = {"dr": "doctor", "mr": "mister", "ok": "okay"}


def words(text):
    """Lower case, without punctuation, numbers below 100 spelled out."""
    text = re.sub(r"\$(\d+)", r"\1 dollars", text.lower())
    text = re.sub(r"\b\d{1,2}\b", lambda found: spelled(int(found[0])), text)
    return [_SHORT.get(word, word) for word in re.findall(r"[a-z0-9']+", text)]


def spelled(number):
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f" {_ONES[ones]}" if ones else "")


def errors(said, heard):
    """Levenshtein's distance in words: how many were left out, put in or mistaken."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(said, start=1):
        above, row[0] = row[0], at
        for column, other in enumerate(heard, start=1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (word != other))
    return row[-1]
