"""Requests of the streaming tests."""

SENTENCE = (
    "The parcel that you ordered last Tuesday has left the warehouse this morning and will be delivered to your front "
    "door by one of our drivers before six tonight."
)
MARKER = "Rumpelstilzchen"
PATH = "/v1/audio/speech"


def ask(text=SENTENCE, **fields):
    """Return a request in OpenAI's format."""
    return {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": text} | fields


def pcm_seconds(content):
    """Return the duration of 16-bit samples at 24 kHz."""
    return len(content) / 2 / 24_000
