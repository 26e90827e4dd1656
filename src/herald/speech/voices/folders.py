"""Create the folders of prepared voices atomically, and verify them against their cards."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from herald.errors import VoiceNotFetched
from herald.speech.voices.catalog import CARD, read_card

TEMPORARY_PREFIX = ".making-"
"""Prefix of temporary folders. A process that is killed does not remove its folder."""


def verify(folder: Path) -> None:
    """Raise VoiceNotFetched unless each file of a prepared voice has the checksum in its card."""
    for name, checksum in read_card(folder).get("checksums", {}).items():
        if sha256_of(folder / name) != checksum:
            raise VoiceNotFetched(f"{name} of the voice {folder.name} does not have the checksum in its card.")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def atomic_folder(folder: Path, *, replace: bool = True) -> Iterator[Path]:
    """Yield a temporary folder, and rename it to `folder` afterwards if it contains a card and the block succeeded.

    With `replace=False`, a folder that another process has created meanwhile is kept, as it may be in use.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=TEMPORARY_PREFIX) as temporary:
        made = Path(temporary) / folder.name
        made.mkdir()
        yield made
        if (made / CARD).is_file():
            if replace:
                shutil.rmtree(folder, ignore_errors=True)
            try:
                made.rename(folder)
            except OSError:
                if replace or not folder.is_dir():
                    raise
