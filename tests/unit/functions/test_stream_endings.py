"""Ends of streams: complete, abandoned by the client, or failed; and concurrent streams."""

import asyncio
import threading
import time

import pytest
from anyio import CapacityLimiter

from herald.errors import Unavailable
from herald.speech.audio.formats import find_format
from herald.speech.engine import Piece
from herald.web import stream_app as app
from herald.web.exchange import Reply, Stream
from herald.web.speech_routes import SpeechRoutes
from herald.web.stream_response import StreamedResponse
from tests.support.asgi_client import PATH
from tests.support.http_events import as_json
from tests.unit.functions.conftest import MARKER, logged

BODY = as_json({"input": MARKER})


class Endless:
    """A fake stream that goes on until it is closed, or fails after `breaks_after` pieces."""

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
    """Return a function that replaces the engine's stream by an Endless."""

    def speak(**how):
        text = Endless(**how)
        monkeypatch.setattr("herald.speech.engine.Engine.stream", lambda *_, **__: text)
        return text

    return speak


@pytest.mark.parametrize(("breaks", "last"), [(False, b""), (True, b""), (True, b"error")])
def test_a_stream_is_charged_before_the_response_ends(breaks, last):
    """Lambda freezes the process once the response has ended, perhaps for ever."""
    sent = []

    def parts():
        yield b"audio"
        if breaks:
            raise ValueError

    async def send(message):
        sent.append((message["type"].rpartition(".")[2], message.get("more_body", False)))

    async def receive():
        await asyncio.sleep(60)

    body = Stream(parts=parts(), failed=lambda _: last, ended=lambda ending, *_: sent.append(ending))
    response = StreamedResponse(Reply(body=body), body, CapacityLimiter(1), lambda _: Unavailable("Not now."))
    asyncio.run(response({}, receive, send))
    end = [("body", False)] if last or not breaks else []
    assert sent == [("start", False), ("body", True), "broken" if breaks else "whole", *end]


def test_a_stream_is_whole_even_if_it_cannot_be_charged(stream, monkeypatch):
    def broken(*_, **__):
        raise ValueError(MARKER)

    monkeypatch.setattr(SpeechRoutes, "_record", broken)
    assert stream.speak("Eins zwei drei vier.").whole


@pytest.mark.parametrize("parts", [1, 5])
def test_disconnect_stops_the_synthesis(stream, endless, capsys, parts):
    text = endless()
    answer = stream.ask("POST", PATH, BODY, leave_after=parts)
    assert not answer.whole
    assert text.closed.is_set()
    assert text.made <= parts + 2
    (spoken,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "spoken"]
    assert spoken["ending"] == "left"


def test_disconnect_stops_the_synthesis_of_a_real_voice(stream, capsys):
    stream.ask("POST", PATH, as_json({"input": "Eins zwei drei vier. " * 14}), leave_after=1)
    (spoken,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "spoken"]
    whole = stream.speak("Eins zwei drei vier. " * 14)
    (complete,) = [line for line in logged(capsys.readouterr().out) if line.get("message") == "spoken"]
    assert whole.whole
    assert spoken["audio_seconds"] < complete["audio_seconds"] / 2
    assert not [one for one in threading.enumerate() if "ThreadPoolExecutor" in one.name]


def test_disconnect_before_the_body_is_no_error(stream, capsys):
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


def test_failed_audio_stream_is_left_incomplete(stream, endless, capsys):
    endless(breaks_after=3)
    answer = stream.ask("POST", PATH, BODY)
    assert (answer.status, answer.parts) == (200, [b"audio"] * 3)
    assert not answer.whole, "the client must notice"
    output = capsys.readouterr()
    assert MARKER not in output.out + output.err
    lines = {line.get("message"): line for line in logged(output.out)}
    assert lines["failed"]["error_type"] == "ValueError"
    assert lines["spoken"]["ending"] == "broken"


def test_failed_event_stream_ends_with_an_error_event(stream, endless):
    endless(breaks_after=2)
    answer = stream.ask("POST", PATH, as_json({"input": MARKER, "stream_format": "sse"}))
    assert answer.whole
    *deltas, last = answer.events
    assert [event["type"] for event in deltas] == ["speech.audio.delta"] * 2
    assert (last["type"], last["error"]["code"]) == ("error", "internal_error")
    assert MARKER not in answer.body.decode()


def test_failure_before_the_first_byte_is_a_500_and_not_charged(stream, endless, counters):
    endless(breaks_after=0)
    assert stream.ask("POST", PATH, BODY).refusal == (500, "internal_error")
    assert [used["characters"] for used in counters.used.values()] == [0]


class AtOnce:
    """Counts how many blocks run at the same time."""

    def __init__(self):
        self.most = self._running = 0
        self._lock = threading.Lock()

    def __enter__(self):
        with self._lock:
            self._running += 1
            self.most = max(self.most, self._running)

    def __exit__(self, *_):
        with self._lock:
            self._running -= 1


def sixteen(stream):
    """Return the answers to sixteen concurrent requests."""

    async def all_of_them():
        texts = [as_json({"input": f"Guten Tag. Das ist Nummer {number}."}) for number in range(16)]
        return await asyncio.gather(*(stream.asked("POST", PATH, text) for text in texts))

    return asyncio.run(all_of_them())


def test_streams_begin_in_a_few_threads(stream, monkeypatch):
    at_once, original = AtOnce(), SpeechRoutes.stream

    def begin(*given):
        with at_once:
            time.sleep(0.05)
        return original(*given)

    monkeypatch.setattr(SpeechRoutes, "stream", begin)
    assert [(answer.status, answer.whole) for answer in sixteen(stream)] == [(200, True)] * 16
    assert at_once.most == app._BEGUN_AT_ONCE


def test_parts_of_streams_are_made_in_a_few_threads(stream, monkeypatch):
    at_once = AtOnce()

    class Slow(Endless):
        def pieces(self):
            yield Piece(b"audio")  # made while the stream begins
            for _ in range(3):
                with at_once:
                    time.sleep(0.05)
                yield Piece(b"audio")

    monkeypatch.setattr("herald.speech.engine.Engine.stream", lambda *_, **__: Slow())
    assert [(answer.status, answer.body) for answer in sixteen(stream)] == [(200, b"audio" * 4)] * 16
    assert at_once.most == app._AT_ONCE
