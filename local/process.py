"""Programs in the background: start one, find it again, end exactly it."""

import fcntl
import json
import os
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

# Never through a proxy: all of it is on this machine.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Identity:
    """What a running program says about itself."""

    pid: int
    port: int
    instance: str

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True)
class Program:
    """What to run on a port, and the path that answers 200 once it serves."""

    command: Sequence[str]
    environment: Mapping[str, str]
    health: str


@dataclass
class Process:
    """A program whose log and identity lie in one folder under one name; the whole group it leads is ended with it."""

    folder: Path
    name: str
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def identity_file(self) -> Path:
        """The file that is locked as long as it lives."""
        return self.folder / f"{self.name}.json"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / f"{self.name}.log"

    def identity(self) -> Identity | None:
        """Return who runs here, or None; the lock tells, so a number that another process got since does not matter."""
        try:
            with self.identity_file.open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            return self._read_identity()
        return None

    def _read_identity(self) -> Identity | None:
        for _ in range(20):  # it writes right after it locks
            if text := self.identity_file.read_text():
                return Identity(**json.loads(text))
            time.sleep(0.05)
        return None

    def begin(self, program: Program, port: int) -> None:
        """Start a program that serves a port of this machine, and do not wait for it."""
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
        """Wait until a program that began serves its port."""
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if answers(f"http://127.0.0.1:{port}{program.health}") and (identity := self.identity()):
                return identity
            if self._child and self._child.poll() is not None:
                raise Failure(f"The {self.name} ended at once. The end of {self.log}:\n{tail(self.log.read_text())}")
            time.sleep(0.05)
        self.stop()
        raise Failure(f"The {self.name} did not answer in {SECONDS_TO_START} s; its log is {self.log}.")

    def stop(self) -> bool:
        """End the program and all that it started; return whether there was one."""
        leader = self._leader()
        if leader is None:
            return False
        end_group(leader, signal.SIGTERM)
        if not self._ends():
            end_group(leader, signal.SIGKILL)
            self._ends()
        # a function in the middle of its work may outlive the emulator, and keeps the group's number taken
        end_group(leader, signal.SIGKILL)
        return True

    def _leader(self) -> int | None:
        if identity := self.identity():
            return identity.pid
        if self._child and self._child.poll() is None:  # it began, and has not locked yet
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
        """End the program and remove the folder; return whether there was anything."""
        ran = self.stop()
        existed = self.folder.exists()
        shutil.rmtree(self.folder, ignore_errors=True)
        return ran or existed


def end_group(leader: int, number: signal.Signals) -> None:
    """Signal a process group, if it is still there."""
    with suppress(ProcessLookupError, PermissionError):  # macOS refuses where only zombies are left
        os.killpg(leader, number)


def bare_environment(temporary: Path) -> dict[str, str]:
    """Return a whole environment: nobody's shell settings reach what runs in it."""
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
    """Fail if somebody else answers on a port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Failure(f"Port {port} is taken by another program. Choose another one: make run PORT={port + 1}")


def answers(url: str) -> bool:
    """Tell whether an address answers 200 yet."""
    with suppress(OSError), opener.open(url, timeout=2) as answer:
        return bool(answer.status == HTTPStatus.OK)
    return False


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
