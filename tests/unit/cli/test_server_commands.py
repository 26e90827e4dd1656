"""herald speak, jobs and usage, against a fake of the API."""

import io
import json
import sys

import pytest

from herald.cli import main
from tests.support.batch_api import error

JOB = {
    "id": "job_1",
    "object": "job",
    "state": "queued",
    "route": "queue",
    "voice": "alloy",
    "created_at": "2026-11-22",
}
JOB |= {"audio_url": None, "error": None}


def answer(value, status=200):
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


@pytest.fixture
def done(service):
    return JOB | {"state": "done", "audio_url": f"{service.base}/files/1.mp3"}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr("herald.cli.server_commands.sleep", lambda _: None)


def test_speak_writes_a_file(service, tmp_path, capsys):
    service.misbehave("POST /v1/audio/speech", (200, {"X-Herald-Price": "0.001"}, b"audio"))
    assert main(["speak", "hello", "there", "-o", "a.wav", "--json"]) == 0
    assert (tmp_path / "a.wav").read_bytes() == b"audio"
    assert json.loads(capsys.readouterr().out) == {"file": "a.wav", "bytes": 5, "price": "0.001"}


@pytest.mark.parametrize("words", [[], ["-"], ["-i", "-"]])
@pytest.mark.parametrize("typed", ["Grüß Gott.".encode("cp1252"), "<html><p>Grüß Gott.</p></html>".encode()])
def test_speak_reads_standard_input_and_writes_standard_output(service, monkeypatch, capsysbinary, words, typed):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
    service.misbehave("POST /v1/audio/speech", (200, {}, b"audio"))
    assert main(["speak", *words, "-o", "-"]) == 0
    assert capsysbinary.readouterr().out == b"audio"
    assert json.loads(service.bodies[-1])["input"] == "Grüß Gott."


@pytest.mark.parametrize("words", [["speak"], ["jobs", "send"]])
def test_a_terminal_is_asked_for_the_text(service, monkeypatch, capsys, words):
    typed = io.TextIOWrapper(io.BytesIO(b""))
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    service.misbehave("POST /v1/audio/speech", error("nothing_to_speak", "Nothing to speak."))
    service.misbehave("POST /v1/jobs", error("nothing_to_speak", "Nothing to speak."))
    assert main(words) == 1
    assert capsys.readouterr().err.splitlines()[0] == "Type the text, then press Ctrl-D."


@pytest.mark.parametrize("output", ["folder", "missing/a.mp3"])
@pytest.mark.parametrize("words", [["speak", "hello"], ["jobs", "send", "hello"], ["jobs", "wait", "job_1"]])
def test_a_file_that_cannot_be_written_is_reported_before_a_request(service, tmp_path, capsys, words, output):
    (tmp_path / "folder").mkdir()
    assert main([*words, "-o", output]) == 1
    reason = {"folder": "folder: Is a directory", "missing/a.mp3": "missing: No such file or directory"}[output]
    assert capsys.readouterr().err == f"herald: {reason}\n"
    assert service.asked == []


@pytest.mark.parametrize("name", ["", ".", ".."])
@pytest.mark.parametrize(
    "words",
    [["jobs", "get"], ["jobs", "wait"], ["jobs", "cancel"], ["link"], ["batch", "status"], ["lexicon", "get"]],
)
def test_an_id_that_names_another_path_is_refused(service, capsys, words, name):
    assert main([*words, name]) == 1
    assert capsys.readouterr().err == f"herald: '{name}' is not an id or a name.\n"
    assert service.asked == []


@pytest.mark.parametrize("words", [["speak", "caf\udce9"], ["jobs", "get", "caf\udce9"]])
@pytest.mark.usefixtures("service")
def test_bytes_that_are_not_text_are_reported(capsys, words):
    assert main(words) == 1
    assert capsys.readouterr().err == "herald: An argument contains bytes that are not valid text. Use UTF-8.\n"


def test_a_refusal_is_reported(service, tmp_path, capsys):
    service.misbehave("POST /v1/audio/speech", error("unknown_voice", "Unknown voice."))
    assert main(["speak", "hello"]) == 1
    assert capsys.readouterr().err == "herald: Unknown voice. (unknown_voice)\n"
    assert not (tmp_path / "speech.mp3").exists()


