"""espeak-ng's phonemes are written in misaki's alphabet."""

import pytest

from herald.speech import espeak
from herald.speech.misaki.english import misaki_from_ipa


@pytest.mark.parametrize(
    ("ipa", "expected"),
    [
        ("dʒˈʌst tʃˈɜːtʃ", "ʤˈʌst ʧˈɜɹʧ"),
        ("dˈeɪ aɪ aʊ ɔɪ ɡˈoʊ", "dˈA I W Y ɡˈO"),
        ("bˈɜːd bˈɚ fˈoːɹ", "bˈɜɹd bˈəɹ fˈɔɹ"),
        ("ɐ ɐbˈaʊt", "ɐ əbˈWt"),
        ("ðɪʲ ˈæpəl", "ði ˈæpᵊl"),
        ("wˈɔːɾɚ", "wˈɔTəɹ"),
        ("", ""),
    ],
)
def test_ipa(ipa, expected):
    assert misaki_from_ipa(ipa) == expected


def test_every_sound_of_espeak_is_known_to_the_voice(heart):
    text = "Xylophone Qatar loch Bach naïve Zoë jalapeño Hawaii rhythm 1,234,567 $5.50 9:30 a@b.co queue vision measure"
    sounds = misaki_from_ipa(espeak.read("en-us", text)).replace(" ", "")
    assert not set(sounds) - set(heart._pack.phonemes.ids)
