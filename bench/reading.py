"""Measure how long the reading of texts takes: `python -m bench.reading`, and part of `make bench`.

Times are of the processor (`time.process_time`), so that other programs on the machine count less.
"""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from bench import ROOT
from bench.progress import say
from bench.workers import environment_of
from herald.cli import LIBRARIES
from herald.speech import reading

type Row = dict[str, Any]

MESSAGES = {
    "en-US": "Hi Anna, your appointment with Dr. Patel is on 03/14/2026 at 3:30 pm, 12 Oak St, Dallas. The fee is "
    "$45.50 and the code is 482913. Questions? Call (415) 555-2671 or write to help@example.com today!",
    "de-DE": "Hallo Anna, Ihr Termin bei Dr. Weber ist am 14.03.2026 um 15:30 Uhr, Hauptstr. 12, 10115 Berlin. Die "
    "Gebühr beträgt 45,50 € und der Code ist 482913. Fragen? Rufen Sie uns an: 030 1234567, Mo-Fr 8-18 Uhr.",
    "es-ES": "Hola, Ana: su cita con el Dr. López es el 14/03/2026 a las 15:30 h, Avda. Mayor 12, Madrid. El importe "
    "es de 45,50 € y el código es 482913. ¿Dudas? Llame al 612 345 678 o escriba a ayuda@example.com.",
    "fr-FR": "Bonjour Anna, votre rendez-vous avec le Dr Martin est le 14/03/2026 à 15h30, 12 rue du Parc, Paris. Le "
    "prix est de 45,50 € et le code est 482913. Des questions ? Appelez le 01 23 45 67 89, du lun. au ven.",
    "it-IT": "Ciao Anna, il suo appuntamento con il Dott. Rossi è il 14/03/2026 alle 15:30, via Roma 12, Milano. Il "
    "costo è di € 45,50 e il codice è 482913. Domande? Chiami il 347 123 4567 o scriva a noi@example.it.",
    "pt-BR": "Olá, Ana: sua consulta com o Dr. Silva é no dia 14/03/2026 às 15h30, Rua das Flores, 12. O valor é R$ "
    "45,50 e o código é 482913. Dúvidas? Ligue para (11) 3333-4444 ou escreva para ajuda@example.com.",
}
"""Messages of about 200 characters with most constructs."""
_PIECES = (
    *"0123456789abcdefgh ABCDEFG  \n\n.,:;!?-/$€£%#@&+*()[]{}<>='\"éß½°",
    *("\u2013", "\u2014", "\U0001f389", "a.m.", "St.", "$1.5", "3/14", "www.", "14h30", "12.345,67"),
)
_START = """
import json, re, sys, unicodedata, zlib
from pathlib import Path
from time import process_time
import numpy
import herald.errors
began = process_time()
from herald.speech.reading import spoken_form
spoken_form(sys.argv[2], sys.argv[1])
print(process_time() - began)
"""
"""A new process in which numpy and the parts of Python that Herald needs anyway are there already."""


def measure(rounds: int) -> Iterator[Row]:
    """Yield a row for each language: seconds for a message, the first one of a process, a million characters."""
    for language, text in MESSAGES.items():
        say(f"Reading: {language}")
        reading.read(text, language)
        warm = median(_seconds(text, language) for _ in range(20 * rounds))
        first = _first(text, language, rounds)
        yield {"language": language, "warm": warm, "first": first, "million": _million(language)}


def _seconds(text: str, language: str) -> float:
    began = process_time()
    reading.read(text, language)
    return process_time() - began


def _first(text: str, language: str, rounds: int) -> float:
    """Return the median seconds of the first text of a process, whose modules an earlier process has compiled."""
    command = [sys.executable, "-c", _START, language, text]
    with TemporaryDirectory() as folder:
        environment = environment_of(Path(folder)) | LIBRARIES
        done = [
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=environment)  # noqa: S603
            for _ in range(rounds + 1)
        ]
    return median(float(one.stdout) for one in done[1:])


def _million(language: str) -> float:
    """Return the seconds for a million characters of anything, in texts of 8,000 characters."""
    source = random.Random(7)  # noqa: S311  no secret
    texts = ["".join(source.choices(_PIECES, k=8_000))[:8_000] for _ in range(125)]
    return sum(_seconds(text, language) for text in texts)


def size() -> int:
    """Return the bytes of the reading's files, without those that Python compiles."""
    folder = Path(reading.__file__).parent
    return sum(file.stat().st_size for file in folder.rglob("*") if file.suffix in (".py", ".bin"))


def table(rows: list[Row]) -> Iterator[str]:
    """Yield the lines of a table of the results."""
    yield "| language | 200 characters, ms | first text of a process, ms | a million characters of anything, s |"
    yield "|---|---:|---:|---:|"
    for row in rows:
        times = f"{row['warm'] * 1000:.2f} | {row['first'] * 1000:.0f} | {row['million']:.1f}"
        yield f"| {row['language']} | {times} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write("\n".join(table(list(measure(15)))) + f"\n{size():,} bytes of source\n")
