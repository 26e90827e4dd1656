"""The local AWS: the emulator, the stand-in for SageMaker's runtime, and the GPU container's server."""

import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from local import ROOT
from local.clients import CREDENTIALS, REGION
from local.process import Identity, Process, Program, bare_environment, free_port
from local.progress import Failure, step

type Build = Callable[[], object]
"""Builds a part of Herald; raises Failure."""

EMULATOR_PYTHON = ROOT / ".tools" / "emulator" / "bin" / "python"
CONTAINER_PYTHON = ROOT / ".tools" / "gpu" / "bin" / "python"
# Model folders of the container: Kokoro, and the voices of the functions.
MODELS = (ROOT / ".local" / "models", ROOT / ".local" / "build" / "VoiceLayer" / "voices")


@dataclass
class Cloud:
    """The processes, with their logs, identities and temporary files in one folder."""

    folder: Path
    account_concurrency: int | None = None
    """Lambda's concurrency limit of the account; None for no limit."""
    parameters: str | None = None
    """Parameters of the deployment; None for those of the environment "local" in samconfig.toml."""
    emulator: Process = field(init=False)
    runtime: Process = field(init=False)
    container: Process = field(init=False)
    stream: Process = field(init=False)
    """The streaming function, started after the deployment."""
    _starting: list[Callable[[], object]] = field(default_factory=list, init=False)
    """Each waits for a process that `begin_late` has started."""
    _stopped: bool = field(default=False, init=False)
    """Whether everything was stopped, also by a failure or an interruption, since the last start."""

    def __post_init__(self) -> None:
        self.emulator = Process(self.folder, "emulator")
        self.runtime = Process(self.folder, "runtime")
        self.container = Process(self.folder, "container")
        self.stream = Process(self.folder, "stream")

    def identity(self) -> Identity | None:
        """Return the emulator's identity if all processes are running."""
        if not self.runtime.identity() or (CONTAINER_PYTHON.exists() and not self.container.identity()):
            return None
        return self.emulator.identity()

    @property
    def streams(self) -> bool:
        """Whether the streaming function is running."""
        return self.stream.identity() is not None

    @property
    def runtime_url(self) -> str:
        """Address of the stand-in for SageMaker's runtime."""
        runtime = self.runtime.identity()
        if runtime is None:
            raise Failure(f"The stand-in for SageMaker's runtime has exited. See its log: {self.runtime.log}")
        return runtime.url

    def start(self, port: int, build: Build = bool, build_container: Build | None = None) -> Identity:
        """Start all processes, the emulator while `build` runs. Only the emulator is ready on return; see `wait`.

        `build_container` runs in the background, and the container's server starts after it.
        """
        self._stopped = False
        try:
            return self._start(port, build, build_container)
        except BaseException:
            self._stop()
            raise

    def _start(self, port: int, build: Build, build_container: Build | None) -> Identity:
        runtime_port, container_port = free_port(), free_port()
        environment = bare_environment(self.folder / "tmp")
        limit = {"LAMBDA_ACCOUNT_CONCURRENCY": str(self.account_concurrency)} if self.account_concurrency else {}
        emulator = emulator_program(environment | limit, port, runtime_port)
        self.emulator.begin(emulator, port)
        build()
        with step(f"Starting the AWS emulator on port {port}"):
            has_container = build_container or CONTAINER_PYTHON.exists()
            if has_container:
                container = container_program(environment, container_port, port)
                self._begin_container(container, container_port, build_container or bool)
            served = container_port if has_container else None
            self.begin_late(self.runtime, runtime_program(environment, port, runtime_port, served), runtime_port)
            return self.emulator.wait(emulator, port)

    def _begin_container(self, program: Program, port: int, build: Build) -> None:
        def begin() -> None:
            build()
            if not self._stopped:
                self.container.begin(program, port)

        background = ThreadPoolExecutor(1)
        self._starting.append(background.submit(begin).result)
        background.shutdown(wait=False)

    def begin_late(self, process: Process, program: Program, port: int) -> None:
        """Start a program without waiting for it, until `wait`."""
        process.begin(program, port)
        self._starting.append(partial(process.wait, program, port))

    def wait(self) -> None:
        """Wait until the programs of `begin_late` are ready. The container's server may still load."""
        while self._starting:
            self._starting.pop()()

    def _stop(self) -> bool:
        """Stop all processes; return whether any was running."""
        self._stopped = True
        ran = [process.stop() for process in (self.stream, self.emulator, self.runtime, self.container)]
        return any(ran)

    def remove(self) -> bool:
        """Stop all processes and remove the folder; return whether there was anything."""
        ran = self._stop()
        existed = self.folder.exists()
        shutil.rmtree(self.folder, ignore_errors=True)
        return ran or existed


def emulator_program(environment: dict[str, str], port: int, runtime_port: int) -> Program:
    """Return the emulator's program; functions inherit its environment."""
    settings = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "LAMBDA_EXECUTOR": "local",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": f"http://127.0.0.1:{runtime_port}",
        # Webhooks may go to this machine, over http, only here.
        "HERALD_WEBHOOK_LOOPBACK": "true",
    }
    command = [str(EMULATOR_PYTHON), "-m", "local.emulator"]
    return Program(command, {**environment, **settings}, "/_ministack/health")


def runtime_program(environment: dict[str, str], port: int, runtime_port: int, container_port: int | None) -> Program:
    """Return the program of the stand-in for SageMaker's runtime, in front of the container's server, if any."""
    command = [sys.executable, "-m", "local.asynchronous", "--port", str(runtime_port)]
    command += ["--aws", f"http://127.0.0.1:{port}"]
    if container_port:
        command += ["--container", f"http://127.0.0.1:{container_port}"]
    return Program(command, environment, "/_health")


def container_program(environment: dict[str, str], port: int, aws_port: int) -> Program:
    """Return the program of the GPU container's server.

    It reads recordings from the emulator's bucket, and stores the data of voices there.
    """
    command = [str(CONTAINER_PYTHON), "-m", "gpu.server", "--port", str(port)]
    command += ["--cache", f"{environment['TMPDIR']}/models"]
    for folder in MODELS:
        command += ["--models", str(folder)]
    aws = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{aws_port}",
        "AWS_DEFAULT_REGION": REGION,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    return Program(command, environment | CREDENTIALS | aws, "/ping")
