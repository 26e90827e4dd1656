"""A catalogue with every kind of voice."""

from dataclasses import dataclass
from pathlib import Path

from herald.jobs.job_request import JobRequest
from herald.jobs.resolve import Resolver
from herald.jobs.routing import Policy
from herald.jobs.voice_names import VoiceNames
from herald.speech.voices.catalog import VoiceInfo


@dataclass(frozen=True, kw_only=True)
class KnownVoice(VoiceInfo):
    """A voice with a fixed checksum, so that no files are needed."""

    checksum: str = "c0ffee"


def voice(name, language, **more):
    return KnownVoice(
        **{
            "id": name,
            "language": language,
            "language_name": language,
            "sample_rate": 22_050,
            "quality": "medium",
            "licence": "CC0",
            "path": Path("nowhere"),
        }
        | more
    )


VOICES = {
    info.id: info
    for info in (
        voice("en_US-joe-medium", "en_US"),
        voice("en_GB-alan-low", "en_GB", sample_rate=16_000),
        voice("en_GB-vctk-medium", "en_GB", speakers={"p225": 0, "p226": 1}),
        voice(
            "kokoro",
            "en_US",
            sample_rate=24_000,
            speakers={"jf_alpha": 0, "jm_kumo": 1},
            languages=("en-US", "ja"),
            engine="kokoro",
            needs_gpu=True,
        ),
    )
}
NAMES = VoiceNames(default="en_US-joe-medium", aliases={"reception": "en_GB-vctk-medium:p225"})


def job(**fields):
    """Return a job request."""
    return JobRequest(**({"input": "Hello."} if "dialogue" not in fields else {}) | fields)


def dialogue(*lines):
    """Return dialogue lines from tuples (text, voice) or (text, voice, language)."""
    return [dict(zip(("input", "voice", "language"), line, strict=False)) for line in lines]


def resolver(policy=None):
    """Return a resolver for these voices, by default with limits that any text meets."""
    no_limits = Policy(realtime_characters=10**9, longform_characters=10**9, gpu=True)
    return Resolver(names=NAMES, voices=VOICES, policy=policy or no_limits)
