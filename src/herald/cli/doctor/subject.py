"""The deployment that is checked: what earlier checks found out, for later ones."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from herald.aws.inspection import Inspection, StackState
from herald.cli.deployment import Deployment
from herald.cli.doctor.report import CheckFailed
from herald.cli.doctor.web import Answer
from herald.jobs.keyring import KeyRing
from herald.jobs.keys import Key, ShownKey

_PAUSE = 1.0


class Web(Protocol):
    """Calls over HTTP; herald.cli.doctor.web has the real one."""

    def call(self, method: str, url: str, *, key: str = "", body: Any = None) -> Answer:  # noqa: ANN401  any JSON
        """Return the answer to a request, whatever its status. Unavailable where there is none."""
        ...

    def upload(self, content: bytes, url: str, fields: dict[str, str]) -> None:
        """Upload a file with a form. Unavailable where that fails."""
        ...


@dataclass(kw_only=True)
class Subject:
    """The deployment, and what is known of it so far."""

    deployment: Deployment
    inspection: Inspection
    web: Web
    keys: Callable[[], KeyRing]
    seconds: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    region: str = ""
    stack: StackState | None = None
    key: tuple[Key, ShownKey] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._deadline = self.clock() + self.seconds

    @property
    def is_local(self) -> bool:
        """Whether it is a stack of `make run`, which has no account around it."""
        return bool(self.deployment.record)

    def time_left(self) -> float:
        """Return the seconds that are left for all checks together."""
        return self._deadline - self.clock()

    def parameter(self, name: str, default: str = "") -> str:
        """Return the value of a parameter of the stack."""
        return self.stack.parameters.get(name, default) if self.stack else default

    @property
    def api_url(self) -> str:
        """Where the HTTP API is."""
        return self._url("api_url", "ApiUrl")

    @property
    def stream_url(self) -> str:
        """Where the streaming function is; "" where it is not deployed."""
        return self._url("stream_url", "StreamUrl")

    @property
    def has_gpu(self) -> bool:
        """Whether the endpoint for the GPU is deployed."""
        return bool(self.parameter("GpuImage"))

    def _url(self, recorded: str, output: str) -> str:
        known: str = self.deployment.record.get(recorded) or (self.stack.outputs.get(output, "") if self.stack else "")
        return known.rstrip("/")

    def ask(self, method: str, path: str, body: Any = None, *, url: str = "", key: bool = True) -> Answer:  # noqa: ANN401
        """Call the API with the temporary key, unless `key` is False."""
        shown = str(self.key[1]) if self.key and key else ""
        return self.web.call(method, f"{url or self.api_url}{path}", key=shown, body=body)

    def fetch(self, url: str) -> Answer:
        """Get a link, without a key."""
        return self.web.call("GET", url)

    def ended(self, path: str, *, within: float, advice: str) -> dict[str, Any]:
        """Return a job or batch once it has ended; CheckFailed where that takes too long."""
        started = self.clock()
        limit = min(within, self.time_left())
        while True:
            shown: dict[str, Any] = expect(self.ask("GET", path), 200, advice).json()
            if shown["state"] in {"done", "failed", "cancelled"}:
                return shown
            if self.clock() - started > limit:
                raise CheckFailed(f"it is still {shown['state']} after {limit:.0f} s", advice)
            self.sleep(_PAUSE)


def expect(answer: Answer, status: int, advice: str) -> Answer:
    """Return an answer that has the expected status; CheckFailed for another."""
    if answer.status != status:
        raise CheckFailed(f"{answer.method} {urlsplit(answer.url).path} answered {answer.told}", advice)
    return answer
