"""Execute a program while holding a file lock, by which `local.process` can find and stop it.

usage: python -m local.hold FILE PORT PROGRAM [ARGUMENT...]
"""

import fcntl
import json
import os
import sys
import uuid
from pathlib import Path
from typing import IO


def hold(path: Path, port: int) -> IO[str]:
    """Lock a file for the life of this process, also across exec, and write the process's identity to it."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Already running: another process has locked {path}.")
    os.set_inheritable(file.fileno(), True)  # noqa: FBT003
    file.truncate(0)
    json.dump({"pid": os.getpid(), "port": port, "instance": uuid.uuid4().hex}, file)
    file.flush()
    return file


def main() -> None:
    """Take the lock, then execute the program."""
    path, port, *command = sys.argv[1:]
    with hold(Path(path), int(port)):
        os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
