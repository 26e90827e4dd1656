"""herald speak, jobs and usage: clients of a deployment for single texts."""

import json
import sys
import uuid
from collections.abc import Callable, Mapping
from itertools import chain, islice
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

import click

from herald.cli.environment import api_of
from herald.cli.parameters import (
    command_line,
    input_type_option,
    json_option,
    lexicon_names_option,
    output_option,
    pause_option,
    text_format_option,
    url_option,
)
from herald.errors import HeraldError, Unauthorized, Unavailable, counted

if TYPE_CHECKING:
    from herald.cli.api_client import Api, Json

JOBS, SPEECH, USAGE = "/v1/jobs", "/v1/audio/speech", "/v1/usage"
FAILED = 3
"""Exit status if the awaited job failed or was cancelled, as for a watched batch."""
_STATES = ("accepted", "queued", "speaking", "waiting_for_gpu", "done", "failed", "cancelled")
_ENDS = {"done", "failed", "cancelled"}
_FIRST_PAUSE, _LONGEST_PAUSE, _SLOWER = 0.3, 5.0, 1.3
"""Seconds between polls, and the factor by which the pause grows."""


def text_options[F: Callable[..., Any]](command: F) -> F:
    """Add the text and the options of its speech, named as the fields of the API's requests."""
    for add in (
        input_type_option,
        text_format_option,
        pause_option,
        lexicon_names_option,
        click.option("--speed", type=float, help="0.25 to 4.0 (default: 1.0)"),
        click.option("-r", "--sample-rate", type=int, metavar="HZ", help="default: the voice's own"),
        click.option("-f", "--format", "response_format", metavar="FORMAT", help="mp3, opus, flac, wav, ulaw ..."),
        click.option("-v", "--voice", help="a voice of the deployment (default: the deployment's)"),
        click.option("-i", "--input", "file", type=click.Path(), metavar="FILE", help="read a document, or '-'"),
        click.argument("words", nargs=-1, metavar="[TEXT]..."),
    ):
        command = add(command)
    return command


id_argument = click.argument("job_id", metavar="ID")
audio_option = output_option(type=click.Path(path_type=Path), help="file for the audio")


@click.command()
@text_options
@output_option(default="speech.mp3", help="'-': standard output")
@url_option
@json_option
def speak(
    words: tuple[str, ...],
    *,
    file: str | None,
    output: str,
    url: str | None,
    as_json: bool,
    **fields: Any,  # noqa: ANN401
) -> None:
    """Synthesize a text with a deployment, and wait for the audio. Without a text, read standard input."""
    if as_json and output == "-":
        raise click.UsageError("--json and '--output -' both write to standard output.")
    from herald.cli.say import format_of

    body = _body(words, file, fields | {"response_format": fields["response_format"] or format_of(output)})
    response = api_of(url).send("POST", SPEECH, json=body, headers={"Accept": "*/*"})
    if output == "-":
        sys.stdout.buffer.write(response.content)
        sys.stdout.buffer.flush()
        return
    Path(output).write_bytes(response.content)
    about = {"file": output, "bytes": len(response.content)}
    about |= {name: value for name in ("price", "route") if (value := response.headers.get(f"X-Herald-{name}"))}
    if as_json:
        print(json.dumps(about))
    elif sys.stderr.isatty():
        print(f"{output}: {len(response.content):,} bytes", file=sys.stderr)


@click.group()
def jobs() -> None:
    """Synthesize texts with a deployment in the background, and list, await, download or cancel these jobs."""


@jobs.command()
@text_options
@click.option("-u", "--use-case", metavar="TAG", help="tag stored with the file, for example welcome-message")
@click.option("--priority", type=click.Choice(["standard", "vip"]), help="vip is not queued behind standard")
@click.option("--retention", type=click.Choice(["expire", "keep"]), help="keep: the file does not expire")
@click.option("--webhook-url", metavar="URL", help="receives a signed webhook when the job ends")
@click.option("-w", "--wait", is_flag=True, help="wait for the end of the job")
@audio_option
@url_option
@json_option
def send(
    words: tuple[str, ...],
    *,
    file: str | None,
    wait: bool,
    output: Path | None,
    url: str | None,
    as_json: bool,
    **fields: Any,  # noqa: ANN401
) -> int:
    """Submit a text as a job; print its id or, with --wait or --output, its result."""
    api = api_of(url)
    job = api.post(JOBS, _body(words, file, fields), key=uuid.uuid4().hex)
    if wait or output:
        return _finish(api, job["id"], output, url, as_json=as_json)
    print(json.dumps(job, indent=2) if as_json else job["id"])
    return 0


@jobs.command("list")
@click.option("-l", "--limit", type=click.IntRange(min=1), default=20, metavar="N", help="maximum number")
@click.option("--state", type=click.Choice(_STATES), help="only jobs in this state")
@url_option
@json_option
def list_jobs(limit: int, *, state: str | None, url: str | None, as_json: bool) -> None:
    """List the newest jobs."""
    from herald.cli.terminal import print_table

    pages = api_of(url).pages(JOBS, limit=min(limit, 100), state=state)
    found = list(islice(chain.from_iterable(pages), limit))
    if as_json:
        print(json.dumps(found, indent=2))
        return
    rows = [(job["id"], job["state"], job["route"], job["voice"], job["created_at"]) for job in found]
    print_table(("JOB", "STATE", "ROUTE", "VOICE", "CREATED"), *rows)


@jobs.command()
@id_argument
@url_option
@json_option
def get(job_id: str, *, url: str | None, as_json: bool) -> None:
    """Show a job, with the link to its file."""
    from herald.cli.api_client import resource_path

    _print_job(api_of(url).get(resource_path(JOBS, job_id)), as_json=as_json)


