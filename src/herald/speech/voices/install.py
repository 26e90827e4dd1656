"""Brings voices into a folder, prepared: those of this machine, and those that are published."""

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from herald.errors import UnsupportedVoice, VoiceNotFetched, VoiceNotPrepared
from herald.speech.pack import Pack
from herald.speech.prepare import build, this_architecture
from herald.speech.voices.catalog import VoiceInfo, piper_config
from herald.speech.voices.download import fetch, read
from herald.speech.voices.published import MODEL_CARD, PublishedVoice

_LARGEST_CARD = 1 << 16
"""Bytes of a model card."""

type Report = Callable[[int, int], None]
"""Told the bytes that are here, and how many there will be."""


def is_ready(folder: Path) -> bool:
    """Whether a folder holds a voice that this version of Herald runs."""
    try:
        Pack.read(folder)
    except VoiceNotPrepared:
        return False
    return True


def take(info: VoiceInfo, folder: Path, *, architecture: str = "") -> Pack:
    """Bring a voice of this machine into `folder`/<its id>, for a processor as prepare.build knows them."""
    target = folder / info.id
    if not info.prepared:
        return build(info.path, target, architecture=architecture)
    prepared_for = Pack.read(info.path).architecture
    if prepared_for != (architecture or this_architecture()):
        raise VoiceNotPrepared(f"{info.id} is here for {prepared_for} only. --force fetches it anew.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".copying-") as temporary:
        copy = shutil.copytree(info.path, Path(temporary) / info.id)
        shutil.rmtree(target, ignore_errors=True)
        copy.rename(target)
    return Pack.read(target)


def add(voice: PublishedVoice, folder: Path, report: Report, *, architecture: str = "") -> Pack:
    """Fetch a published voice and prepare it as `folder`/<its key>.

    A cut leaves the hidden folder .downloading-<key>, from which the next call goes on; success removes it.
    VoiceNotFetched says why it cannot be had.
    """
    raw = folder / f".downloading-{voice.key}"
    raw.mkdir(parents=True, exist_ok=True)
    with _alone(raw):
        try:
            pack = build(_fetch_files(voice, raw, report), folder / voice.key, architecture=architecture)
        except UnsupportedVoice:
            shutil.rmtree(raw)
            raise
        shutil.rmtree(raw)
    return pack


def _fetch_files(voice: PublishedVoice, raw: Path, report: Report) -> Path:
    """Fetch what Piper needs; the path of the model."""
    _check_space(voice, raw)
    model = raw / f"{voice.key}.onnx"
    config = model.with_name(model.name + ".json")
    fetch(voice.config, config, lambda done: report(done, voice.size))
    piper_config(model)  # a voice that is none is refused before its large file is fetched
    if voice.card:
        # Not held against the catalogue, as in wyoming-piper: a text for people may be corrected without it.
        (raw / MODEL_CARD).write_bytes(read(voice.card.url, limit=_LARGEST_CARD))
    fetch(voice.model, model, lambda done: report(voice.config.size + done, voice.size))
    return model


def _check_space(voice: PublishedVoice, raw: Path) -> None:
    here = sum(file.stat().st_size for file in raw.iterdir())
    needed, free = 2 * voice.size - here, shutil.disk_usage(raw).free  # the prepared voice is as large again
    if needed > free:
        raise VoiceNotFetched(
            f"The disk is too full for {voice.key}: {needed / 1e6:.0f} MB are needed in {raw.parent}, "
            f"{free / 1e6:.0f} MB are free."
        )


@contextmanager
def _alone(raw: Path) -> Iterator[None]:
    """Keep out a second call for the same voice: both would append to the same file."""
    with (raw / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise VoiceNotFetched(f"Another herald is fetching into {raw} just now.") from None
        yield
