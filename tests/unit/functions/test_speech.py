"""The speech function: audio for a text, an error for every mistake, and no text in logs."""

import base64
import io
import json
import re

import pytest
import soundfile

from herald.functions import speech
from tests.unit.functions.conftest import Context, event, logged

MARKER = "Rumpelstilzchen"


def error_of(answer):
    body = json.loads(answer["body"])
    assert set(body) == {"error"}
    assert set(body["error"]) == {"message", "type", "param", "code"}
    return body["error"]


def test_short_text_returns_audio(speak):
    answer = speak()
    assert answer["statusCode"] == 200
    assert answer["isBase64Encoded"]
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(answer["body"])))
    headers = answer["headers"]
    assert headers["Content-Type"] == "audio/mpeg"
    assert headers["X-Request-Id"] == "JKJaXmPLvHcESHA="
    assert headers["X-Herald-Voice"] == "de_DE-tiny-low"
    assert headers["X-Herald-Characters"] == "30"
    assert headers["X-Herald-Route"] == "realtime"
    assert headers["AI-Disclosure"] == "mode=machine-generated"
    assert int(headers["X-Herald-Sample-Rate"]) == rate
    assert float(headers["X-Herald-Audio-Seconds"]) == pytest.approx(len(samples) / rate, abs=0.15)
    assert re.fullmatch(r"0\.0000\d{5}", headers["X-Herald-Price"])


def test_the_metric_of_cost_is_the_price_in_the_header(speak, capsys):
    price = speak()["headers"]["X-Herald-Price"]
    (line,) = [line for line in logged(capsys.readouterr().out) if "Cost" in line]
    assert line["Cost"] == [pytest.approx(float(price), abs=1e-9)]


def test_alias_names_voice_and_speaker(speak):
    assert speak(voice="reception")["headers"]["X-Herald-Voice"] == "de_DE-tiny-low:bert"


def test_g711_for_phone_lines(speak):
    answer = speak("speech__phone_line", voice="alloy")
    assert answer["headers"]["Content-Type"] == "audio/wav"
    assert soundfile.info(io.BytesIO(base64.b64decode(answer["body"]))).subtype == "ULAW"


def test_unknown_voice_lists_the_available_ones(speak):
    answer = speak("speech__bad_voice")
    assert answer["statusCode"] == 400
    assert error_of(answer)["code"] == "unknown_voice"
    assert error_of(answer)["param"] == "voice"
    assert "en_US-joe-medium" in error_of(answer)["message"]


def test_unknown_voice_is_refused_before_aws_is_called(environment, monkeypatch):
    monkeypatch.setenv("HERALD_BUCKET", "")  # as `sam local invoke` sets it
    answer = speech.handler(event("speech__bad_voice"), Context())
    assert error_of(answer)["code"] == "unknown_voice"


def test_error_for_too_much_audio_suggests_a_fix(speak):
    answer = speak(input="Eins zwei drei vier. " * 10, response_format="wav", sample_rate=48_000)
    assert answer["statusCode"] == 413
    assert error_of(answer)["code"] == "audio_too_large"
    assert "mp3" in error_of(answer)["message"]


def test_text_over_the_limit_suggests_a_job(speak):
    answer = speak(input="a" * 301)
    assert answer["statusCode"] == 400
    assert error_of(answer)["code"] == "not_realtime"
    assert error_of(answer)["param"] == "input"
    assert "POST /v1/jobs" in error_of(answer)["message"]
    assert "Prefer: respond-async" in error_of(answer)["message"]
    assert speak(input=("Guten Tag. " * 30)[:300], response_format="opus")["statusCode"] == 200


def test_text_over_the_limit_of_jobs_suggests_parts(speak):
    answer = speak(input="a" * 5_001)
    assert (answer["statusCode"], error_of(answer)["code"]) == (413, "text_too_long")
    assert "in parts" in error_of(answer)["message"]


def test_text_that_takes_too_long_is_refused(speak):
    answer = speak(input="Eins. Zwei. Drei.", context=Context(milliseconds_left=2_000))
    assert (answer["statusCode"], error_of(answer)["code"]) == (413, "text_too_long")


def test_base64_bodies(cloud):
    sent = event("speech__short")
    sent["body"] = base64.b64encode(sent["body"].encode()).decode()
    sent["isBase64Encoded"] = True
    assert speech.handler(sent, Context())["statusCode"] == 200


def test_text_is_not_logged(speak, capsys):
    speak(input=f"{MARKER} sagt hallo.")
    speak(input=f"{MARKER} \0")
    speak(input=MARKER, voice=MARKER)
    speak(input=MARKER * 300)
    logged = capsys.readouterr()
    assert "spoken" in logged.out
    assert MARKER not in logged.out + logged.err


def test_unexpected_error_is_a_500_without_its_text(speak, capsys, monkeypatch):
    def explode(*_, **__):
        raise RuntimeError(MARKER)

    monkeypatch.setattr("herald.speech.engine.FileEncoder", explode)
    answer = speak(input="Guten Tag.")
    assert (answer["statusCode"], error_of(answer)["code"]) == (500, "internal_error")
    assert error_of(answer)["type"] == "server_error"
    logged = capsys.readouterr().out
    assert "RuntimeError" in logged
    assert "explode" in logged
    assert MARKER not in logged + answer["body"]


def test_metrics(speak, capsys):
    speak(input="Guten Tag.")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    metrics = next(line for line in lines if "_aws" in line)
    assert metrics["Cost"][0] > 0
    assert metrics["_aws"]["CloudWatchMetrics"][0]["Namespace"].startswith("Herald/")


def test_invalid_settings_are_reported_together(environment, monkeypatch):
    monkeypatch.delenv("HERALD_DEFAULT_VOICE")
    monkeypatch.setenv("HERALD_MAX_CHARACTERS", "many")
    monkeypatch.setenv("HERALD_VOICE_ALIASES", "a=")
    with pytest.raises(
        Exception, match=r"(?s)HERALD_DEFAULT_VOICE.*HERALD_VOICE_ALIASES.*HERALD_MAX_CHARACTERS"
    ) as wrong:
        speech.handler(event("speech__short"), Context())
    assert wrong.value.code == "invalid_settings"


def test_snapshot_includes_the_voice(cloud):
    speech.handler.function.warm()
    assert speech.handler.function.routes.speaker.engine._voices
