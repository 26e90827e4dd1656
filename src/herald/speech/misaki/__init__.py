"""English phonemes in misaki's alphabet, which Kokoro and the voices distilled from it were trained with.

It writes diphthongs and affricates with one letter each ("A" as in "day", "ʤ" as in "just") and has no length marks:
https://github.com/hexgrad/misaki/blob/main/EN_PHONES.md
"""
