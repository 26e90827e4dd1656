"""How streams end: whole, left by the one who listened, or broken; and many at once."""

import asyncio
import threading

import pytest

from herald.handlers.speech_stream import app
from herald.speech.audio.formats import find_format
from herald.speech.engine import Piece
from tests.unit.handlers.conftest import MARKER, logged
from tests.unit.handlers.http_events import as_json
from tests.unit.handlers.streaming import PATH

BODY = as_json({"input": MARKER})


class Endless:
    """Stands for a text that is being spoken: goes on until it is closed, or breaks after so many pieces."""

    format, sample_rate, seconds = find_format("mp3"), 22_050, 1.0

    def __init__(self, *, breaks_after=None):
        self.breaks_after = breaks_after
        self.closed = threading.Event()
        self.made = 0

    def pieces(self):
        try:
            while self.made != self.breaks_after:
                self.made += 1
                yield Piece(b"audio")
            raise ValueError(MARKER)
        finally:
            self.closed.set()


@pytest.fixture
def endless(monkeypatch):
    """Have this spoken instead of any text."""

    def speak(**how):
        text = Endless(**how)
        monkeypatch.setattr("herald.speech.engine.Engine.stream", lambda *_, **__: text)
        return text

    return speak


@pytest.mark.parametrize("parts", [1, 5])
def test_who_leaves_ends_the_work(stream, endless, capsys, parts):
    text = endless()
    answer = stream.ask("POST", PATH, BODY, leave_after=parts)
    assert not answer.whole
    assert text.closed.is_set()
    assert text.made <= parts + 2
    (spoken,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "spoken"]
    assert spoken["ending"] == "left"


def test_who_leaves_a_voice_ends_its_work(stream, capsys):
    stream.ask("POST", PATH, as_json({"input": "Eins zwei drei vier. " * 14}), leave_after=1)
    (spoken,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "spoken"]
    whole = stream.speak("Eins zwei drei vier. " * 14)
    (said,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "spoken"]
    assert whole.whole
    assert spoken["audio_seconds"] < said["audio_seconds"] / 2
    assert not [one for one in threading.enumerate() if "ThreadPoolExecutor" in one.name]


def test_who_leaves_before_the_text_is_there_is_no_fault(stream, capsys):
    async def leave(app):
        async def receive():
            return {"type": "http.disconnect"}

        async def send(message):
            raise AssertionError(message)

        await app(stream.scope("POST", PATH, None), receive, send)

    asyncio.run(leave(stream.app))
    messages = [line.get("message") for line in logged(capsys.readouterr().out)]
    assert "client disconnected" in messages
    assert "failed" not in messages


def test_audio_that_breaks_has_no_end(stream, endless, capsys):
    endless(breaks_after=3)
    answer = stream.ask("POST", PATH, BODY)
    assert (answer.status, answer.parts) == (200, [b"audio"] * 3)
    assert not answer.whole, "its reader must notice"
    said = capsys.readouterr()
    assert MARKER not in said.out + said.err
    told = {line.get("message"): line for line in logged(said.out)}
    assert told["failed"]["error_type"] == "ValueError"
    assert told["spoken"]["ending"] == "broken"


def test_events_that_break_end_with_an_error(stream, endless):
    endless(breaks_after=2)
    answer = stream.ask("POST", PATH, as_json({"input": MARKER, "stream_format": "sse"}))
    assert answer.whole
    *deltas, last = answer.events
    assert [event["type"] for event in deltas] == ["speech.audio.delta"] * 2
    assert (last["type"], last["error"]["code"]) == ("error", "internal_error")
    assert MARKER not in answer.body.decode()


def test_what_breaks_before_the_first_byte_is_an_error_that_nobody_pays(stream, endless, counters):
    endless(breaks_after=0)
    assert stream.ask("POST", PATH, BODY).refusal == (500, "internal_error")
    assert [used["characters"] for used in counters.used.values()] == [0]


def test_many_speak_at_once_in_a_few_threads(stream, monkeypatch):
    threads = set()
    told = app.SpeechStream._begin

    def begin(*given):
        threads.add(threading.get_ident())
        return told(*given)

    monkeypatch.setattr(app.SpeechStream, "_begin", begin)

    async def all_of_them():
        texts = [as_json({"input": f"Guten Tag. Das ist Nummer {number}."}) for number in range(16)]
        return await asyncio.gather(*(stream.asked("POST", PATH, text) for text in texts))

    answers = asyncio.run(all_of_them())
    assert [(answer.status, answer.whole) for answer in answers] == [(200, True)] * 16
    assert len(threads) <= app._AT_ONCE
