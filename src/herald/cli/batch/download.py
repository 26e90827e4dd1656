"""Download a batch: results.csv, summary.json and the audio file of each item, several at a time."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from herald.cli.http import Api, Json, batch_path, fetch
from herald.cli.screen import Status, bar
from herald.errors import InvalidRequest

AT_ONCE = 16
_PAGE = 500
_LONGEST_NAME = 100
"""In bytes, without the extension; below the limit of common file systems (255)."""
_MARK = ".batch"
"""File that records the batch id of a folder, because item ids are unique only within a batch."""
_CLEAN = re.compile(r"\w(?:[\w .@+-]*[\w@+-])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Device names that Windows reserves."""


def download(api: Api, batch: Json, folder: Path) -> None:
    """Download the files that `folder` lacks; raise InvalidRequest if it contains another batch."""
    _claim(folder, batch["id"])
    with Status() as status:
        for name, url in _reports(batch):
            fetch(url, folder / name)
        total, done = batch["counts"]["done"], 0
        with _threads() as threads:
            for page in api.pages(batch_path(batch["id"], "items"), state="done", limit=_PAGE):
                for _ in threads.map(lambda item: _download_item(item, folder), page):
                    done += 1
                    status.show(f"{bar(done / max(total, done))}  {done:,} of {total:,} files in {folder}")
        status.say(f"{folder}: {done:,} files")


def file_name(item: Json) -> str:
    """Return a safe file name for an item: its id, or a cleaned form of it with the line number."""
    name = item["id"]
    ending = Path(urlsplit(item["audio_url"]).path).suffix
    if _CLEAN.fullmatch(name) and not _RESERVED.fullmatch(name) and len(name.encode()) <= _LONGEST_NAME:
        return f"{name}{ending}"
    rest = re.sub(r"[^\w-]+", "_", name).strip("_").encode()[:_LONGEST_NAME].decode(errors="ignore")
    return f"{rest}~{item['line']}{ending}"  # unique: clean names contain no ~


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    """Yield a thread pool whose queued work is cancelled on exit."""
    threads = ThreadPoolExecutor(AT_ONCE)
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)


def _download_item(item: Json, folder: Path) -> None:
    path = folder / file_name(item)
    if not path.exists():
        fetch(item["audio_url"], path)


def _reports(batch: Json) -> Iterator[tuple[str, str]]:
    report = batch["report"] or {}
    for name, link in (("results.csv", "csv_url"), ("summary.json", "summary_url")):
        if report.get(link):
            yield name, report[link]


def _claim(folder: Path, batch_id: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / _MARK
    if mark.exists() and mark.read_text(encoding="utf-8").strip() != batch_id:
        raise InvalidRequest(
            f"{folder} contains the files of another batch. Choose another folder.", code="folder_taken"
        )
    mark.write_text(f"{batch_id}\n", encoding="utf-8")
