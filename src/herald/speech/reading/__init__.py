"""Convert written text to the words that a person would read aloud.

read("Pay $45 by 3/14.", "en-US") gives tokens: spans of the original text, each with its kind and its words.

    folding.py      Unicode to plain characters, mapped to the original offsets; silent and unreadable characters
    markup.py       Markdown and HTML to plain text
    scanner.py      applies the rules to the text; the first match wins
    rules/          patterns and readings by subject: money, dates, times, ...; shared by all languages
    structure.py    where sentences, lines, list items and clauses end
    reader.py       reads a text; also returns JSON for `herald read` and POST /v1/audio/reading
    table.py        what a language must define: names, marks, abbreviations, units, currencies, ...
    grammar.py      puts numbers, dates and amounts into words; the defaults
    languages/      one table and one grammar per language
    patterns.bin    the patterns, compiled in advance for a fast start: run `make patterns` after changing one

To add a language:

1. Write languages/<name>_table.py: one `Table(...)` with the words of the language. Its readers may know the language
   but not the program. table.py documents the fields; languages/english_table.py is the example.
2. Write languages/<name>_grammar.py: a subclass of `Grammar` that implements the abstract methods and overrides
   those whose defaults do not fit: word order, gender, plural, decimals, dates.
3. Register both in languages/__init__.py and in scripts/patterns.py. Put rules for this language only into
   languages/<name>_rules.py, as `Rules`, and list them in the grammar's `extra_rules`.
4. Add cases to tests/unit/speech/reading, and the language to docs/reading.md.

Changing a reading changes the audio: increment SOUND in herald.speech.memory.
"""

from herald.speech.reading.reader import Reading, check, read, spoken_form, supports
from herald.speech.reading.token import Fixed, Token

__all__ = ["Fixed", "Reading", "Token", "check", "read", "spoken_form", "supports"]
