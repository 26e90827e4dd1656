"""Run the streaming function locally with its start script, as the Lambda Web Adapter does."""

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
# All except the adapter's layer, which exists only on AWS.
LAYERS = ("CoreLayer", "EngineLayer", "VoiceLayer", "WebLayer")

type Json = dict[str, Any]


def start(cloud: Cloud, endpoint: str, function: str) -> str:
    """Start the deployed function, replacing a running one; return its address, which responds after `cloud.wait`."""
    cloud.stream.stop()
    folder = cloud.folder / "stream"
    _take(folder)
    port = free_port()
    program = stream_program(_configuration(endpoint, function), folder, endpoint, port)
    cloud.begin_late(cloud.stream, program, port)
    return f"http://127.0.0.1:{port}"


def stream_program(function: Json, folder: Path, endpoint: str, port: int) -> Program:
    """Return the program of a function, from its configuration, as the adapter's wrapper runs it."""
    layers = [folder / name for name in LAYERS]
    preload = [str(ROOT / "local" / "preload")] if calls.file() else []
    bare = bare_environment(folder / "tmp")
    here = {
        "PATH": f"{EMULATOR_PYTHON.parent}:{bare['PATH']}",
        "PORT": str(port),
        # the page at /studio, which has another port
        "HERALD_CORS_ORIGINS": endpoint,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_LAMBDA_FUNCTION_NAME": function["FunctionName"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function["MemorySize"]),
        "LAMBDA_TASK_ROOT": str(folder / CODE),
        "_HANDLER": function["Handler"],
        # Layers are not in /opt, as for the emulator's functions.
        "_LAMBDA_LAYERS_DIRS": ":".join(map(str, layers)),
        "PYTHONPATH": ":".join([*preload, *(str(layer / "python") for layer in layers)]),
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    environment = bare | function["Environment"]["Variables"] | CREDENTIALS | here
    health = environment["AWS_LWA_READINESS_CHECK_PATH"]
    return Program([str(folder / CODE / function["Handler"])], environment, health)


def _take(folder: Path) -> None:
    """Link or copy the deployed code from the build output, which the next build replaces."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in (CODE, *LAYERS):
        shutil.copytree(BUILD / name, folder / name, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another file system
        shutil.copy2(source, target)


def announce(endpoint: str, function: str, url: str) -> None:
    """Set the address of the streaming function in the environment of the api function, for the page at /studio."""
    client = session().client("lambda", endpoint_url=endpoint, config=DIRECT)
    variables = _configuration(endpoint, function)["Environment"]["Variables"]
    environment = {"Variables": variables | {"HERALD_STREAM_URL": url}}
    client.update_function_configuration(FunctionName=function, Environment=environment)


def _configuration(endpoint: str, function: str) -> Json:
    client = session().client("lambda", endpoint_url=endpoint, config=DIRECT)
    found: Json = client.get_function_configuration(FunctionName=function)
    return found
