"""Read the comment of a file: Herald's states that the speech is synthetic (SYNTHETIC in formats)."""

import io

import soundfile

_VORBIS_COMMENT, _LAST = 4, 0x80
"""Type of a metadata block, and the flag of the last one: RFC 9639, section 8.1."""
_COMMENT = "COMMENT="


def read_comment(file: bytes) -> str | None:
    """Return the comment of a WAV, FLAC, MP3 or Ogg file, or None if it has none or cannot be read."""
    if file.startswith(b"fLaC"):
        return _flac_comment(file)
    try:
        with soundfile.SoundFile(io.BytesIO(file)) as sound:
            return sound.comment or None
    except (soundfile.LibsndfileError, RuntimeError, UnicodeDecodeError):
        return None


def _flac_comment(file: bytes) -> str | None:
    """Return the comment of a FLAC file. libsndfile reads no file of unknown length, such as a stream."""
    at, kind = 4, 0
    while at + 4 <= len(file) and not kind & _LAST:
        kind, size = file[at], int.from_bytes(file[at + 1 : at + 4])
        if kind & ~_LAST == _VORBIS_COMMENT:
            return _vorbis_comment(io.BytesIO(file[at + 4 : at + 4 + size]))
        at += 4 + size
    return None


def _vorbis_comment(block: io.BytesIO) -> str | None:
    """Return the field COMMENT of a block: the vendor, the number of fields, and the fields, each with its length."""

    def number() -> int:
        return int.from_bytes(block.read(4), "little")

    block.read(number())
    for _ in range(number()):
        field = block.read(number()).decode(errors="replace")
        if not field:
            return None
        if field.upper().startswith(_COMMENT):
            return field[len(_COMMENT) :]
    return None
