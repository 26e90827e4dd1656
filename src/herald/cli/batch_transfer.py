"""Follow a batch on the server: upload its manifest, watch it to its end, download its files."""

import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from threading import Lock
from time import sleep
from urllib.parse import urlsplit
from zipfile import BadZipFile, ZipFile

from herald.batches.archive import file_name as safe_name
from herald.cli import batch_display
from herald.cli.api_client import BATCHES, Api, Json, advised, fetch, resource_path, upload
from herald.cli.environment import api_of
from herald.cli.parameters import command_line
from herald.cli.terminal import Status
from herald.errors import HeraldError, InvalidManifest, InvalidRequest, Unavailable, counted


class Archives:
    """The archives that a download needs, each fetched once, beside the files. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._locks: dict[Path, Lock] = {}

    def extract(self, url: str, member: str, path: Path) -> None:
        """Write a member of an archive to `path`, which appears only when complete.

        Raise HeraldError if the archive does not contain it.
        """
        archive = self._folder / f".{Path(urlsplit(url).path).name}"
        with self._lock:
            fetching = self._locks.setdefault(archive, Lock())
        with fetching:
            if not archive.exists():
                fetch(url, archive)
        part = path.with_name(f"{path.name}.part")
        try:
            with ZipFile(archive) as opened, opened.open(member) as source, part.open("wb") as target:
                shutil.copyfileobj(source, target)
        except (BadZipFile, KeyError) as error:
            raise HeraldError(f"The archive {archive.name[1:]} has no intact file {member}: {error}") from None
        else:
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the archives: everything in them that was wanted is extracted."""
        for archive in self._locks:
            archive.unlink(missing_ok=True)


ENDS = ("done", "failed", "cancelled")
NOT_DONE = 3
"""Exit status if the watched batch failed or was cancelled."""
MOST_SHOWN = 20
AT_ONCE = 16
"""Files downloaded at a time."""
_MOST_PAGES = 20
_ITEMS_PAGE = 500
_FIRST_PAUSE, _LONGEST_PAUSE, _SLOWER = 0.5, 5.0, 1.3
"""Seconds between polls, and the factor by which the pause grows."""
_REPORT_POLLS = 100
"""Polls of an ended batch; its report is written after its end."""
_MEGABYTE = 1e6
_MARK = ".batch"
"""File that records the batch id of a folder, because item ids are unique only within a batch."""


