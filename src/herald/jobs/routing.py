"""The routing of scripts to realtime, queue or gpu, with the reason."""

from dataclasses import dataclass, replace

from herald.errors import GpuNotDeployed
from herald.jobs.job import Route
from herald.jobs.job_request import JobRequest
from herald.jobs.resolve import Voices, to_script, with_fallback
from herald.jobs.script import Script
from herald.jobs.voice_names import VoiceNames


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The limits of a deployment, from its template parameters."""

    realtime_characters: int
    """The longest text that is spoken in real time."""
    longform_characters: int
    """The longest text that is spoken on CPU."""
    gpu: bool
    """Whether a GPU is deployed."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A route, with a human-readable reason."""

    route: Route
    reason: str


@dataclass(frozen=True, kw_only=True)
class Need:
    """A feature that requires the GPU, and the request field that asks for it."""

    param: str
    why: str


def decide(script: Script, voices: Voices, policy: Policy, *, waiting: bool) -> Decision:
    """Return the route of a script; raise GpuNotDeployed if it needs a GPU and none is deployed.

    `waiting`: the request is in real time, so the caller waits for the audio.
    """
    if needs := gpu_needs(script, voices, policy):
        if not policy.gpu:
            raise GpuNotDeployed(
                f"The request needs the GPU, which is not deployed (template parameter GpuImage): {_joined(needs)}. "
                "Change the request, or submit it as a job with a `fallback_voice`.",
                param=needs[0].param,
            )
        return Decision(route="gpu", reason=f"The GPU is required: {_joined(needs)}.")
    characters = _count(script.characters)
    if not waiting:
        return Decision(route="queue", reason=f"A job of {characters} for a voice that runs on CPU.")
    if script.characters <= policy.realtime_characters:
        return Decision(
            route="realtime", reason=f"Short enough for realtime: {characters} for a voice that runs on CPU."
        )
    return Decision(
        route="queue",
        reason=f"Too long for realtime: {characters} exceed the limit of {policy.realtime_characters:,}.",
    )


def decide_request(
    request: JobRequest, names: VoiceNames, voices: Voices, policy: Policy, *, waiting: bool
) -> tuple[Script, Decision]:
    """Return the script of a request and its route.

    The fallback voice is used if the request needs the GPU and none is deployed.
    """
    script = to_script(request, names, voices)
    needs = gpu_needs(script, voices, policy)
    if policy.gpu or not needs or request.fallback_voice is None:
        return script, decide(script, voices, policy, waiting=waiting)
    fallback = to_script(with_fallback(request), names, voices)
    # The limit of CPU does not apply: a long text on CPU is better than a rejected request.
    decision = decide(fallback, voices, replace(policy, longform_characters=fallback.characters), waiting=waiting)
    reason = f"The fallback voice is used, as no GPU is deployed (GpuImage): {_joined(needs)}. {decision.reason}"
    return fallback, replace(decision, reason=reason)


def gpu_needs(script: Script, voices: Voices, policy: Policy) -> list[Need]:
    """Return every feature of a script that requires the GPU."""
    needs = []
    if gpu_voices := sorted({line.voice for line in script.lines if voices[line.voice].needs_gpu}):
        requires = "the voice {} requires it" if len(gpu_voices) == 1 else "the voices {} require it"
        needs.append(Need(param="voice", why=requires.format(" and ".join(gpu_voices))))
    if script.quality == "high":
        needs.append(Need(param="quality", why='the quality "high" requires it'))
    if len(script.lines) > 1:
        parts = f"{len(script.voices)} voices" if len(script.voices) > 1 else f"{len(script.lines)} lines"
        needs.append(Need(param="dialogue", why=f"the dialogue has {parts}"))
    if script.characters > policy.longform_characters:
        why = f"{_count(script.characters)} exceed the CPU limit of {policy.longform_characters:,}"
        needs.append(Need(param="input", why=why))
    return needs


def _joined(needs: list[Need]) -> str:
    return "; ".join(need.why for need in needs)


def _count(characters: int) -> str:
    return f"{characters:,} character{'' if characters == 1 else 's'}"
