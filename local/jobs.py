"""Run a job on each route through the API."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.http import Api, Json, fetch
from local.progress import Failure, step

PATH = "/v1/jobs"
ENDS = {"done", "failed", "cancelled"}
# The first job of the gpu route loads its model.
SECONDS_TO_END = 180
SECONDS_BETWEEN_LOOKS = 0.1

JOBS: dict[str, Json] = {
    "queue": {
        "input": "Good morning. Your parcel arrives between nine and eleven.",
        "use_case": "alert",
        "priority": "standard",
    },
    "vip": {"input": "Welcome to Herald. We are glad that you are here.", "priority": "vip"},
    "gpu": {
        "dialogue": [
            {"voice": "kokoro:jf_alpha", "input": "Is the table for two still free?", "language": "en-US"},
            {"voice": "kokoro:jm_kumo", "input": "Yes, by the window. See you tonight.", "language": "en-US"},
        ]
    },
}


@dataclass(frozen=True)
class Ended:
    """An ended job as returned by the API, and the seconds from its submission to its end."""

    name: str
    job: Json
    seconds: float


def show(api: Api, output: Path) -> None:
    """Submit all jobs, save their files, and print their results."""
    with step(f"Running a job on each route: {', '.join(JOBS)}"):
        jobs = list(run(api, JOBS))
    for ended in jobs:
        job = ended.job
        if job["state"] != "done":
            raise Failure(f"The {ended.name} job {job['id']} is {job['state']}: {job['error']}")
        file = output.with_suffix(f".{ended.name}.mp3")
        file.write_bytes(fetch(job["audio_url"]))
        print(f"{file}: {job['audio_seconds']:.2f} s of audio in {ended.seconds:.2f} s for ${job['price']:.6f}")
        print(f"  {job['state']}, {job['priority']}, route {job['route']}: {job['reason']}")


def run(api: Api, requests: dict[str, Json]) -> Iterator[Ended]:
    """Submit jobs, and yield each job when it ends."""
    begin = time.monotonic()
    waiting = {name: api.call(PATH, request)["id"] for name, request in requests.items()}
    while waiting:
        for name, job_id in list(waiting.items()):
            job = api.call(f"{PATH}/{job_id}")
            if job["state"] in ENDS:
                del waiting[name]
                yield Ended(name, job, time.monotonic() - begin)
        if waiting and time.monotonic() - begin > SECONDS_TO_END:
            raise Failure(f"These jobs have not ended after {SECONDS_TO_END} s: {', '.join(waiting)}")
        time.sleep(SECONDS_BETWEEN_LOOKS)
