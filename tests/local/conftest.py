import io
import os
import zipfile

import pytest

from local.clients import DIRECT, session
from local.process import Emulator, free_port


def client(identity, service):
    return session().client(service, endpoint_url=f"http://127.0.0.1:{identity.port}", config=DIRECT)


def zipped(name, text):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, text)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    """A bare emulator with our patches, as (Emulator, Identity)."""
    emulator = Emulator(tmp_path_factory.mktemp("emulator") / "stack")
    with pytest.MonkeyPatch.context() as shell:
        shell.setenv("SETTING_OF_A_SHELL", "1")
        shell.setenv("PYTHONPATH", os.curdir)
        identity = emulator.start(free_port())
    try:
        yield emulator, identity
    finally:
        emulator.remove()
