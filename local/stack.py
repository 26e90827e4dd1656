"""A Herald on this machine: the cloud, the deployment in it, and the record of both."""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.cloud import Cloud
from local.deploy import Deployment, deploy, fingerprint
from local.process import Identity
from local.progress import Failure, step

GIGABYTES_NEEDED = 2


@dataclass
class Stack:
    """What lies under one home folder, served on one port."""

    home: Path
    account_concurrency: int | None = None
    parameters: str | None = None
    cloud: Cloud = field(init=False)

    def __post_init__(self) -> None:
        self.home = self.home.resolve()
        self.cloud = Cloud(self.home / "stack", self.account_concurrency, self.parameters)

    @property
    def record(self) -> Path:
        """Where clients find the address; it exists only while a whole deployment does."""
        return self.home / "stack.json"

    def up(self, port: int) -> Deployment:
        """Start the cloud and deploy Herald, each only if that is not done yet."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._refuse_full_disk()
        deployed = self._deployed()
        running = self._running(port, deployed)
        if deployed and deployed.fingerprint == fingerprint() and self.cloud.streams:
            return deployed
        self.record.unlink(missing_ok=True)
        with step("Deploying Herald to it"):
            deployed = deploy(running, self.cloud)
        self._write(deployed)
        return deployed

    def down(self) -> bool:
        """End what `up` started and remove it; return whether there was anything."""
        self.record.unlink(missing_ok=True)
        removed = self.cloud.remove()
        with suppress(OSError):  # other things lie there
            self.home.rmdir()
        return removed

    def _deployed(self) -> Deployment | None:
        """Return the deployment of the cloud that runs now."""
        running = self.cloud.identity()
        if running is None or not self.record.exists():
            return None
        try:
            deployed = Deployment(**json.loads(self.record.read_text()))
        except TypeError:  # of another version of Herald
            return None
        return deployed if deployed.instance == running.instance else None

    def _write(self, deployed: Deployment) -> None:
        """Write the record, which holds a key, for this user alone."""
        with os.fdopen(os.open(self.record, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(json.dumps(asdict(deployed), indent=2) + "\n")

    def _running(self, port: int, deployed: Deployment | None) -> Identity:
        running = self.cloud.identity()
        if running and running.port != port:
            raise Failure(f"Herald already runs on port {running.port}. End it first: make stop")
        if running and deployed:
            return running
        # a deployment that was interrupted may be half there
        self.record.unlink(missing_ok=True)
        self.cloud.remove()
        with step(f"Starting an AWS on this machine, port {port}"):
            return self.cloud.start(port)

    def _refuse_full_disk(self) -> None:
        free = shutil.disk_usage(self.home).free / 1e9
        if free < GIGABYTES_NEEDED:
            raise Failure(f"Herald needs about {GIGABYTES_NEEDED} GB of disk in {self.home}; {free:.1f} GB are free.")
