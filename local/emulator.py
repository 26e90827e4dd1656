"""The process of the embedded AWS, started by `local.process` with the Python of .tools/emulator."""

import fcntl
import json
import os
import sys
import uuid
from pathlib import Path
from typing import IO


def hold(path: Path) -> IO[str]:
    """Lock a file for as long as this process lives, and write into it who we are."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"An emulator already runs here: it holds {path}.")
    file.truncate(0)
    port = int(os.environ["GATEWAY_PORT"])
    json.dump({"pid": os.getpid(), "port": port, "instance": uuid.uuid4().hex}, file)
    file.flush()
    return file


def main() -> None:
    """Mend the emulator, then serve until ended."""
    lock = hold(Path(sys.argv.pop(1)))
    # only now: ministack reads its environment on import, and must not begin where another one runs
    from local import patches  # noqa: PLC0415

    patches.apply()
    from ministack import app  # noqa: PLC0415

    with lock:
        app.main()


if __name__ == "__main__":
    main()
