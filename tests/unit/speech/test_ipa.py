"""Pronunciations: IPA and X-SAMPA are checked, and adapted to the phonemes of a voice."""

import pytest

from herald.errors import InvalidRequest
from herald.speech.ipa import adapt, add_possessive, parse_pronunciation


@pytest.mark.parametrize(
    ("written", "ipa"),
    [
        ("təˈmɑːtoʊ", "təˈmɑːtoʊ"),
        ("/t͡ʃɛk/", "tʃɛk"),
        ("[ˈnjuː.jɔːk]", "ˈnjuːjɔːk"),
        ("good 'dei", "ɡood ˈdei"),
        ("ˈʃtʁaːsə   ɡʊt", "ˈʃtʁaːsə ɡʊt"),
        ("bɔ̃ʒuʁ", "bɔ̃ʒuʁ"),
    ],
)
def test_ipa_is_written_in_one_way(written, ipa):
    assert parse_pronunciation(written) == ipa


@pytest.mark.parametrize(
    ("x_sampa", "ipa"),
    [
        ('t@"mA:toU', "təˈmɑːtoʊ"),
        ('p@"kA:n', "pəˈkɑːn"),
        ('"S{mpu:', "ˈʃæmpuː"),
        ("t_SEk", "tʃɛk"),
        ("b3`d r\\Ed", "bɝd ɹɛd"),
        ("bO~ZuR", "bɔ̃ʒuʁ"),
        ("%In", "ˌɪn"),
        ("x-y", "xy"),
        ("b_<a_h", "ɓaʰ"),
    ],
)
def test_x_sampa_is_ipa_in_ascii(x_sampa, ipa):
    assert parse_pronunciation(x_sampa, "x-sampa") == ipa


@pytest.mark.parametrize(
    ("written", "alphabet", "says"),
    [
        ("ab9", "ipa", "Symbol 3"),
        ("/ab9/", "ipa", "Symbol 4"),
        ("p#", "x-sampa", "Symbol 2"),
        ("ˈ", "ipa", "no letter"),
        ("", "ipa", "no letter"),
        ("a" * 101, "ipa", "limit is 100"),
        ("a﷐", "ipa", "Symbol 2"),
    ],
)
def test_an_unknown_symbol_is_refused_with_its_position(written, alphabet, says):
    with pytest.raises(InvalidRequest, match=says) as raised:
        parse_pronunciation(written, alphabet)
    assert raised.value.code == "invalid_pronunciation"


@pytest.mark.parametrize(
    ("ipa", "language", "said"),
    [
        ("həˈloʊ", "en_US", "həlˈoʊ"),
        ("ˈstɹɛŋθ", "en-US", "stɹˈɛŋθ"),
        ("bed", "en-GB", "bɛd"),
        ("rɪˈzeɪ", "en_US", "ɹɪzˈeɪ"),
        ("nɝs", "en_US", "nɜːs"),
        ("ˈbʌtn̩", "en_US", "bˈʌtn̩"),
        ("ʁoːt", "de", "ɾoːt"),
        ("ʁuʒ", "fr-FR", "ʁuʒ"),
    ],
)
def test_stress_moves_to_the_vowel_and_symbols_become_those_of_the_voice(ipa, language, said):
    assert adapt(ipa, language) == said


def test_an_english_possessive_has_its_sound():
    assert [add_possessive(word) for word in ("kæt", "dɒɡ", "ʃtʁiːz")] == ["kæts", "dɒɡz", "ʃtʁiːzɪz"]
