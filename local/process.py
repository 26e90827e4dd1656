"""Background processes: start, find and stop them."""

import fcntl
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from local import ROOT, calls
from local.progress import Failure, tail

SECONDS_TO_START = 60
SECONDS_TO_END = 10
_SERVER_PORTS = range(20_000, 32_000)

# No proxy; all addresses are on this machine.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Identity:
    """The identity of a running process."""

    pid: int
    port: int
    instance: str

    @property
    def url(self) -> str:
        """The address of its server."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True)
class Program:
    """A server program; `health` is the path that returns 200 once it is ready."""

    command: Sequence[str]
    environment: Mapping[str, str]
    health: str


@dataclass
class Process:
    """A process with its log and identity file in `folder`; it is stopped with its whole process group."""

    folder: Path
    name: str
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def identity_file(self) -> Path:
        """The file that is locked while the process lives."""
        return self.folder / f"{self.name}.json"

    @property
    def log(self) -> Path:
        """The file with its output."""
        return self.folder / f"{self.name}.log"

    def identity(self) -> Identity | None:
        """Return the identity if the process is running. The lock decides, so that a reused process id is harmless."""
        try:
            with self.identity_file.open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            return self._read_identity()
        return None

    def _read_identity(self) -> Identity | None:
        for _ in range(20):  # the identity is written just after locking
            if text := self.identity_file.read_text():
                return Identity(**json.loads(text))
            time.sleep(0.05)
        return None

    def begin(self, program: Program, port: int) -> None:
        """Start a program that will serve a local port, without waiting for it."""
        refuse_taken(port)
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._child = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "local.hold", self.identity_file, str(port), *program.command],
                cwd=ROOT,
                env=program.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self, program: Program, port: int) -> Identity:
        """Wait until a started program serves its port; raise Failure if it does not."""
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if answers(f"http://127.0.0.1:{port}{program.health}") and (identity := self.identity()):
                return identity
            if self._child and self._child.poll() is not None:
                raise Failure(
                    f"The {self.name} exited during its start. The end of {self.log}:\n{tail(self.log.read_text())}"
                )
            time.sleep(0.05)
        self.stop()
        raise Failure(f"The {self.name} did not respond within {SECONDS_TO_START} s. See its log: {self.log}")

    def stop(self) -> bool:
        """Stop the process group; return whether it was running."""
        leader = self._leader()
        if leader is None:
            return False
        end_group(leader, signal.SIGTERM)
        if not self._ends():
            end_group(leader, signal.SIGKILL)
            self._ends()
        # a busy function may outlive the emulator and keep the process group alive
        end_group(leader, signal.SIGKILL)
        return True

    def _leader(self) -> int | None:
        if identity := self.identity():
            return identity.pid
        if self._child and self._child.poll() is None:  # started, but not locked yet
            return self._child.pid
        return None

    def _ends(self) -> bool:
        deadline = time.monotonic() + SECONDS_TO_END
        while time.monotonic() < deadline:
            if self.identity() is None:
                if self._child:
                    self._child.wait(SECONDS_TO_END)
                return True
            time.sleep(0.05)
        return False

    def remove(self) -> bool:
        """Stop the process and remove the folder; return whether there was anything."""
        ran = self.stop()
        existed = self.folder.exists()
        shutil.rmtree(self.folder, ignore_errors=True)
        return ran or existed


def end_group(leader: int, number: signal.Signals) -> None:
    """Send a signal to a process group, if it exists."""
    with suppress(ProcessLookupError, PermissionError):  # raised by macOS if only zombies are left
        os.killpg(leader, number)


def bare_environment(temporary: Path) -> dict[str, str]:
    """Return a minimal environment, independent of the user's shell."""
    temporary.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(temporary),
        "TMPDIR": str(temporary),
        "LANG": "en_US.UTF-8",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        **({calls.VARIABLE: path} if (path := calls.file()) else {}),
    }


def refuse_taken(port: int) -> None:
    """Raise Failure if a port is in use."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Failure(f"Port {port} is in use by another program. Choose another port: make run PORT={port + 1}")


def answers(url: str) -> bool:
    """Return whether an address responds with 200."""
    with suppress(OSError), opener.open(url, timeout=2) as answer:
        return bool(answer.status == HTTPStatus.OK)
    return False


def free_port() -> int:
    """Return an unused local port that no outgoing connection can take before a server listens on it.

    Linux and macOS take the ports of outgoing connections from 32768 up (ip_local_port_range) and from 49152 up.
    """
    # A generator with a seed, as tests set it, would give several processes the same port.
    for port in random.SystemRandom().sample(_SERVER_PORTS, len(_SERVER_PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("", port))
            return port
    raise Failure(f"No port from {_SERVER_PORTS.start} to {_SERVER_PORTS.stop - 1} is free. Stop what uses them.")
