"""Recordings and models for checks of consent."""

import numpy as np

from herald.enrolment.consent_sentence import ConsentSentence
from tests.support.recordings import as_file, speechlike

SENTENCE = ConsentSentence("en", ("river", "window", "garden", "yellow"))
OLD = ConsentSentence("en", ("tiger", "castle", "coffee", "piano"))
"""The sentence of an earlier enrolment."""
CONSENT, SAMPLE = as_file(speechlike(9)), as_file(speechlike(12))
SILENCE = as_file(np.zeros(160_000))


class Models:
    """A listener and comparer that return what they are given, and record their calls."""

    def __init__(self, transcript=SENTENCE.text, similarity=0.9, consistency=0.9):
        self.transcript, self.found, self.even = transcript, similarity, consistency
        self.calls = []

    def transcribe(self, _recording, language):
        self.calls.append(f"transcribe {language}")
        return self.transcript

    def similarity(self, _one, _other):
        self.calls.append("similarity")
        return self.found

    def consistency(self, _recording):
        self.calls.append("consistency")
        return self.even
