"""Lambda functions: layers unpacked once, logs without a wait, and the limit on answers."""

import hashlib
import io
import json
import queue
import tempfile
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from local.patches.source import replace_line

type Json = dict[str, Any]

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB; measured, it is this many bytes.
MAX_ANSWER_BYTES = 6_291_556

# The record separator: no logger writes it.
END_OF_LOG = "\x1e"
CALL = "            result = handler_fn(event, context)\n"
CALL_AND_MARK = f"""\
            try:
                result = handler_fn(event, context)
            finally:
                sys.stderr.write({END_OF_LOG!r} + chr(10))
                sys.stderr.flush()
"""

_unpacking = threading.Lock()


def unpack_a_layer_once() -> None:
    """Let all workers share one copy of a layer: ministack unpacks its 200 MB again for each of them."""
    spawn = lambda_runtime.Worker._spawn

    def spawn_with_shared_layers(worker: Any) -> None:  # noqa: ANN401
        config = worker.config
        worker.config = _with_shared_layers(config)
        try:
            spawn(worker)
        finally:
            worker.config = config

    lambda_runtime.Worker._spawn = spawn_with_shared_layers


def _with_shared_layers(config: Json) -> Json:
    layers = [_unpacked(content) for layer in config.get("Layers", []) if (content := _content(layer))]
    variables = dict(config.get("Environment", {}).get("Variables", {}))
    variables["_LAMBDA_LAYERS_DIRS"] = ":".join(map(str, layers))
    return {**config, "Layers": [], "Environment": {"Variables": variables}}


def _content(layer: Json) -> bytes | None:
    content: bytes | None = lambda_svc._resolve_layer_zip(layer)
    return content


def _unpacked(content: bytes) -> Path:
    folder = Path(tempfile.gettempdir(), "ministack-lambda-layers", hashlib.sha256(content).hexdigest())
    with _unpacking:
        if not folder.exists():
            folder.parent.mkdir(exist_ok=True)
            # made aside, so that a folder under its name is a whole one
            aside = Path(tempfile.mkdtemp(dir=folder.parent))
            zipfile.ZipFile(io.BytesIO(content)).extractall(aside)
            aside.rename(folder)
    return folder


def end_the_log_at_a_mark() -> None:
    """Collect log lines up to a mark the worker writes: ministack waits 50 ms for lines that may never come."""
    script = replace_line(lambda_runtime._PYTHON_WORKER_SCRIPT, CALL, CALL_AND_MARK)
    lambda_runtime._PYTHON_WORKER_SCRIPT = script
    lambda_runtime.Worker._drain_stderr_bounded = _lines_up_to_mark


def _lines_up_to_mark(worker: Any, seconds: float = 0.25) -> str:  # noqa: ANN401
    lines: list[str] = []
    deadline = time.monotonic() + seconds
    while not (lines and lines[-1].endswith(END_OF_LOG)):
        try:
            lines.append(worker._stderr_queue.get(timeout=max(0.0, deadline - time.monotonic())))
        except queue.Empty:  # a worker that died writes no mark
            break
    return "\n".join(lines).removesuffix(END_OF_LOG).removesuffix("\n")


def show_logs() -> None:
    """Print what functions log into the emulator's log: for an HTTP API, ministack keeps it in its CloudWatch only."""
    emit = lambda_svc._emit_lambda_logs

    def emit_and_print(function: Json, request_id: str, text: str, *rest: object, **options: object) -> None:
        if text:
            print(text, flush=True)
        emit(function, request_id, text, *rest, **options)

    lambda_svc._emit_lambda_logs = emit_and_print


def refuse_large_answers() -> None:
    """Fail an invocation whose answer is larger than Lambda's limit: ministack passes any size."""
    execute = lambda_svc._execute_function_warm

    def execute_within_limit(func: Json, event: object, request_id: str) -> Json:
        result: Json = execute(func, event, request_id)
        if result.get("error") or _size(result.get("body")) <= MAX_ANSWER_BYTES:
            return result
        message = f"Response payload size exceeded maximum allowed payload size ({MAX_ANSWER_BYTES} bytes)."
        error = {"errorMessage": message, "errorType": "Function.ResponseSizeTooLarge"}
        return {"body": error, "error": True, "log": result.get("log", "")}

    lambda_svc._execute_function_warm = execute_within_limit


def _size(answer: object) -> int:
    return len(json.dumps(answer, ensure_ascii=False).encode())
