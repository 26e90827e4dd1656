"""pocket-tts (Kyutai): voices that are cloned from a recording. Needs the packages of requirements/gpu-pocket.txt.

A folder made by gpu.pack_pocket contains the model and its tokenizer. A voice is the state of the model after it has
processed the recording: a safetensors file, stored as an object. Only this object is downloaded.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from gpu.device import Device
from gpu.objects import Objects
from herald.errors import EngineNotInstalled, InvalidRequest, ModelTooLarge, VoiceNotPrepared
from herald.speech.model import Floats

CONFIG, WEIGHTS, TOKENIZERS = "config.yaml", "model.safetensors", ("tokenizer.json", "tokenizer.model")
"""Files of a packed model. It has one of the tokenizers."""
_LARGEST_STATE = 64 << 20
"""Bytes. With the largest model, the state after 60 s of a recording has about 40 MB."""
_NOT_INSTALLED = (
    "Cloned voices need the package pocket-tts. Build the image with EXTRAS=requirements/gpu-pocket.txt in addition, "
    "or enrol with the method 'matched'."
)


class Pocket:
    """A loaded model. Thread-safe: it speaks one text at a time."""

    def __init__(self, model: Any, objects: Objects) -> None:  # noqa: ANN401  an optional package
        self._model = model
        self._objects = objects
        self._speaking = threading.Lock()
        self.sample_rate = int(model.sample_rate)

    def clone(self, samples: Floats) -> bytes:
        """Return the state for the voice in mono samples at `sample_rate`; raise ModelTooLarge."""
        import torch  # noqa: PLC0415  seconds, and optional
        from pocket_tts.models.model_state import export_model_state  # noqa: PLC0415

        with self._speaking, report_lack_of_memory(), TemporaryDirectory() as folder:
            state = self._model.get_state_for_audio_prompt(torch.from_numpy(samples[None].copy()), truncate=True)
            export_model_state(state, Path(folder) / "state.safetensors")
            return (Path(folder) / "state.safetensors").read_bytes()

    def speak(self, text: str, *, speaker: str | None, language: str | None, speed: float) -> Iterator[Floats]:  # noqa: ARG002  a model has one language
        """Yield mono samples; `speaker` is the address of a voice's state.

        Raise InvalidRequest if there is no speaker or the speed is not 1, VoiceNotPrepared if the state is damaged, and
        ModelTooLarge if there is not enough memory.
        """
        import torch  # noqa: PLC0415  seconds, and optional

        if speaker is None:
            raise InvalidRequest("This model has no voice of its own. Enrol one.", param="voice")
        if speed != 1:
            raise InvalidRequest("speed must be 1 for a cloned voice.", param="speed")
        state = self._state(self._objects.read(speaker, most=_LARGEST_STATE))
        with self._speaking, report_lack_of_memory():
            seed = hashlib.sha256(f"{speaker}\n{text}".encode()).digest()[:4]
            torch.manual_seed(int.from_bytes(seed))
            stop = threading.Event()
            try:
                for piece in self._model.generate_audio_stream(state, text, copy_state=False, stop=stop):
                    samples: Floats = piece.detach().cpu().numpy().astype(np.float32)
                    yield np.clip(np.nan_to_num(samples), -1, 1)
            finally:
                stop.set()

    def _state(self, data: bytes) -> Any:  # noqa: ANN401  an optional package
        from safetensors import SafetensorError  # noqa: PLC0415  optional

        with report_lack_of_memory(), TemporaryDirectory() as folder:
            path = Path(folder) / "state.safetensors"
            path.write_bytes(data)
            try:
                return self._model.get_state_for_audio_prompt(path)
            except (SafetensorError, ValueError) as error:
                raise VoiceNotPrepared("The data of the cloned voice is damaged. Enrol the voice again.") from error


def load(folder: Path, device: Device, objects: Objects) -> Pocket:  # noqa: ARG001  it runs on the CPU, fast enough
    """Load a model that gpu.pack_pocket packed; raise EngineNotInstalled, VoiceNotPrepared or ModelTooLarge."""
    try:
        from pocket_tts import TTSModel  # noqa: PLC0415  seconds, and optional
        from safetensors import SafetensorError  # noqa: PLC0415
    except ModuleNotFoundError:
        raise EngineNotInstalled(_NOT_INSTALLED, param="voice") from None
    missing = [name for name in (CONFIG, WEIGHTS) if not (folder / name).is_file()]
    if missing:
        raise VoiceNotPrepared(f"{folder} lacks {', '.join(missing)}. Pack the model with 'python -m gpu.pack_pocket'.")
    damaged: Callable[[Exception], VoiceNotPrepared] = lambda error: VoiceNotPrepared(  # noqa: E731
        f"The model in {folder} is damaged, or not one of pocket-tts: {type(error).__name__}. Pack it again."
    )
    with report_lack_of_memory(), TemporaryDirectory() as temporary:
        config = Path(temporary) / CONFIG
        config.write_text((folder / CONFIG).read_text(encoding="utf-8").replace("{folder}", str(folder.resolve())))
        try:
            model = TTSModel.load_model(config=config)
        except (SafetensorError, ValueError, KeyError, OSError) as error:
            raise damaged(error) from error
        except RuntimeError as error:
            if _is_out_of_memory(error):
                raise
            raise damaged(error) from error
    # Decoding several frames at once rounds differently than one at a time, and their number depends on timing.
    model.max_decoder_frames_per_call = 1
    return Pocket(model, objects)


@contextmanager
def report_lack_of_memory() -> Iterator[None]:
    """Report a lack of memory as ModelTooLarge."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, MemoryError) or _is_out_of_memory(error):
            raise ModelTooLarge(
                "There is not enough memory for a cloned voice. Lower HERALD_AT_ONCE, or use a larger instance."
            ) from error
        raise


def _is_out_of_memory(error: RuntimeError) -> bool:
    """Return whether torch ran out of memory. On the CPU, torch has no error class for that."""
    return "allocate" in str(error).lower() or "out of memory" in str(error).lower()
