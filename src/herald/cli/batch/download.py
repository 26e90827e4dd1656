"""Fetches what a batch spoke: results.csv, and a file for each item, several at a time."""

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
"""Bytes, without the ending: less than any file system allows."""
_MARK = ".batch"
"""The file that says whose folder it is: ids of two batches can be the same."""
_CLEAN = re.compile(r"\w(?:[\w .@+-]*[\w@+-])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Names that Windows has for something else."""


def download(api: Api, batch: Json, folder: Path) -> None:
    """Fetch all that is not in the folder yet; InvalidRequest where that is another batch's."""
    _claim(folder, batch["id"])
    with Status() as status:
        for name, url in _reports(batch):
            fetch(url, folder / name)
        total, done = batch["counts"]["done"], 0
        with _threads() as threads:
            for page in api.pages(batch_path(batch["id"], "items"), state="done", limit=_PAGE):
                for _ in threads.map(lambda item: _bring(item, folder), page):
                    done += 1
                    status.show(f"{bar(done / max(total, done))}  {done:,} of {total:,} files in {folder}")
        status.say(f"{folder}: {done:,} files")


def file_name(item: Json) -> str:
    """A name for an item's file: its id, unless that is no sane name; then what is left of it, and its line."""
    name = item["id"]
    ending = Path(urlsplit(item["audio_url"]).path).suffix
    if _CLEAN.fullmatch(name) and not _RESERVED.fullmatch(name) and len(name.encode()) <= _LONGEST_NAME:
        return f"{name}{ending}"
    rest = re.sub(r"[^\w-]+", "_", name).strip("_").encode()[:_LONGEST_NAME].decode(errors="ignore")
    return f"{rest}~{item['line']}{ending}"  # no clean name has a ~


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    """Threads that begin nothing more once something went wrong."""
    threads = ThreadPoolExecutor(AT_ONCE)
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)


def _bring(item: Json, folder: Path) -> None:
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
        raise InvalidRequest(f"{folder} holds the files of another batch. Choose another folder.", code="folder_taken")
    mark.write_text(f"{batch_id}\n", encoding="utf-8")
