"""The emulator's process: start it in the background, find it again, end exactly it."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from local import ROOT
from local.progress import Failure, tail

PYTHON = ROOT / ".tools" / "emulator" / "bin" / "python"
SECONDS_TO_START = 60
SECONDS_TO_END = 10

# Never through a proxy: all of it is on this machine.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Identity:
    """What a running emulator says about itself."""

    pid: int
    port: int
    instance: str


@dataclass
class Emulator:
    """The emulator whose log, identity and temporary files lie in one folder."""

    folder: Path
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def identity_file(self) -> Path:
        """The file that the emulator locks as long as it lives."""
        return self.folder / "emulator.json"

    @property
    def log(self) -> Path:
        """What the emulator and the functions in it say."""
        return self.folder / "emulator.log"

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

    def start(self, port: int) -> Identity:
        """Start an emulator on a port of this machine and wait until it answers."""
        refuse_taken(port)
        temporary = self.folder / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._child = subprocess.Popen(  # noqa: S603
                [PYTHON, "-m", "local.emulator", self.identity_file],
                cwd=ROOT,
                env=environment(port, temporary),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self._wait_until_healthy(port, self._child)

    def _wait_until_healthy(self, port: int, child: subprocess.Popen[bytes]) -> Identity:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if child.poll() is not None:
                raise Failure(f"The emulator ended at once. The end of {self.log}:\n{tail(self.log.read_text())}")
            if answers(port) and (identity := self.identity()):
                return identity
            time.sleep(0.05)
        self.stop()
        raise Failure(f"The emulator did not answer in {SECONDS_TO_START} s; its log is {self.log}.")

    def stop(self) -> bool:
        """End the emulator and its functions; return whether there was one."""
        identity = self.identity()
        if identity is None:
            return False
        end_group(identity.pid, signal.SIGTERM)
        if not self._ends():
            end_group(identity.pid, signal.SIGKILL)
            self._ends()
        # a function in the middle of its work may outlive the emulator, and keeps the group's number taken
        end_group(identity.pid, signal.SIGKILL)
        return True

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
        """End the emulator and remove what it left; return whether there was anything."""
        ran = self.stop()
        existed = self.folder.exists()
        shutil.rmtree(self.folder, ignore_errors=True)
        return ran or existed


def end_group(leader: int, number: signal.Signals) -> None:
    """Signal a process group, if it is still there."""
    with suppress(ProcessLookupError, PermissionError):  # macOS refuses where only zombies are left
        os.killpg(leader, number)


def environment(port: int, temporary: Path) -> dict[str, str]:
    """Return the emulator's whole environment: its functions inherit it, and nobody's shell settings reach them."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(temporary),
        "TMPDIR": str(temporary),
        "LANG": "en_US.UTF-8",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "LAMBDA_EXECUTOR": "local",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
    }


def refuse_taken(port: int) -> None:
    """Fail if somebody else answers on a port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Failure(f"Port {port} is taken by another program. Choose another one: make run PORT={port + 1}")


def answers(port: int) -> bool:
    """Tell whether the emulator serves requests yet."""
    with suppress(OSError), opener.open(f"http://127.0.0.1:{port}/_ministack/health", timeout=2) as answer:
        return bool(answer.status == HTTPStatus.OK)
    return False


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
