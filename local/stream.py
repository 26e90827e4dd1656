"""The streaming function on this machine: its own start script, run as the Lambda Web Adapter runs it."""

import os
import shutil
from pathlib import Path
from typing import Any

from local import ROOT, calls
from local.clients import CREDENTIALS, DIRECT, REGION, session
from local.cloud import EMULATOR_PYTHON, Cloud
from local.process import Program, bare_environment, free_port

BUILD = ROOT / ".local" / "build"
CODE = "SpeechStreamFunction"
# All but the adapter's own, which is on AWS only.
LAYERS = ("CoreLayer", "EngineLayer", "VoiceLayer", "WebLayer")

type Json = dict[str, Any]


def start(cloud: Cloud, endpoint: str, function: str) -> str:
    """Start the function that was deployed, in the place of one that ran before; return where it answers."""
    cloud.stream.stop()
    folder = cloud.folder / "stream"
    _take(folder)
    port = free_port()
    program = stream_program(_configuration(endpoint, function), folder, endpoint, port)
    cloud.stream.begin(program, port)
    return cloud.stream.wait(program, port).url


def stream_program(function: Json, folder: Path, endpoint: str, port: int) -> Program:
    """Return how a function is run, from its configuration: as the adapter's wrapper does it, on a port of our own."""
    layers = [folder / name for name in LAYERS]
    preload = [str(ROOT / "local" / "preload")] if calls.file() else []
    bare = bare_environment(folder / "tmp")
    here = {
        "PATH": f"{EMULATOR_PYTHON.parent}:{bare['PATH']}",
        "PORT": str(port),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_LAMBDA_FUNCTION_NAME": function["FunctionName"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function["MemorySize"]),
        "LAMBDA_TASK_ROOT": str(folder / CODE),
        "_HANDLER": function["Handler"],
        # As for the emulator's functions: there is no /opt.
        "_LAMBDA_LAYERS_DIRS": ":".join(map(str, layers)),
        "PYTHONPATH": ":".join([*preload, *(str(layer / "python") for layer in layers)]),
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    environment = bare | function["Environment"]["Variables"] | CREDENTIALS | here
    health = environment["AWS_LWA_READINESS_CHECK_PATH"]
    return Program([str(folder / CODE / function["Handler"])], environment, health)


def _take(folder: Path) -> None:
    """Take what was deployed out of the build output, which the next build replaces."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in (CODE, *LAYERS):
        shutil.copytree(BUILD / name, folder / name, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def _configuration(endpoint: str, function: str) -> Json:
    client = session().client("lambda", endpoint_url=endpoint, config=DIRECT)
    found: Json = client.get_function_configuration(FunctionName=function)
    return found
