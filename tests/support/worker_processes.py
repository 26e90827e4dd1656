"""Workers as processes of this machine, as in the image of containers."""

import os
import subprocess
import sys
from contextlib import contextmanager

from local.process import bare_environment


@contextmanager
def worker_processes(environment, folder):
    """Yield a function that starts a worker, which logs to `folder`; kill all of them at the end."""
    started = []
    environment = bare_environment(folder) | environment | {"PYTHONPATH": os.pathsep.join(sys.path)}

    def start():
        with (folder / f"{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "herald.worker", "--host", "127.0.0.1", "--port", "0"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        return process

    try:
        yield start
    finally:
        for process in started:
            process.kill()
            process.wait()
