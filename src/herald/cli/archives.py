"""Downloads the archives of a batch with the delivery zip, and extracts the files of its rows."""

import shutil
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from zipfile import BadZipFile, ZipFile

from herald.cli.api_client import fetch
from herald.errors import HeraldError


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
