"""Decide the route of a script: realtime, queue, kokoro or gpu."""

from dataclasses import dataclass

from herald.errors import GpuNotDeployed, InvalidRequest, SsmlNotSupported, counted
from herald.jobs.job import Route
from herald.jobs.request_fields import are_usual
from herald.jobs.script import Script, Voices
from herald.pricing.pace import speaking_seconds, text_seconds
from herald.speech.kokoro.kokoro_speakers import JAPANESE, language_of
from herald.speech.voices.catalog import VoiceInfo

KOKORO = "kokoro"
KOKORO_SECONDS = 600
"""The longest expected synthesis with Kokoro on CPU: two thirds of the function's timeout of 900 s."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The limits of a deployment, from its template parameters."""

    realtime_characters: int
    """The longest text that is spoken in real time."""
    longform_characters: int
    """The longest text that is spoken on CPU."""
    gpu: bool
    """Whether a GPU is deployed."""
    kokoro_megabytes: int = 0
    """Memory of the function for Kokoro's voices on CPU; 0: none is deployed. It is used only without a GPU."""

    def on_cpu(self, info: VoiceInfo) -> bool:
        """Return whether a voice runs in the function for Kokoro's voices on CPU."""
        return self.kokoro_megabytes > 0 and not self.gpu and info.engine == KOKORO

    def needs_gpu(self, info: VoiceInfo) -> bool:
        """Return whether a voice runs only on the GPU."""
        return info.needs_gpu and not self.on_cpu(info)


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


@dataclass(frozen=True, kw_only=True)
class Router:
    """Decides routes by the voices and the limits of a deployment."""

    voices: Voices
    policy: Policy

    def gpu_needs(self, script: Script) -> list[Need]:
        """Return every feature of a script that requires the GPU."""
        needs = []
        if gpu_voices := sorted(
            {line.voice for line in script.lines if self.policy.needs_gpu(self.voices[line.voice])}
        ):
            requires = "the voice {} requires it" if len(gpu_voices) == 1 else "the voices {} require it"
            needs.append(Need(param="voice", why=requires.format(" and ".join(gpu_voices))))
        if script.quality == "high":
            needs.append(Need(param="quality", why='the quality "high" requires it'))
        if len(script.lines) > 1:
            parts = f"{len(script.voices)} voices" if len(script.voices) > 1 else f"{len(script.lines)} lines"
            needs.append(Need(param="dialogue", why=f"the dialogue has {parts}"))
        if self._on_cpu(script):
            first = script.lines[0]
            language = language_of(first.text, first.language, first.speaker or "").partition("-")[0].lower()
            if language == JAPANESE:
                needs.append(Need(param="language", why="Japanese requires it"))
            audio = text_seconds(script.characters, KOKORO, script.speed)
            seconds = speaking_seconds(audio, KOKORO, self.policy.kokoro_megabytes)
            if seconds > KOKORO_SECONDS:
                took = f"{counted(script.characters, 'character')} would take about {seconds:,.0f} s on CPU"
                needs.append(Need(param="input", why=f"{took}, over the limit of {KOKORO_SECONDS} s"))
        if script.characters > self.policy.longform_characters:
            why = (
                f"{counted(script.characters, 'character')} exceed the CPU limit of {self.policy.longform_characters:,}"
            )
            needs.append(Need(param="input", why=why))
        return needs

    def _on_cpu(self, script: Script) -> bool:
        """Return whether a script is for the function for Kokoro's voices on CPU."""
        return self.policy.on_cpu(self.voices[script.lines[0].voice])

    def route(self, script: Script, *, waiting: bool) -> Decision:
        """Return the route of a script; raise GpuNotDeployed if it needs a GPU and none is deployed."""
        if needs := self.gpu_needs(script):
            why = "; ".join(need.why for need in needs)
            if self.policy.gpu:
                if script.text_format == "ssml":
                    raise SsmlNotSupported(
                        f"The request needs the GPU, which does not support SSML: {why}. Send plain text.",
                        param="input",
                    )
                if not are_usual(script.pause):
                    raise InvalidRequest(
                        f"The request needs the GPU, which does not support pauses: {why}. Omit pause.", param="pause"
                    )
                return Decision(route="gpu", reason=f"The GPU is required: {why}.")
            raise GpuNotDeployed(
                f"The request needs the GPU, which is not deployed (template parameter GpuImage): {why}. "
                "Change the request, or submit it as a job with a `fallback_voice`.",
                param=needs[0].param,
            )
        if self._on_cpu(script):
            return _kokoro(script)
        characters, limit = counted(script.characters, "character"), self.policy.realtime_characters
        if not waiting:
            return Decision(route="queue", reason=f"A job of {characters} for a voice that runs on CPU.")
        if script.characters <= limit:
            reason = f"Short enough for realtime: {characters} for a voice that runs on CPU."
            return Decision(route="realtime", reason=reason)
        return Decision(route="queue", reason=f"Too long for realtime: {characters} exceed the limit of {limit:,}.")


def _kokoro(script: Script) -> Decision:
    """Return the route of a script for Kokoro on CPU; raise InvalidInput for what that function does not support."""
    voice = script.lines[0].voice
    if script.text_format == "ssml":
        raise SsmlNotSupported(f"The voice {voice} does not support SSML.", param="input")
    if not are_usual(script.pause):
        raise InvalidRequest(f"The voice {voice} does not support pauses.", param="pause")
    return Decision(route="kokoro", reason=f"The voice {voice} is too slow on CPU for realtime, so it runs as a job.")
