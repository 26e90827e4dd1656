"""The patterns that are compiled in advance are those of the rules, and match as Python's own do."""

import re
import subprocess
import sys

import pytest

from herald.speech.reading import patterns
from herald.speech.reading.patterns import Lazy
from scripts.patterns import compile_all

made = pytest.fixture(scope="module")(compile_all)


@pytest.mark.skipif(not patterns.ready(), reason="patterns.bin is of another version of Python")
def test_the_file_is_up_to_date(made):
    assert patterns.ready() == {key: tuple(one) for key, one in made.items()}, "run `make patterns`"


def test_patterns_come_back_from_the_file(made, monkeypatch, tmp_path):
    some = dict(list(made.items())[:3])
    written = tmp_path / "patterns.bin"
    written.write_bytes(patterns.pack(some))
    monkeypatch.setattr(patterns, "FILE", written)
    patterns.ready.cache_clear()
    try:
        assert patterns.ready() == {key: tuple(one) for key, one in some.items()}
    finally:
        patterns.ready.cache_clear()


def test_a_pattern_has_no_names_but_those_of_its_methods():
    """Whatever looks for a protocol, such as copying, must not find the pattern's own methods."""
    pattern = Lazy(r"\d+")
    assert not hasattr(pattern, "__deepcopy__")
    assert not hasattr(pattern, "scanner")
    assert pattern.sub("x", "a1") == "ax"


def test_another_interpreter_compiles_for_itself(monkeypatch, tmp_path):
    other = tmp_path / "patterns.bin"
    other.write_bytes(b"cpython-312 20230502 4 little\n" + patterns.FILE.read_bytes().partition(b"\n")[2])
    monkeypatch.setattr(patterns, "FILE", other)
    patterns.ready.cache_clear()
    try:
        assert patterns.ready() == {}
        assert patterns.compiled(r"(?P<a>\d+)", re.IGNORECASE).match("12")["a"] == "12"
    finally:
        patterns.ready.cache_clear()


def test_a_compiled_pattern_is_the_same_as_pythons_own():
    for (pattern, flags), _ in sorted(patterns.ready().items())[::7]:
        ours, pythons = patterns.compiled(pattern, flags), re.compile(pattern, flags)
        assert ours == pythons  # compares flags, code and pattern


def test_the_first_text_compiles_no_rule():
    watch = (
        "import re\n"
        "from herald.speech.reading import patterns, spoken_form\n"
        "own = patterns.re.compile\n"
        "def refuse(pattern, flags=0): raise AssertionError(pattern)\n"
        "patterns.re = type('', (), {'compile': staticmethod(refuse), 'Pattern': re.Pattern})\n"
        "for tag in ('en-US', 'en-GB', 'de', 'es', 'es-MX', 'fr-FR', 'it', 'pt-BR', 'pt-PT'):\n"
        "    spoken_form('Pay $45.50 / 12,50 € by 3/14 at 14:30, Dr. X, +1 (415) 555-2671: 5 kg, 1st, A7X-99', tag)\n"
    )
    if patterns.ready():
        subprocess.run([sys.executable, "-c", watch], check=True)
