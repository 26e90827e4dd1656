"""Marks of stress in misaki's alphabet."""

VOWELS = frozenset("AIOQWYaiuæɑɒɔəɐɛɜɪʊʌᵻ")
MAIN, SECOND = "ˈ", "ˌ"


def stressed(sound: str, *, main: bool) -> str:
    """Stress a word as the models' training texts did: a capitalized one weakly, with `main` one in capitals."""
    if MAIN in sound:
        return sound
    if SECOND in sound:
        return sound.replace(SECOND, MAIN, 1) if main else sound
    at = next((number for number, phoneme in enumerate(sound) if phoneme in VOWELS), None)
    return sound if at is None else sound[:at] + (MAIN if main else SECOND) + sound[at:]
