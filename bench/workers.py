"""Start worker processes and send orders to them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from types import TracebackType
from typing import Any, Self

from bench import ROOT
from bench.progress import Failure

_SECONDS_TO_END = 10


def environment_of(files: Path) -> dict[str, str]:
    """Return the parent's environment, with a shared cache of compiled modules, as in an installation."""
    here = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return here | {"PYTHONPYCACHEPREFIX": str(files / "compiled")}


class Worker:
    """A process with one engine; a context manager that ends it."""

    def __init__(
        self,
        engine: str,
        files: Path,
        *,
        threads: int,
        processors: int,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.engine = engine
        self._log = TemporaryFile("w+")  # noqa: SIM115  closed with the process
        self.began = monotonic()
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "bench.worker", engine, str(files), str(threads)],
            cwd=ROOT,
            env=environment_of(files) | (environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        _confine(self.pid, processors)
        self._loaded = False

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def loaded(self) -> float:
        """Wait until the engine is loaded; return the time."""
        self._loaded = True
        when: float = self._receive()["loaded"]
        return when

    def send(self, order: str, given: Any = "") -> None:  # noqa: ANN401  arguments of the order
        """Send an order."""
        if not self._loaded:
            self.loaded()
        assert self._process.stdin is not None  # noqa: S101  for the types
        with suppress(BrokenPipeError):  # reported when the response is missing
            self._process.stdin.write(json.dumps([order, given]) + "\n")
            self._process.stdin.flush()

    def receive(self) -> Any:  # noqa: ANN401
        """Wait for the response to an order."""
        return self._receive()

    def ask(self, order: str, given: Any = "") -> Any:  # noqa: ANN401
        """Send an order and return its response."""
        self.send(order, given)
        return self._receive()

    def _receive(self) -> Any:  # noqa: ANN401
        assert self._process.stdout is not None  # noqa: S101  for the types
        line = self._process.stdout.readline()
        if not line:
            self._log.seek(0)
            raise Failure(f"The worker of {self.engine} exited. Its output:\n{self._log.read()[-3000:]}")
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        with suppress(BrokenPipeError):
            self._process.communicate(timeout=_SECONDS_TO_END)
        self._process.kill()
        self._log.close()


def _confine(pid: int, processors: int) -> None:
    """Restrict a process to as many processors as it has threads, if supported; some engines use all that they see."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, sorted(os.sched_getaffinity(0))[:processors])