@jobs.command()
@id_argument
@audio_option
@url_option
@json_option
def wait(job_id: str, *, output: Path | None, url: str | None, as_json: bool) -> int:
    """Wait for the end of a job; with --output, download its file. The exit status is 3 unless it is done."""
    return _finish(api_of(url), job_id, output, url, as_json=as_json)


@jobs.command()
@id_argument
@url_option
@json_option
def cancel(job_id: str, *, url: str | None, as_json: bool) -> None:
    """Cancel a job that is not being processed yet."""
    from herald.cli.api_client import resource_path

    _print_job(api_of(url).delete(resource_path(JOBS, job_id)), as_json=as_json)


@jobs.command()
@click.argument("job_ids", metavar="JOB...", nargs=-1, required=True)
@url_option
@json_option
def retry(job_ids: tuple[str, ...], *, url: str | None, as_json: bool) -> int:
    """Retry failed jobs as new jobs, and print these. Retrying a job twice returns the same new job.

    The exit status is 1 if a job is refused.
    """
    from herald.cli.api_client import resource_path

    api, status = api_of(url), 0
    for job_id in job_ids:
        try:
            _print_job(api.post(resource_path(JOBS, job_id, "retry")), as_json=as_json)
        except (Unauthorized, Unavailable):
            raise
        except HeraldError as refusal:  # the others may be accepted
            print(f"herald: {job_id}: {refusal.message}", file=sys.stderr)
            status = 1
    return status


@jobs.command()
@id_argument
@url_option
@json_option
def keep(job_id: str, *, url: str | None, as_json: bool) -> None:
    """Keep the file of a job, so that it does not expire."""
    _retain(job_id, "keep", url, as_json=as_json)


@jobs.command()
@id_argument
@url_option
@json_option
def expire(job_id: str, *, url: str | None, as_json: bool) -> None:
    """Let the file of a kept job expire."""
    _retain(job_id, "expire", url, as_json=as_json)


def _retain(job_id: str, retention: str, url: str | None, *, as_json: bool) -> None:
    from herald.cli.api_client import resource_path

    body = json.dumps({"retention": retention}).encode()
    _print_job(api_of(url).put(f"{resource_path(JOBS, job_id)}/retention", body, "application/json"), as_json=as_json)


@click.command()
@id_argument
@url_option
@json_option
def link(job_id: str, *, url: str | None, as_json: bool) -> int:
    """Print a link to the file of a job. It works for 15 minutes, without a key.

    The exit status is 3 if the job has no file.
    """
    from herald.cli.api_client import resource_path

    job = api_of(url).get(resource_path(JOBS, job_id))
    address = job.get("audio_url")
    if as_json:
        print(json.dumps({"id": job["id"], "state": job["state"], "audio_url": address}))
    elif address:
        print(address)
    else:
        print(f"{job['id']} has no file: it is {job['state']}.", file=sys.stderr)
    return 0 if address else FAILED


@click.command()
@click.option(
    "-d", "--days", type=click.IntRange(1, 90), default=30, metavar="N", help="number of days, today included"
)
@url_option
@json_option
def usage(days: int, *, url: str | None, as_json: bool) -> None:
    """Show the characters, requests and spend of your key's tenant by day, and the limits of the key."""
    from herald.cli.terminal import print_table

    found = api_of(url).get(USAGE, days=days)
    if as_json:
        print(json.dumps(found, indent=2))
        return
    left = found["today"]["characters_left"]
    print(f"tenant {found['tenant']}, tier {found['tier']}, for {', '.join(found['scopes'])}")
    print("no daily limit" if left is None else f"{counted(left, 'character')} left today", end="\n\n")
    rows = [
        # deployments of earlier versions do not state the spend
        (day["day"], f"{day['characters']:,}", f"{day['requests']:,}", f"{day['spend']:.6f}" if "spend" in day else "-")
        for day in found["data"]
    ]
    print_table(("DAY", "CHARACTERS", "REQUESTS", "US$"), *rows, numbers={1, 2, 3})


def _body(words: tuple[str, ...], file: str | None, fields: Mapping[str, Any]) -> "Json":
    """Return a request with the text and the given fields; the service applies its own defaults."""
    if file and words:
        raise click.UsageError("Give a text or --input, not both.")
    from herald.cli.say import input_texts

    [(_, text)] = input_texts(words, [file] if file else [], lines=False, text_format=fields.get("text_format"))
    return {"input": text} | {name: value for name, value in fields.items() if value is not None}


def _finish(api: "Api", job_id: str, output: Path | None, url: str | None, *, as_json: bool) -> int:
    """Wait for the end of a job, print it, and download its file; return the exit status."""
    from herald.cli.api_client import advised, fetch, resource_path

    pause, address = _FIRST_PAUSE, resource_path(JOBS, job_id)
    advice = f"The job continues without this command. Wait for it: {command_line('jobs', 'wait', job_id, url=url)}"
    with advised(advice, about=Unavailable):
        while (job := api.get(address))["state"] not in _ENDS:
            sleep(pause)
            pause = min(pause * _SLOWER, _LONGEST_PAUSE)
    _print_job(job, as_json=as_json)
    if job["state"] != "done":
        return FAILED
    if output:
        fetch(job["audio_url"], output)
    return 0


def _print_job(job: "Json", *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(job, indent=2))
        return
    error = f": {job['error']['message']} ({job['error']['code']})" if job.get("error") else ""
    print(f"{job['id']}: {job['state']}{error}")
    if job.get("audio_url"):
        print(job["audio_url"])
