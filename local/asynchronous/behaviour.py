"""How the stand-in behaves: as it should, or as badly as a test tells it to."""

import threading
from dataclasses import dataclass, fields
from typing import Any, Self

type Json = dict[str, Any]


@dataclass(frozen=True)
class Behaviour:
    """What happens to an invocation; the default is what SageMaker does when all is well."""

    cold_seconds: float = 0
    """Nothing is served until so long after the first request: an endpoint that wakes from zero machines."""
    slow_seconds: float = 0
    """The container gets the request so much later, while its place is taken."""
    failure_status: int | None = None
    """The container is not asked; it is as if it had answered with this status."""
    deaf: bool = False
    """Accepted, and never heard of again: no file, no notice."""
    silent: bool = False
    """The file is written, and no notice comes."""
    notices: int = 1
    """How often the one notice comes: 2 is double."""
    notice_delay_seconds: float = 0
    """How late the notice comes: with one per invocation, notices come out of order."""
    answer_after_notice_seconds: float | None = None
    """All is done and noticed so long before InvokeEndpointAsync answers its caller."""

    @classmethod
    def read(cls, settings: Json) -> Self:
        """Make one from a request's JSON."""
        if unknown := settings.keys() - {field.name for field in fields(cls)}:
            raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
        return cls(**settings)


class Behaviours:
    """The behaviour for everybody, and those for single inference ids."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: dict[str | None, Behaviour] = {}
        self._woken_at: dict[str | None, float] = {}

    def set(self, inference_id: str | None, behaviour: Behaviour) -> None:
        """Behave so from now on, for one inference id or (None) for all that have no behaviour of their own."""
        with self._lock:
            self._of[inference_id] = behaviour
            self._woken_at.pop(inference_id, None)

    def clear(self) -> None:
        """Behave well."""
        with self._lock:
            self._of.clear()
            self._woken_at.clear()

    def serve(self, inference_id: str, now: float) -> tuple[Behaviour, float]:
        """Return the behaviour for a request that arrives now, and when it can be served: the first one wakes it."""
        with self._lock:
            key = inference_id if inference_id in self._of else None
            behaviour = self._of.get(key, Behaviour())
            woken_at = self._woken_at.setdefault(key, now)
            return behaviour, max(now, woken_at + behaviour.cold_seconds)
