"""A manifest is sent, watched and downloaded; faults are retried or reported."""

import io
import json
import os
import re
from datetime import datetime, timedelta
from threading import Thread

import pytest

from herald.cli import main
from tests.support.batch_api import AUDIO, AWAY, ID, error
from tests.unit.cli.conftest import PEOPLE

HELLO = "Hello {first_name}."
PREVIEW = "POST /v1/batches/preview"


def test_a_manifest_is_created_uploaded_and_started(batch, service, capsys):
    assert batch("send", "people.csv", "-t", HELLO) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{ID}\n"
    assert f"herald batch status {ID} --watch" in printed.err
    assert service.request == {"name": "people", "template": HELLO, "manifest_format": "csv"}
    assert service.manifest == PEOPLE.encode()
    assert service.form == [
        ("key", "uploads/acme/manifest"), ("Content-Type", "text/csv"), ("policy", "eyJl+/=="),
    ]  # fmt: skip
    assert service.asked == [PREVIEW, "POST /v1/batches", "POST /upload", f"POST /v1/batches/{ID}/start"]


def test_a_manifest_may_be_standard_input(batch, service, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PEOPLE.encode())))
    assert batch("send", "-", "-t", HELLO) == 0
    assert capsys.readouterr().out == f"{ID}\n"
    assert service.request == {"name": "manifest", "template": HELLO}
    assert service.manifest == PEOPLE.encode()


