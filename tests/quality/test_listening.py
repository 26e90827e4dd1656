"""Whisper transcribes audio of the deployed stack in every format."""

from itertools import batched

import pytest
import soxr

from herald.speech.audio.formats import FORMATS
from tests.local.tools import client_of
from tests.quality.words import errors, words
from tests.support.decoding import decode

SENTENCES = (
    "Your appointment with Doctor Miller is confirmed for Monday at nine in the morning.",
    "Please bring your insurance card and a list of your medicines.",
    "The train to the airport leaves from platform seven in twenty minutes.",
    "Your order has been shipped and should arrive on Thursday.",
    "The office will be closed tomorrow because of the storm.",
    "If you would like to speak with a person, please press zero.",
    "Thank you for calling, and have a wonderful day.",
    "The library opens at ten and closes at six on weekdays.",
    "Your payment of forty five dollars was received last Friday.",
    "Remember to water the plants before you leave the house.",
)
AT_ONCE = 5
"""Sentences per request: their audio fits into Whisper's window of 30 seconds."""
MOST_ERRORS = 0.02
LISTENING_RATE = 16_000


@pytest.fixture(scope="module")
def herald(stack):
    with client_of(stack) as client:
        yield client


def speak(herald, text, response_format):
    answer = herald.post("/v1/audio/speech", json={"input": text, "response_format": response_format})
    assert answer.status_code == 200, answer.text
    samples, rate = decode(answer.content, response_format, int(answer.headers["X-Herald-Sample-Rate"]))
    return soxr.resample(samples, rate, LISTENING_RATE)


def transcribe(whisper, samples):
    segments, _ = whisper.transcribe(samples, language="en", beam_size=5, temperature=0, vad_filter=False)
    return "".join(segment.text for segment in segments)


@pytest.mark.parametrize("response_format", FORMATS)
def test_words_are_understood(herald, whisper, rates, response_format):
    texts = [" ".join(part) for part in batched(SENTENCES, AT_ONCE, strict=False)]
    transcripts = [transcribe(whisper, speak(herald, text, response_format)) for text in texts]
    wrong = sum(errors(words(one), words(other)) for one, other in zip(texts, transcripts, strict=True))
    rates[response_format] = wrong / sum(len(words(text)) for text in texts)
    assert rates[response_format] <= MOST_ERRORS, transcripts
