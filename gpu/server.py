"""Start the server.

python -m gpu.server --port 8080 --models FOLDER

Environment variables set the defaults of the options; they configure the container.
"""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from gpu.app import Limits, Server
from gpu.device import Device
from gpu.dialogue import Dialogues
from gpu.disclosing import Disclosure
from gpu.enrolling import CheckModels, Enroller
from gpu.log import log
from gpu.matching import Matcher
from gpu.models import Models
from gpu.objects import Objects
from gpu.store import Store
from herald.errors import HeraldError

if TYPE_CHECKING:
    from herald.disclosure.file_signer import FileSigner

_GRACE_SECONDS = 25
"""Seconds for running requests after SIGTERM; SageMaker sends SIGKILL after 30."""


def read_options(arguments: list[str], environment: Mapping[str, str]) -> argparse.Namespace:
    """Parse the command line, with defaults from the environment."""
    default = environment.get
    parser = argparse.ArgumentParser(prog="gpu.server", description="Serve POST /invocations.")
    parser.add_argument("serve", nargs="?", choices=["serve"], help="passed by SageMaker")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(default("SAGEMAKER_BIND_TO_PORT", "8080")))
    parser.add_argument(
        "--models",
        type=Path,
        action="append",
        metavar="FOLDER",
        help="a folder of models; repeatable (default: /opt/ml/model)",
    )
    parser.add_argument(
        "--source", default=default("HERALD_MODEL_SOURCE", ""), metavar="s3://...", help="address of additional models"
    )
    parser.add_argument("--cache", type=Path, default=Path(default("HERALD_MODEL_CACHE", "/tmp/herald-models")))  # noqa: S108  private to the container
    parser.add_argument(
        "--memory",
        type=int,
        default=int(default("HERALD_MODEL_MEGABYTES", "4000")),
        help="limit of loaded models in megabytes",
    )
    parser.add_argument("--at-once", type=int, default=int(default("HERALD_AT_ONCE", "2")), help="concurrent requests")
    parser.add_argument(
        "--waiting", type=int, default=int(default("HERALD_WAITING", "64")), help="maximum queued requests"
    )
    parser.add_argument(
        "--seconds", type=float, default=float(default("HERALD_SECONDS", "3500")), help="time limit of a request"
    )
    parser.add_argument(
        "--whisper",
        type=Path,
        default=default("HERALD_WHISPER_MODEL"),
        metavar="FOLDER",
        help="a multilingual Whisper model in the format of CTranslate2 (default: English only, of a package)",
    )
    parser.add_argument(
        "--local-files", action="store_true", help="also read recordings from paths of this machine, for development"
    )
    parser.add_argument(
        "--disclosure",
        default=default("HERALD_DISCLOSURE"),
        metavar="FOLDER",
        help="path or s3://... of chain.pem and key.pem, which sign files (default: disclosure in --source)",
    )
    parser.add_argument(
        "--sign",
        choices=["own", "all"],
        default=default("HERALD_SIGN", "own"),
        help="sign files of custom voices, or all",
    )
    return parser.parse_args(arguments)


def build(options: argparse.Namespace) -> Server:
    """Create the server that the options describe."""
    device = Device.find()
    fetch = None
    if options.source:
        from gpu.s3 import fetch_from  # noqa: PLC0415  boto3 is slow to import

        fetch = fetch_from(options.source)
    store = Store(options.models or [Path("/opt/ml/model")], cache=options.cache, fetch=fetch)
    objects = Objects(local=options.local_files)
    models = Models(store, objects, device=device, memory=options.memory * 1_000_000)
    checks = CheckModels.of(options.whisper)
    enroller = Enroller(models, objects, checks, Matcher(options.cache))
    limits = Limits(at_once=options.at_once, waiting=options.waiting, seconds=options.seconds)
    disclosure = Disclosure(signer=_signer(options), every_file=options.sign == "all")
    return Server(Dialogues(models, enroller), disclosure=disclosure, provider=device.provider, limits=limits)


def _signer(options: argparse.Namespace) -> "FileSigner | None":
    """Return the signer for the configured certificate, or None without one. Log which files are signed."""
    folder = options.disclosure or (options.source and f"{options.source.rstrip('/')}/disclosure")
    signer = None
    if folder:
        from herald.aws.clients import Clients  # noqa: PLC0415  boto3 is slow to import
        from herald.aws.signing_material import file_signer  # noqa: PLC0415

        signer = file_signer(Clients(), folder)
    log("disclosure", None, signs=options.sign if signer else "none")
    return signer


def _exit(_: int, __: FrameType | None) -> None:
    sys.exit(0)


def main() -> None:
    """Serve until SIGTERM."""
    signal.signal(signal.SIGTERM, _exit)  # uvicorn re-raises it after the last response
    options = read_options(sys.argv[1:], os.environ)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stdout)
    logging.getLogger("herald").setLevel(logging.INFO)
    logging.getLogger("kokoro_onnx").setLevel(logging.ERROR)  # lower levels log phonemes, which reveal customers' texts
    try:
        app = build(options).app
    except HeraldError as error:
        sys.exit(f"herald.gpu: {error.message}")
    uvicorn.run(
        app,
        host=options.host,
        port=options.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


if __name__ == "__main__":
    main()