def test_a_manifest_may_be_a_pipe(batch, service, tmp_path):
    """A shell's <(...): it can be read once, and is checked before it is sent."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=(PEOPLE,))
    writer.start()
    assert batch("send", str(pipe), "-t", HELLO) == 0
    writer.join()
    assert service.request == {"name": "manifest", "template": HELLO}
    assert service.manifest == PEOPLE.encode()


def test_a_terminal_is_asked_for_the_manifest(batch, service, monkeypatch, capsys):
    typed = io.TextIOWrapper(io.BytesIO(PEOPLE.encode()))
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", typed)
    assert batch("send", "-", "-t", HELLO) == 0
    assert capsys.readouterr().err.startswith("Type the manifest, then press Ctrl-D.\n")
    assert service.manifest == PEOPLE.encode()


def test_all_options_are_sent(batch, service):
    options = "-v anna -f opus -r 8000 --speed 1.5 -n spring -u promo --deadline 2099-01-31T12:00+01:00 --priority vip"
    options += " --input-type text --text-format markdown --pause sentence=300 --lexicon brands --lexicon places"
    limits = "--retention keep --delivery zip --tolerate 2.5 --max-concurrency 40 --items-per-child 10"
    limits += " --manifest-format jsonl -m a=b --webhook-url https://hooks.example.com/"
    assert batch("send", "people.csv", *options.split(), *limits.split()) == 0
    assert service.request == {
        "name": "spring",
        "voice": "anna",
        "response_format": "opus",
        "sample_rate": 8000,
        "speed": 1.5,
        "input_type": "text",
        "text_format": "markdown",
        "pause": {"sentence": 300},
        "lexicons": ["brands", "places"],
        "use_case": "promo",
        "deadline": datetime.fromisoformat("2099-01-31T12:00+01:00").astimezone().isoformat(),
        "priority": "vip",
        "retention": "keep",
        "delivery": "zip",
        "tolerated_failure_percent": 2.5,
        "max_concurrency": 40,
        "items_per_child": 10,
        "manifest_format": "jsonl",
        "metadata": {"a": "b"},
        "webhook_url": "https://hooks.example.com/",
    }


def test_the_request_matches_the_model(batch, service):
    """The service accepts every field that is sent, and each of its fields has an option or is listed here."""
    from herald.batches.batch_request import BatchRequest  # noqa: PLC0415

    test_all_options_are_sent(batch, service)
    BatchRequest.model_validate_json(json.dumps(service.request))
    assert set(BatchRequest.model_fields) - set(service.request) == {"template", "items", "manifest"}


def test_a_clock_time_means_its_next_occurrence(batch, service):
    assert batch("send", "people.csv", "-t", HELLO, "--deadline", "12:00") == 0
    deadline = datetime.fromisoformat(service.request["deadline"])
    assert (deadline.hour, deadline.minute) == (12, 0)
    assert timedelta() < deadline - datetime.now().astimezone() <= timedelta(days=1, hours=1)


def test_the_template_may_be_a_file(batch, service, tmp_path):
    (tmp_path / "hello.txt").write_text(f"{HELLO}\n")
    assert batch("send", "people.csv", "--template-file", "hello.txt") == 0
    assert service.request["template"] == HELLO


def test_a_manifest_in_s3_is_referenced(batch, service):
    assert batch("send", "s3://lists/spring.jsonl", "-t", HELLO) == 0
    assert service.request == {"name": "spring", "template": HELLO, "manifest": "s3://lists/spring.jsonl"}
    assert service.asked == ["POST /v1/batches"]


def test_watching_ends_with_a_summary(batch, service, capsys):
    service.bad_lines = (3,)
    assert batch("send", "people.csv", "-t", HELLO, "--watch") == 0
    printed = capsys.readouterr()
    assert "line 3 (p2): The row has nothing for field 1 of the template. (missing_value)\n" in printed.err
    facts = dict(line.split(maxsplit=1) for line in printed.out.replace("row errors", "row-errors").splitlines())
    assert facts["batch"] == f"{ID}, people"
    assert (facts["state"], facts["rows"], facts["done"], facts["row-errors"]) == ("done", "4", "3", "1")
    assert (facts["audio"], facts["price"]) == ("31.5 s", "$0.0013, $0.00042 a file")
    assert facts["sentences"] == "6 spoken, 10 reused"
    assert facts["deadline"] == "met: Done 0:01:00 before the deadline."


def shown_lines(printed):
    """Return the lines that a terminal has shown, without control sequences."""
    return [line for line in re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", printed)) if line]


def test_a_terminal_shows_a_progress_bar(batch, terminal, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")
    assert batch("send", "people.csv", "-t", HELLO, "--watch") == 0
    shown = capsys.readouterr().err
    lines = shown_lines(shown)
    bar = "━" * 24
    assert f"{bar} 100% uploading people.csv: 0.0 of 0.0 MB" in lines
    assert [line for line in lines if "━  50% speaking, 2 of 4 done, $0.00084, expected end about " in line]
    assert lines[-1] == f"{bar} 100% done, 4 of 4 done, $0.0017"
    assert shown.endswith("\n\x1b[?25h")


def test_a_terminal_keeps_messages_above_the_bar(batch, service, terminal, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    service.bad_lines = (3,)
    assert batch("send", "people.csv", "-t", HELLO, "--watch") == 0
    lines = shown_lines(capsys.readouterr().err)
    message = "line 3 (p2): The row has nothing for field 1 of the template. (missing_value)"
    assert lines.count(message) == 1
    assert "100% done, 3 of 4 done" in lines[-1]


def test_lines_fit_a_narrow_terminal(batch, terminal, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    assert batch("send", "people.csv", "-t", HELLO, "--watch") == 0
    bars = [line for line in shown_lines(capsys.readouterr().err) if "%" in line]
    assert len(bars) >= 3
    assert max(map(len, bars)) <= 40


@pytest.mark.parametrize("page", [7, 100])
def test_only_the_first_row_errors_are_shown(batch, service, tmp_path, capsys, page):
    service.page = page
    (tmp_path / "people.csv").write_text("first_name\n" + "x\n" * 40)
    service.bad_lines = tuple(range(2, 35))
    batch("send", "people.csv", "-t", HELLO, "--watch")
    shown = capsys.readouterr().err
    assert shown.count("(missing_value)") == 20
    assert "... and 13 more; see the report for all of them" in shown


def test_watching_ends_with_the_report(batch, service, tmp_path):
    service.report_after = 3
    assert batch("send", "people.csv", "-t", HELLO, "--download", "out") == 0
    assert (tmp_path / "out" / "results.csv").exists()


@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_an_unsuccessful_batch_is_status_3(batch, service, end, capsys):
    service.ends, service.failed_lines = end, (2,)
    assert batch("send", "people.csv", "-t", HELLO, "--watch") == 3
    printed = capsys.readouterr()
    assert "line 2 (p1): The GPU failed. (gpu_failed)" in printed.err
    assert f"state        {end}" in printed.out


def test_temporary_failures_are_retried_with_the_same_idempotency_key(batch, service, here):
    service.misbehave("POST /v1/batches", AWAY, (503, {"Retry-After": "7"}, b""), (502, {}, b""))
    service.misbehave("GET /v1/batches/…", (429, {}, b'{"message": "Too Many Requests"}'))
    assert batch("send", "people.csv", "-t", HELLO, "--watch") == 0
    assert service.asked.count("POST /v1/batches") == 4
    assert here[:2] == [0, 7]
    assert 1 <= here[2] <= 2
    assert len(service.keys) == 1  # recorded for the successful request only
    assert len(service.keys[0]) == 32


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((503, {}, b""), "responded 503 Service Unavailable, 5 times"),
        (AWAY, "DynamoDB did not answer. (unavailable)"),
    ],
)
def test_a_permanent_failure_is_reported(batch, service, answer, message, capsys):
    service.misbehave("GET /v1/batches/…", *[answer] * 5)
    assert batch("send", "people.csv", "-t", HELLO, "--watch") == 1
    shown = capsys.readouterr().err
    assert message in shown
    assert f"The batch continues without this command. Watch it: herald batch status {ID} --watch" in shown


def test_an_interrupted_upload_is_restarted(batch, service, tmp_path):
    big = "first_name\n" + "Aaron\n" * 200_000
    (tmp_path / "people.csv").write_text(big)
    service.cut_uploads = 2
    assert batch("send", "people.csv", "-t", HELLO) == 0
    assert service.manifest == big.encode()
    assert service.asked.count("POST /upload") == 3


def test_an_oversized_manifest_is_not_uploaded(batch, service, capsys):
    service.max_bytes = len(PEOPLE) - 1
    assert batch("send", "people.csv", "-t", HELLO) == 1
    assert f"people.csv has {len(PEOPLE)} bytes; the limit is {len(PEOPLE) - 1}." in capsys.readouterr().err
    assert service.asked == [PREVIEW, "POST /v1/batches"]


@pytest.mark.parametrize(
    ("answer", "message"), [((403, {}, b"<Error/>"), "responded 403 Forbidden"), (None, "people.csv could")]
)
def test_a_failed_upload_does_not_start_the_batch(batch, service, answer, message, capsys):
    if answer:
        service.misbehave("POST /upload", answer)
    else:
        service.cut_uploads = 99
    assert batch("send", "people.csv", "-t", HELLO) == 1
    shown = capsys.readouterr().err
    assert message in shown
    assert f"The batch was not started. Cancel it: herald batch cancel {ID}" in shown
    assert f"POST /v1/batches/{ID}/start" not in service.asked


def test_an_error_is_reported_with_its_code(batch, service, capsys):
    service.misbehave("POST /v1/batches", error("invalid_template", "Character 7 of the template is a brace."))
    assert batch("send", "people.csv", "-t", "Hello {.") == 1
    shown = capsys.readouterr().err
    assert shown.endswith("\nherald: Character 7 of the template is a brace. (invalid_template)\n")


@pytest.mark.parametrize(
    "answer",
    [
        (404, {}, b'{"message": "Not Found"}'),
        (200, {"Content-Type": "text/html"}, b"<html>Welcome</html>"),
        (200, {}, b"[]"),
        (200, {}, b'{"id": "1"}'),
        (403, {}, b'{"error": "denied"}'),
        (301, {"Location": "/elsewhere"}, b""),
    ],
)
def test_a_server_that_is_not_herald_is_reported(batch, service, answer, capsys):
    service.misbehave("POST /v1/batches", answer)
    assert batch("send", "people.csv", "-t", HELLO) == 1
    assert "it is not a Herald API. Use the stack's output ApiUrl" in capsys.readouterr().err


def test_ctrl_c_keeps_the_batch_and_prints_how_to_watch_it(batch, service, monkeypatch, capsys):
    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("herald.cli.batch_transfer.sleep", stop)
    assert batch("send", "people.csv", "-t", HELLO, "--watch", "--url", service.base) == 130
    shown = capsys.readouterr().err
    assert f"Watch it: herald batch status {ID} --watch --url {service.base}" in shown
    assert shown.endswith("herald: interrupted\n")
    assert f"DELETE /v1/batches/{ID}" not in service.asked


def test_a_missing_manifest_creates_nothing(batch, service, capsys):
    assert batch("send", "missing.csv", "-t", HELLO) == 1
    assert "missing.csv: No such file" in capsys.readouterr().err
    assert service.asked == []


@pytest.mark.parametrize(
    "words",
    [
        ["send"],
        ["send", "a.csv", "--deadline", "soon"],
        ["send", "a.csv", "--deadline", "25:00"],
        ["send", "a.csv", "-m", "campaign"],
        ["send", "a.csv", "-t", "a", "--template-file", "b"],
        [],
    ],
)
def test_a_wrong_command_line_is_status_2(words, capsys):
    assert main(["batch", *words]) == 2
    assert "Usage: herald batch" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://example.com", "is not a valid address; it must begin with https:// or http://"),
        ("127.0.0.1:4566", "is not a valid address"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1 does not respond: Connection refused"),
        ("http://[", "is not a valid address"),
    ],
)
def test_a_wrong_address_is_reported_without_retries(url, message, here, capsys):
    assert main(["batch", "list", "--url", url]) == 1
    assert message in capsys.readouterr().err
    assert here == []


def test_a_missing_address_is_reported(capsys):
    assert main(["batch", "list"]) == 1
    assert "Set --url or HERALD_URL to the stack's output ApiUrl" in capsys.readouterr().err


def test_the_local_stack_is_found(service, monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("HERALD_URL")
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "stack.json").write_text(json.dumps({"api_url": f"{service.base}/"}))
    assert main(["batch", "list"]) == 0
    assert capsys.readouterr().out.startswith("BATCH")


def test_downloaded_files_are_audio(batch, tmp_path):
    assert batch("send", "people.csv", "-t", HELLO, "--download", "out") == 0
    assert (tmp_path / "out" / "p1.mp3").read_bytes().startswith(AUDIO)
