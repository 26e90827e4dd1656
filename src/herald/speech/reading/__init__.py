"""Reading: what is written becomes the words that a person would say.

read("Pay $45 by 3/14.", "en-US") gives tokens: spans of the original text, each with its kind and its words.

    folding.py      Unicode to plain characters, with the way back to the original offsets; what is silent, what refused
    markup.py       Markdown and HTML to plain text
    scanner.py      goes through the text and applies the rules, first match wins
    rules/          what a construct looks like, one file per subject: money, dates, times, ...; shared by all languages
    structure.py    where sentences, lines, list items and clauses end
    reader.py       reads a text; also as JSON, for `herald read` and POST /v1/audio/reading
    table.py        what a language must define: names, marks, abbreviations, units, currencies, ...
    grammar.py      how numbers, dates, amounts are put into words; the defaults
    languages/      one table and one grammar per language
    patterns.bin    the patterns, compiled in advance for a fast start: `make patterns` after a change of any

To add a language:

1. Write languages/<name>_table.py: one `Table(...)` with the words of the language. It is read by people who know the
   language and not the program. Table's fields are documented in table.py; languages/english_table.py is the example.
2. Write languages/<name>_grammar.py: a subclass of `Grammar` with its abstract methods, and those other methods in
   which the language differs from the defaults: order of words, gender, plural, decimals, dates.
3. Register both in languages/__init__.py and in scripts/patterns.py. Rules that no other language has go into
   languages/<name>_rules.py, as `Rules`, named in the grammar's `extra_rules`.
4. Add cases to tests/unit/speech/reading, and the language to docs/reading.md.

A change of any reading changes the sound: increment SOUND in herald.speech.memory.
"""

from herald.speech.reading.reader import Reading, check, read, spoken_form, supports
from herald.speech.reading.token import Fixed, Token

__all__ = ["Fixed", "Reading", "Token", "check", "read", "spoken_form", "supports"]
