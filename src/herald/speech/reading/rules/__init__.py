"""Rules for constructs of all languages. The scanner tries them in the order of ALL."""

from herald.speech.reading.rule import Rule
from herald.speech.reading.rules.codes import CODES, LEFTOVERS, PHONES
from herald.speech.reading.rules.dates import DATES, TIMES
from herald.speech.reading.rules.measures import MEASURES
from herald.speech.reading.rules.money import MONEY
from herald.speech.reading.rules.numbers import FORMS, NUMBERS
from herald.speech.reading.rules.web_links import LINKS
from herald.speech.reading.rules.words import WORDS

ALL: tuple[Rule, ...] = (
    *LINKS,
    *MONEY,
    *DATES,
    *TIMES,
    *PHONES,
    *MEASURES,
    *FORMS,
    *CODES,
    *NUMBERS,
    *WORDS,
    *LEFTOVERS,
)
