"""The local stack: the cloud, the deployment, and their record."""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.cloud import Build, Cloud
from local.deploy import Deployment, deploy, fingerprint
from local.process import Identity
from local.progress import Failure, step

GIGABYTES_NEEDED = 2


@dataclass
class Stack:
    """A local stack in a home folder, served on a port."""

    home: Path
    account_concurrency: int | None = None
    parameters: str | None = None
    cloud: Cloud = field(init=False)

    def __post_init__(self) -> None:
        self.home = self.home.resolve()
        self.cloud = Cloud(self.home / "stack", self.account_concurrency, self.parameters)

    @property
    def record(self) -> Path:
        """The file with the deployment's addresses; it exists only while the deployment is complete."""
        return self.home / "stack.json"

    def up(
        self, port: int, build: Build = bool, build_container: Build | None = None, *, wait: bool = True
    ) -> Deployment:
        """Start the cloud and deploy the output of `build`, unless already done.

        `build_container` runs beside the deployment. Without `wait`, what jobs on the GPU and streaming need may still
        start on return, until `wait`.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        self._refuse_full_disk()
        running = self._running(port, build, build_container)
        deployed = self._deployed()
        if deployed and deployed.fingerprint == fingerprint() and self.cloud.streams:
            return deployed
        self.record.unlink(missing_ok=True)
        with step("Deploying Herald"):
            deployed = deploy(running, self.cloud)
        self._write(deployed)
        if wait:
            self.wait()
        return deployed

    def wait(self) -> None:
        """Wait until all that `up` has started is ready."""
        self.cloud.wait()

    def down(self) -> bool:
        """Stop and remove the stack; return whether there was anything."""
        self.record.unlink(missing_ok=True)
        removed = self.cloud.remove()
        with suppress(OSError):  # the folder contains other files
            self.home.rmdir()
        return removed

    def _deployed(self) -> Deployment | None:
        """Return the deployment of the running cloud, or None."""
        running = self.cloud.identity()
        if running is None or not self.record.exists():
            return None
        try:
            deployed = Deployment(**json.loads(self.record.read_text()))
        except TypeError:  # written by another version of Herald
            return None
        return deployed if deployed.instance == running.instance else None

    def _write(self, deployed: Deployment) -> None:
        """Write the record, readable only by this user because it contains a key."""
        with os.fdopen(os.open(self.record, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(json.dumps(asdict(deployed), indent=2) + "\n")

    def _running(self, port: int, build: Build, build_container: Build | None) -> Identity:
        running = self.cloud.identity()
        if running and running.port != port:
            raise Failure(f"Herald is already running on port {running.port}. Stop it first: make stop")
        if running and self._deployed():
            build()
            if build_container:
                build_container()
            if self.cloud.identity():  # not if the container could not be built before
                return running
        # remove the remains of an interrupted or incomplete deployment
        self.record.unlink(missing_ok=True)
        self.cloud.remove()
        return self.cloud.start(port, build, build_container)

    def _refuse_full_disk(self) -> None:
        free = shutil.disk_usage(self.home).free / 1e9
        if free < GIGABYTES_NEEDED:
            raise Failure(
                f"Herald needs about {GIGABYTES_NEEDED} GB of disk space in {self.home}; {free:.1f} GB are free."
            )