def test_an_address_may_end_in_v1(service, capsys):
    service.misbehave("GET /v1/jobs", answer({"object": "list", "data": [JOB], "next_cursor": None}))
    assert main(["jobs", "list", "--url", f"{service.base}/v1/"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["job_1", "queued", "queue", "alloy", "2026-11-22"]


def test_spaces_around_an_address_are_ignored(service, capsys):
    service.misbehave("GET /v1/jobs", answer({"object": "list", "data": [JOB], "next_cursor": None}))
    assert main(["jobs", "list", "--url", f" {service.base} "]) == 0
    assert "job_1" in capsys.readouterr().out


def test_a_job_is_sent(service, capsys):
    service.misbehave("POST /v1/jobs", answer(JOB, 202))
    assert main(["jobs", "send", "hello", "--use-case", "promo"]) == 0
    assert capsys.readouterr().out == "job_1\n"


def test_a_job_is_awaited_and_downloaded(service, done, tmp_path, capsys):
    service.misbehave("POST /v1/jobs", answer(JOB, 202))
    service.misbehave("GET /v1/jobs/job_1", answer(JOB), answer(done))
    assert main(["jobs", "send", "hello", "-o", "a.mp3"]) == 0
    assert capsys.readouterr().out == f"job_1: done\n{done['audio_url']}\n"
    assert (tmp_path / "a.mp3").exists()


def test_an_interrupted_wait_says_how_to_continue(service, monkeypatch, capsys):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("herald.cli.server_commands.sleep", interrupted)
    service.misbehave("POST /v1/jobs", answer(JOB))
    service.misbehave("GET /v1/jobs/job_1", answer(JOB), answer(JOB))
    assert main(["jobs", "send", "hello", "--wait"]) == 130
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Wait for it: herald jobs wait job_1\nherald: interrupted\n" in printed.err
    assert main(["jobs", "wait", "job_1", "--url", service.base]) == 130
    assert f"Wait for it: herald jobs wait job_1 --url {service.base}\n" in capsys.readouterr().err


def test_a_failed_job_is_status_3(service, capsys):
    failed = JOB | {"state": "failed", "error": {"code": "gpu_failed", "message": "The GPU failed."}}
    service.misbehave("GET /v1/jobs/job_1", answer(failed))
    assert main(["jobs", "wait", "job_1"]) == 3
    assert capsys.readouterr().out == "job_1: failed: The GPU failed. (gpu_failed)\n"


def test_a_job_is_shown_and_cancelled(service, capsys):
    service.misbehave("GET /v1/jobs/job_1", answer(JOB))
    assert main(["jobs", "get", "job_1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == JOB
    service.misbehave("DELETE /v1/jobs/job_1", answer(JOB | {"state": "cancelled"}))
    assert main(["jobs", "cancel", "job_1"]) == 0
    assert capsys.readouterr().out == "job_1: cancelled\n"


def test_jobs_are_retried(service, capsys):
    for number in (1, 2):
        service.misbehave(f"POST /v1/jobs/job_{number}/retry", answer(JOB | {"id": f"job_{number + 2}"}))
    assert main(["jobs", "retry", "job_1", "job_2"]) == 0
    assert capsys.readouterr().out == "job_3: queued\njob_4: queued\n"


def test_a_refused_retry_does_not_stop_the_others(service, capsys):
    service.misbehave("POST /v1/jobs/job_1/retry", error("unknown_voice", "Unknown voice."))
    service.misbehave("POST /v1/jobs/job_2/retry", answer(JOB | {"id": "job_3"}))
    assert main(["jobs", "retry", "job_1", "job_2"]) == 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("job_3: queued\n", "herald: job_1: Unknown voice. (unknown_voice)\n")


def test_a_rejected_key_stops_a_retry(service, capsys):
    service.misbehave("POST /v1/jobs/job_1/retry", error("invalid_key", "Invalid key.", 401))
    assert main(["jobs", "retry", "job_1", "job_2"]) == 1
    assert "rejected the key" in capsys.readouterr().err
    assert service.asked == ["POST /v1/jobs/job_1/retry"]


@pytest.mark.parametrize("retention", ["keep", "expire"])
def test_a_file_is_kept_or_expires(service, done, capsys, retention):
    service.misbehave("PUT /v1/jobs/job_1/retention", answer(done))
    assert main(["jobs", retention, "job_1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == done
    assert json.loads(service.bodies[-1]) == {"retention": retention}


def test_a_link_is_printed(service, done, capsys):
    service.misbehave("GET /v1/jobs/job_1", answer(done), answer(JOB))
    assert main(["link", "job_1"]) == 0
    assert capsys.readouterr().out == f"{done['audio_url']}\n"
    assert main(["link", "job_1"]) == 3
    assert capsys.readouterr().err == "job_1 has no file: it is queued.\n"


def test_the_voices_of_a_deployment_are_listed(service, capsys):
    voice = {
        "id": "en_US-heart",
        "language_name": "English (United States)",
        "gender": "female",
        "sample_rate": 22_050,
        "realtime": True,
    }
    voice |= {"speakers": [], "licence": "Apache-2.0", "commercial_use": True, "aliases": ["alloy", "nova"]}
    kokoro = voice | {"id": "kokoro", "realtime": False}
    listed = {"object": "list", "data": [voice, kokoro]}
    service.misbehave("GET /v1/voices", answer(listed), answer(listed))
    assert main(["voices", "--url", service.base]) == 0
    _, first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("Apache-2.0  alloy, nova")
    assert (" jobs only " in first, " jobs only " in second) == (False, True)
    assert main(["voices", "--url", service.base, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [voice, kokoro]


def test_usage_is_shown(service, capsys):
    used = {"object": "usage", "tenant": "acme", "tier": "vip", "scopes": ["speech"]}
    used |= {"today": {"characters": 10, "characters_left": 1_990}}
    used |= {"data": [{"day": "2026-11-22", "characters": 12_345, "requests": 7, "spend": 0.00218}]}
    service.misbehave("GET /v1/usage", answer(used), answer(used))
    assert main(["usage"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[:2] == ["tenant acme, tier vip, for speech", "1,990 characters left today"]
    assert printed[-1].split() == ["2026-11-22", "12,345", "7", "0.002180"]
    assert main(["usage", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == used


def test_usage_of_an_earlier_version_is_shown_without_spend(service, capsys):
    used = {"object": "usage", "tenant": "acme", "tier": "vip", "scopes": [], "today": {"characters_left": None}}
    used |= {"data": [{"day": "2026-11-22", "characters": 1, "requests": 7}]}
    service.misbehave("GET /v1/usage", answer(used))
    assert main(["usage"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["2026-11-22", "1", "7", "-"]


@pytest.mark.parametrize(
    "words", [["speak", "a", "-i", "b"], ["speak", "a", "-o", "-", "--json"], ["jobs"], ["usage", "--days", "0"]]
)
def test_a_wrong_command_line_is_status_2(words, capsys):
    assert main(words) == 2
    assert "Usage: herald" in capsys.readouterr().err


def test_a_terminal_sees_what_was_written(service, terminal, capsys):
    service.misbehave("POST /v1/audio/speech", (200, {}, b"a" * 12_345))
    assert main(["speak", "hello"]) == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "speech.mp3: 12,345 bytes\n")


def test_a_script_sees_nothing(service, tmp_path, capsys):
    service.misbehave("POST /v1/audio/speech", (200, {}, b"audio"))
    assert main(["speak", "hello"]) == 0
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "speech.mp3").read_bytes() == b"audio"


def test_jobs_are_listed_as_json(service, capsys):
    service.misbehave("GET /v1/jobs", answer({"object": "list", "data": [JOB, JOB], "next_cursor": None}))
    assert main(["jobs", "list", "--limit", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [JOB]


def test_a_link_is_printed_as_json(service, done, capsys):
    service.misbehave("GET /v1/jobs/job_1", answer(done), answer(JOB))
    assert main(["link", "job_1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": "job_1", "state": "done", "audio_url": done["audio_url"]}
    assert main(["link", "job_1", "--json"]) == 3
    assert json.loads(capsys.readouterr().out) == {"id": "job_1", "state": "queued", "audio_url": None}


def test_a_job_is_awaited_without_a_download(service, done, tmp_path, capsys):
    service.misbehave("GET /v1/jobs/job_1", answer(done))
    assert main(["jobs", "wait", "job_1"]) == 0
    assert capsys.readouterr().out == f"job_1: done\n{done['audio_url']}\n"
    assert not any(asked.startswith("GET /files/") for asked in service.asked)


def test_a_file_that_cannot_be_written_is_not_downloaded_again(service, done, here, capsys):
    service.misbehave("GET /v1/jobs/job_1", answer(done))
    name = f"{'a' * 250}.mp3"  # too long with .part
    assert main(["jobs", "wait", "job_1", "-o", name]) == 1
    assert capsys.readouterr().err == f"herald: {name}.part: File name too long\n"
    assert here == []
