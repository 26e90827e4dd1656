"""Which way a script goes: realtime, queue or gpu, and why."""

from dataclasses import dataclass, replace

from herald.errors import GpuNotDeployed
from herald.jobs.intake import Voices, to_script, with_fallback
from herald.jobs.job import Route
from herald.jobs.request import JobRequest
from herald.jobs.script import Script
from herald.jobs.voices import VoiceNames


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a deployment allows, as its template parameters say."""

    realtime_characters: int
    """Longest text that is spoken while somebody waits."""
    longform_characters: int
    """Longest text that is spoken on CPU."""
    gpu: bool
    """Whether a GPU is deployed."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A route, and the reason for a person to read."""

    route: Route
    reason: str


@dataclass(frozen=True, kw_only=True)
class Need:
    """Something that only the GPU can do, and the field of the request that asks for it."""

    param: str
    why: str


def decide(script: Script, voices: Voices, policy: Policy, *, waiting: bool) -> Decision:
    """Where a script is spoken, if somebody is `waiting` for it or not; GpuNotDeployed where that is nowhere."""
    if needs := gpu_needs(script, voices, policy):
        if not policy.gpu:
            raise _nowhere(needs)
        return Decision(route="gpu", reason=f"On the GPU: {_all(needs)}.")
    characters = _count(script.characters)
    if not waiting:
        return Decision(route="queue", reason=f"A job of {characters} for a voice that runs on CPU.")
    if script.characters <= policy.realtime_characters:
        return Decision(
            route="realtime", reason=f"Short enough to wait for: {characters} for a voice that runs on CPU."
        )
    return Decision(
        route="queue",
        reason=f"Too long to wait for: {characters}; at once are spoken up to {policy.realtime_characters:,}.",
    )


def decide_request(
    request: JobRequest, names: VoiceNames, voices: Voices, policy: Policy, *, waiting: bool
) -> tuple[Script, Decision]:
    """The script of a request, and its route; by its fallback voice where the GPU is needed and not deployed."""
    script = to_script(request, names, voices)
    needs = gpu_needs(script, voices, policy)
    if policy.gpu or not needs or request.fallback_voice is None:
        return script, decide(script, voices, policy, waiting=waiting)
    plain = to_script(with_fallback(request), names, voices)
    # Who names a fallback voice would rather have a long text spoken on CPU than not at all.
    decision = decide(plain, voices, replace(policy, longform_characters=plain.characters), waiting=waiting)
    reason = f"By the fallback voice, as no GPU is deployed (GpuImage): {_all(needs)}. {decision.reason}"
    return plain, replace(decision, reason=reason)


def gpu_needs(script: Script, voices: Voices, policy: Policy) -> list[Need]:
    """Everything in a script that only the GPU can do; empty where CPU will do."""
    return [
        *_voices_of_the_gpu(script, voices),
        *([Need(param="quality", why='the quality "high" is made there only')] if script.quality == "high" else []),
        *([Need(param="dialogue", why=_several(script))] if len(script.lines) > 1 else []),
        *([Need(param="input", why=_length(script, policy))] if script.characters > policy.longform_characters else []),
    ]


def _voices_of_the_gpu(script: Script, voices: Voices) -> list[Need]:
    there = sorted({line.voice for line in script.lines if voices[line.voice].needs_gpu})
    if not there:
        return []
    runs = "the voice {} runs" if len(there) == 1 else "the voices {} run"
    return [Need(param="voice", why=f"{runs.format(' and '.join(there))} there only")]


def _several(script: Script) -> str:
    return f"{len(script.voices)} voices speak" if len(script.voices) > 1 else f"it has {len(script.lines)} lines"


def _length(script: Script, policy: Policy) -> str:
    most = f"the {policy.longform_characters:,} that are spoken on CPU"
    return f"{_count(script.characters)} are more than {most}"


def _nowhere(needs: list[Need]) -> GpuNotDeployed:
    return GpuNotDeployed(
        f"This needs the GPU, which is not deployed (template parameter GpuImage): {_all(needs)}. "
        "Ask for less, or for a `fallback_voice` as a job.",
        param=needs[0].param,
    )


def _all(needs: list[Need]) -> str:
    return "; ".join(need.why for need in needs)


def _count(characters: int) -> str:
    return f"{characters:,} character{'' if characters == 1 else 's'}"