@dataclass(frozen=True, kw_only=True)
class Following:
    """A deployment's API, and what to do with the batches of a command."""

    api: Api
    url: str | None
    """The option --url, for the commands that advice names."""
    download: Path | None = None
    as_json: bool = False

    @classmethod
    def of(cls, url: str | None, download: Path | None, *, as_json: bool) -> "Following":
        """Return a client of the deployment that the options select; raise InvalidRequest if there is no address."""
        return cls(api=api_of(url), url=url, download=download, as_json=as_json)

    def command(self, *words: str) -> str:
        """Return a `herald batch` command for the same deployment."""
        return command_line("batch", *words, url=self.url)

    def get(self, batch_id: str) -> Json:
        """Return a batch."""
        return self.api.get(resource_path(BATCHES, batch_id))

    def note(self, text: str) -> None:
        """Print a line on standard error."""
        print(text, file=sys.stderr, flush=True)

    def show(self, batch: Json) -> None:
        """Print the facts of a batch, or its JSON."""
        print(json.dumps(batch, indent=2) if self.as_json else batch_display.summary(batch), flush=True)

    def watch(self, batch_id: str) -> int:
        """Watch a batch, print its summary, download it with --download; return the exit status."""
        command = self.command("status", batch_id, "--watch")
        advice = f"The batch continues without this command. Watch it: {command}"
        with advised(advice, about=Unavailable), Status() as status:
            batch = self._ended(batch_id, status)
            self._print_rows(batch, "failed", batch["counts"]["failed"], status)
        self.show(batch)
        if self.download:
            again = self.command("status", batch_id, "--download", str(self.download))
            with advised(f"Resume the download: {again}"):
                self._download(batch, self.download)
        return 0 if batch["state"] == "done" else NOT_DONE

    def claim(self, folder: Path, batch_id: str | None) -> None:
        """Create the folder, and record whose files it has; raise InvalidRequest if it contains another batch.

        Without a batch id, only check that the folder can have the files of a new batch.
        """
        folder.mkdir(parents=True, exist_ok=True)
        mark = folder / _MARK
        if mark.exists() and mark.read_text(encoding="utf-8").strip() != batch_id:
            raise InvalidRequest(
                f"{folder} contains the files of another batch. Choose another folder.", code="folder_taken"
            )
        if batch_id:
            mark.write_text(f"{batch_id}\n", encoding="utf-8")

    def _ended(self, batch_id: str, status: Status) -> Json:
        """Poll until the batch has ended and its report is written; return the batch."""
        pause, announced, polls = _FIRST_PAUSE, False, 0
        while True:
            batch = self.get(batch_id)
            state = batch["state"]
            part = 0.0 if state in {"created", "planning"} else batch["progress"]
            status.show(batch_display.progress(batch), part, now=state in ENDS)
            if not announced and state not in {"created", "planning"}:
                self._print_rows(batch, "row_error", batch["counts"]["row_errors"], status)
                announced = True
            polls += state in ENDS
            if polls and (batch["report"] or not batch["begun_at"] or polls > _REPORT_POLLS):
                return batch
            sleep(pause)
            pause = min(pause * _SLOWER, _LONGEST_PAUSE)

    def _print_rows(self, batch: Json, state: str, count: int, status: Status) -> None:
        """Print the first rows in a state, and how many more there are."""
        if not count:
            return
        # A page covers one part of the batch and may be empty.
        path = resource_path(BATCHES, batch["id"], "items")
        pages = islice(self.api.pages(path, state=state, limit=MOST_SHOWN), _MOST_PAGES)
        rows = [*islice(chain.from_iterable(pages), MOST_SHOWN)]
        for row in rows:
            status.say(batch_display.row_fault(row))
        if count > len(rows):
            status.say(f"... and {count - len(rows):,} more; see the report for all of them")

    def _download(self, batch: Json, folder: Path) -> None:
        """Download the files that `folder` lacks: results.csv, summary.json and the audio file of each item."""
        self.claim(folder, batch["id"])
        report = batch["report"] or {}
        for name, link in (("results.csv", "csv_url"), ("summary.json", "summary_url")):
            if report.get(link):
                fetch(report[link], folder / name)

        archives = Archives(folder)

        def fetch_item(item: Json) -> None:
            path = folder / file_name(item)
            if path.exists():
                return
            if item.get("archive_url"):  # absent before Herald had archives
                archives.extract(item["archive_url"], item["member"], path)
            else:
                fetch(item["audio_url"], path)

        total, done = batch["counts"]["done"], 0
        items = self.api.pages(resource_path(BATCHES, batch["id"], "items"), state="done", limit=_ITEMS_PAGE)
        threads = ThreadPoolExecutor(AT_ONCE)
        with Status() as status:
            try:
                for page in items:
                    for _ in threads.map(fetch_item, page):
                        done += 1
                        status.show(f"{done:,} of {total:,} files in {folder}", done / max(total, done))
            finally:
                threads.shutdown(cancel_futures=True)
                archives.remove()
            status.say(f"{folder}: {counted(done, 'file')}")


def upload_and_start(following: Following, file: Path, batch: Json) -> Json:
    """Upload the manifest of a created batch and start it; return the API's response."""
    size, form = file.stat().st_size, batch["upload"]
    with advised(f"The batch was not started. Cancel it: {following.command('cancel', batch['id'])}"):
        if size > form["max_bytes"]:
            why = f"{file.name} has {size:,} bytes; the limit is {form['max_bytes']:,}. Split it into several batches."
            raise InvalidManifest(why, code="manifest_too_large")
        with Status() as status:

            def report(done: int) -> None:
                line = f"uploading {file.name}: {done / _MEGABYTE:.1f} of {size / _MEGABYTE:.1f} MB"
                status.show(line, done / size if size else 1.0)

            upload(file, form["url"], form["fields"], report)
        return following.api.post(resource_path(BATCHES, batch["id"], "start"))


def file_name(item: Json) -> str:
    """Return a safe file name for an item: its id, or a cleaned form of it with the line number."""
    extension = Path(item.get("member") or urlsplit(item["audio_url"]).path).suffix
    return safe_name(item["id"], item["line"], extension)
