"""French, Italian and Portuguese: everyday messages, NeMo's cases, and what holds for any text."""

import random
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herald.errors import UnreadableText
from herald.speech.reading import read, spoken_form
from tests.support.settled_readings import settled
from tests.unit.speech.reading.nemo import score, table

DATA = Path(__file__).with_name("data")
LANGUAGES = {"fr": ("fr-FR", "french"), "it": ("it-IT", "italian"), "pt": ("pt-BR", "portuguese")}
LEAST = {"fr": 92, "it": 75, "pt": 92}
"""Percent of NeMo's cases."""


def lines(name):
    return [
        line.split("~") for line in (DATA / f"{name}.txt").read_text("utf-8").splitlines() if line[:1] not in ("", "#")
    ]


MESSAGES = [(tag, *case) for tag, name in LANGUAGES.values() for case in lines(name)]


@pytest.mark.parametrize(("tag", "written", "said"), MESSAGES)
def test_messages(tag, written, said):
    assert spoken_form(written, tag) == said


@pytest.mark.parametrize("tag", [tag for tag, _ in LANGUAGES.values()])
def test_words_come_back_as_they_are(tag):
    pieces = [piece for language, written, _ in MESSAGES if language == tag for piece in written.rstrip(".").split(" ")]
    source = random.Random(11)  # noqa: S311  a fixed sample
    for _ in range(300):
        said = settled(" ".join(source.choices(pieces, k=3)), tag)
        assert spoken_form(said, tag) == said


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("fr-FR", "votre commande est prête, vous pouvez venir la chercher dès demain matin à l'accueil du magasin."),
        ("fr-FR", "il y a un an, on me dit que tu as mis le pain et la viande sur la table; et moi, je ne sais pas."),
        ("it-IT", "il suo ordine è pronto, può venire a ritirarlo domani mattina presso il nostro negozio."),
        ("it-IT", "ora che è sera, si va al mare con la famiglia, e io ne sono felice: non ho più nulla da fare."),
        ("pt-BR", "seu pedido está pronto, você pode retirá-lo amanhã de manhã na nossa loja do centro."),
        ("pt-BR", "a gente vai para casa e o dia é bom; nós não temos nada que fazer, mas já é tarde."),
    ],
)
def test_plain_sentences_are_unchanged(tag, text):
    assert spoken_form(text, tag) == text


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("fr-BE", "Il reste 75 places et 98 euros.", "Il reste septante-cinq places et nonante-huit euros."),
        ("fr-CH", "81 CHF", "quatre-vingt-un francs suisses"),
        (
            "fr-CH",
            "CHF 1'250.75, Fr. 50.–",
            "mille deux cent cinquante francs suisses septante-cinq centimes, cinquante francs",
        ),
        ("fr-BE", "+++123/4567/89012+++", "un deux trois, quatre cinq six sept, huit neuf zéro un deux"),
        (
            "fr-CA",
            "Au 1250, boul. René-Lévesque, à 14 h 30",
            "Au mille deux cent cinquante boulevard René-Lévesque, à quatorze heures trente",
        ),
        (
            "pt-PT",
            "16 km, 17 kg, 1.200.000.000 e 0,50 €",
            "dezasseis quilómetros, dezassete quilos, mil e duzentos milhões e cinquenta cêntimos",
        ),
        ("pt-BR", "16 km, 1.200.000.000", "dezesseis quilômetros, um bilhão e duzentos milhões"),
    ],
)
def test_regions_differ(language, written, said):
    assert spoken_form(written, language) == said


@pytest.fixture(scope="module", params=LANGUAGES)
def nemo(request):
    made = score(request.param)
    print(f"\n{request.param}\n{table(made)}")  # noqa: T201  pytest shows it with -s, and when a test fails
    return request.param, made


def test_nemo_is_read_as_expected(nemo):
    language, made = nemo
    right, cases = sum(one.right for one in made.values()), sum(one.cases for one in made.values())
    assert 100 * right >= LEAST[language] * cases


def test_every_miss_is_a_choice(nemo):
    language, made = nemo
    kept = {written for of, written, _ in lines("kept_romance") if of == language}
    assert {written for one in made.values() for written, _, _ in one.missed} == kept


@pytest.mark.parametrize("tag", [tag for tag, _ in LANGUAGES.values()])
@settings(max_examples=200)
@given(text=st.one_of(st.text(max_size=60), st.text("0123456789 .,:/-°ºª½€$£%'hMXVILªeé@", max_size=24)))
def test_any_text_has_words_or_is_refused(tag, text):
    with suppress(UnreadableText):
        at = 0
        for token in read(text, tag).tokens:
            assert at <= token.start <= token.end <= len(text)
            assert token.words or token.kind == "paragraph"
            assert not any(map(str.isdigit, token.words))
            at = token.end


@pytest.mark.parametrize("tag", [tag for tag, _ in LANGUAGES.values()])
@pytest.mark.parametrize(
    "unit", ["1", "l'1", "1/2 ", "12 345 ", "0 1 ", "mail.", "1h", "n° 1", "XX ", "1.000", "1€50", "a@", "01 ", "2° "]
)
def test_four_times_the_text_costs_at_most_seven_times_the_time(tag, unit):
    spent = []
    for _ in range(4):
        times = []
        for length in (3_000, 12_000):
            text = (unit * length)[:length]
            started = process_time()
            read(text, tag)
            times.append(process_time() - started)
        if times[1] <= 7 * max(times[0], 0.004):
            return
        spent.append(times)
    pytest.fail(f"{unit!r}: {spent}")
