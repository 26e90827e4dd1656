"""Behaviour of the stand-in: normal, or with the faults that a test configures."""

import threading
from dataclasses import dataclass, fields
from typing import Any, Self

type Json = dict[str, Any]


@dataclass(frozen=True)
class Behaviour:
    """Handling of an invocation; the default is SageMaker's normal behaviour."""

    cold_seconds: float = 0
    """Delay of all requests from the first one on: an endpoint that scales from zero instances."""
    slow_seconds: float = 0
    """Delay of the request to the container, while it occupies a worker."""
    failure_status: int | None = None
    """Status of a simulated response; the container is not called."""
    deaf: bool = False
    """The invocation is accepted and lost: no file, no notification."""
    silent: bool = False
    """The file is written, but no notification is sent."""
    notices: int = 1
    """Number of times that the notification is sent."""
    notice_delay_seconds: float = 0
    """Delay of the notification; different delays per invocation reorder notifications."""
    answer_after_notice_seconds: float | None = None
    """Seconds between the notification and the response of InvokeEndpointAsync, which normally comes first."""

    @classmethod
    def read(cls, settings: Json) -> Self:
        """Create a behaviour from a request's JSON; raise ValueError for unknown settings."""
        if unknown := settings.keys() - {field.name for field in fields(cls)}:
            raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
        return cls(**settings)


class Behaviours:
    """The default behaviour, and those of single inference ids. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: dict[str | None, Behaviour] = {}
        self._woken_at: dict[str | None, float] = {}

    def set(self, inference_id: str | None, behaviour: Behaviour) -> None:
        """Set the behaviour of an inference id, or with None the default."""
        with self._lock:
            self._of[inference_id] = behaviour
            self._woken_at.pop(inference_id, None)

    def clear(self) -> None:
        """Restore normal behaviour."""
        with self._lock:
            self._of.clear()
            self._woken_at.clear()

    def serve(self, inference_id: str, now: float) -> tuple[Behaviour, float]:
        """Return the behaviour for a request that arrives at `now`, and the time from which it can be served."""
        with self._lock:
            key = inference_id if inference_id in self._of else None
            behaviour = self._of.get(key, Behaviour())
            woken_at = self._woken_at.setdefault(key, now)
            return behaviour, max(now, woken_at + behaviour.cold_seconds)
