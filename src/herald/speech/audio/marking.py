"""Read the comment of a file: Herald's states that the speech is synthetic (SYNTHETIC in formats)."""

import io

import soundfile


def read_comment(file: bytes) -> str | None:
    """Return the comment of a WAV, FLAC, MP3 or Ogg file, or None if it has none or cannot be read."""
    try:
        with soundfile.SoundFile(io.BytesIO(file)) as sound:
            return sound.comment or None
    except (soundfile.LibsndfileError, RuntimeError, UnicodeDecodeError):
        return None
