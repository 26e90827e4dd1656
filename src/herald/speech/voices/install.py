"""Install prepared voices into a folder, from this machine or from the published catalogue."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from herald.errors import UnsupportedVoice, VoiceNotFetched, VoiceNotPrepared
from herald.speech.pack import Pack
from herald.speech.prepare import build, this_architecture
from herald.speech.voices.catalog import VoiceInfo, piper_config
from herald.speech.voices.download import fetch, read
from herald.speech.voices.folders import atomic_folder
from herald.speech.voices.published import MODEL_CARD, CatalogVoice

_LARGEST_CARD = 1 << 16
"""Maximum size of a model card in bytes."""

type Report = Callable[[int, int], None]
"""Progress callback, called with the bytes downloaded and in total."""


def is_ready(folder: Path) -> bool:
    """Return whether a folder has a voice that this version of Herald can run."""
    try:
        Pack.read(folder)
    except VoiceNotPrepared:
        return False
    return True


def take(info: VoiceInfo, folder: Path, *, architecture: str = "") -> Pack:
    """Copy or prepare a voice of this machine as `folder`/<id>; `architecture` as in prepare.build."""
    target = folder / info.id
    if not info.prepared:
        return build(info.path, target, architecture=architecture)
    prepared_for = Pack.read(info.path).architecture
    if prepared_for != (architecture or this_architecture()):
        raise VoiceNotPrepared(f"{info.id} is installed for {prepared_for} only. Use --force to download it again.")
    with atomic_folder(target) as made:
        shutil.copytree(info.path, made, dirs_exist_ok=True)
    return Pack.read(target)


def add(voice: CatalogVoice, folder: Path, report: Report, *, architecture: str = "") -> Pack:
    """Download a published voice and prepare it as `folder`/<key>.

    An interrupted download stays in the hidden folder .downloading-<key>; the next call resumes it. Raise
    VoiceNotFetched on failure.
    """
    raw = folder / f".downloading-{voice.key}"
    raw.mkdir(parents=True, exist_ok=True)
    with _locked(raw):
        try:
            pack = build(_fetch_files(voice, raw, report), folder / voice.key, architecture=architecture)
        except UnsupportedVoice:
            shutil.rmtree(raw)
            raise
        shutil.rmtree(raw)
    return pack


def _fetch_files(voice: CatalogVoice, raw: Path, report: Report) -> Path:
    """Download the files of a Piper voice; return the path of the model."""
    _check_space(voice, raw)
    model = raw / f"{voice.key}.onnx"
    config = model.with_name(model.name + ".json")
    fetch(voice.config, config, lambda done: report(done, voice.size))
    piper_config(model)  # reject an invalid voice before the large download
    if voice.card:
        # Not verified, as in wyoming-piper: the text may be corrected without an update of the catalogue.
        (raw / MODEL_CARD).write_bytes(read(voice.card.url, limit=_LARGEST_CARD))
    fetch(voice.model, model, lambda done: report(voice.config.size + done, voice.size))
    return model


def _check_space(voice: CatalogVoice, raw: Path) -> None:
    here = sum(file.stat().st_size for file in raw.iterdir())
    needed, free = 2 * voice.size - here, shutil.disk_usage(raw).free  # the download and the prepared voice
    if needed > free:
        raise VoiceNotFetched(
            f"Not enough disk space for {voice.key}: {needed / 1e6:.0f} MB are needed in {raw.parent}, "
            f"{free / 1e6:.0f} MB are free."
        )


@contextmanager
def _locked(raw: Path) -> Iterator[None]:
    """Lock out concurrent downloads of the same voice, which would append to the same file."""
    with (raw / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise VoiceNotFetched(
                f"Another herald process is downloading to {raw}. Try again when it has finished."
            ) from None
        yield
