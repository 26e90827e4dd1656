"""The comment that states in a file that its speech is synthetic. It is not signed: anyone can remove or copy it."""

import io

import soundfile

SYNTHETIC = "Synthetic speech, AI-generated (Herald)"


def read_comment(file: bytes) -> str | None:
    """Return the comment of a WAV, FLAC, MP3 or Ogg file, or None if it has none or cannot be read."""
    try:
        with soundfile.SoundFile(io.BytesIO(file)) as sound:
            return sound.comment or None
    except (soundfile.LibsndfileError, RuntimeError, UnicodeDecodeError):
        return None
