"""Numbers with the decimal mark of a language are read as decimals."""

import pytest

from herald.speech import espeak
from herald.speech.reading.languages import _WITH_COMMA, decimal_mark


@pytest.mark.parametrize(
    ("language", "mark"),
    [("en_GB", "."), ("de-DE", ","), ("es_ES", ","), ("es_MX", "."), ("pt-br", ","), ("nl_BE", ","), ("sw_CD", ".")],
)
def test_the_mark_of_a_language_and_its_region(language, mark):
    assert decimal_mark(language) == mark


@pytest.mark.parametrize("language", sorted(_WITH_COMMA - {"no"}))  # espeak-ng names it nb
def test_espeak_reads_a_comma_as_the_decimal_mark(language):
    decimal, whole = (espeak.read(espeak.name_of(language), text) for text in ("1,500", "1500"))
    assert decimal != whole
