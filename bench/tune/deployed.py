"""The built speech function: its code, layers and environment."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from bench.progress import Failure
from bench.requests.aws import at

FUNCTION = "SpeechFunction"


def read(build: Path) -> dict[str, Any]:
    """Read the template of a build."""
    file = build / "template.yaml"
    if not file.is_file():
        raise Failure(f"{file} does not exist. Build it: make .local/build/template.yaml")
    template: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return template


def variables(template: dict[str, Any]) -> dict[str, str]:
    """Return the function's variables with the parameters' defaults; resources are replaced by their names."""
    parts = template["Globals"]["Function"], template["Resources"][FUNCTION]["Properties"]
    given = {name: value for part in parts for name, value in part["Environment"]["Variables"].items()}
    return {name: _text(value, template) for name, value in given.items()}


def _text(value: Any, template: dict[str, Any]) -> str:  # noqa: ANN401  any template value
    parameters = template["Parameters"]
    match value:
        case {"Ref": name}:
            return str(parameters[name]["Default"]) if name in parameters else str(name)
        case {"Fn::Sub": text}:
            return str(text)
        case {"Fn::If": [_, _, otherwise]}:  # conditional resources are off by default
            return _text(otherwise, template)
        case {"Fn::FindInMap": [name, first, second]}:
            return str(template["Mappings"][name][_text(first, template)][second])
    return str(value)


def default(template: dict[str, Any], parameter: str) -> int:
    """Return the default of a parameter."""
    return int(template["Parameters"][parameter]["Default"])


def layers(template: dict[str, Any]) -> list[str]:
    """Return the names of the function's layers, which are also their folders."""
    return [layer["Ref"] for layer in template["Resources"][FUNCTION]["Properties"]["Layers"]]


def copy(template: dict[str, Any], build: Path, folder: Path) -> None:
    """Copy the function and its layers, so that a concurrent build does not interfere."""
    for name in (FUNCTION, *layers(template)):
        shutil.copytree(build / name, folder / name)


def environment(template: dict[str, Any], build: Path, megabytes: int, aws: str) -> dict[str, str]:
    """Return the function's environment on Lambda with this memory, with AWS at `aws` and without tracing."""
    folders = [build / layer for layer in layers(template)]
    return (
        variables(template)
        | at(aws)
        | {
            "AWS_LAMBDA_FUNCTION_NAME": "herald",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(megabytes),
            "HERALD_SPEECH_MEMORY": str(megabytes),
            "POWERTOOLS_TRACE_DISABLED": "1",
            "PYTHONPATH": ":".join(map(str, [build / FUNCTION, *(folder / "python" for folder in folders)])),
            "_LAMBDA_LAYERS_DIRS": ":".join(map(str, folders)),
        }
    )


def check(build: Path, found: dict[str, str]) -> None:
    """Raise Failure if a process in this environment would not run the build's code."""
    command = [sys.executable, "-c", "import herald; print(herald.__file__)"]
    answer = subprocess.run(command, check=False, capture_output=True, text=True, cwd=build, env=found)  # noqa: S603
    if not answer.stdout.startswith(str(build / FUNCTION)):
        raise Failure(f"The code of {build} would not be used, but {answer.stdout or answer.stderr}")
