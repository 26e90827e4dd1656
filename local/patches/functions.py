"""Lambda functions: shared layers, logs without delay, error names, and limits on responses and concurrency."""

import hashlib
import inspect
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
from ministack.services.cloudformation import provisioners

from local.patches.source import replace_line

type Json = dict[str, Any]

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB; the exact value was measured.
MAX_ANSWER_BYTES = 6_291_556

# The record separator, which loggers do not write.
END_OF_LOG = "\x1e"
CALL = "            result = handler_fn(event, context)\n"
CALL_AND_MARK = f"""\
            try:
                result = handler_fn(event, context)
            finally:
                sys.stderr.write({END_OF_LOG!r} + chr(10))
                sys.stderr.flush()
"""

FAILURE = 'json.dumps({"status": "error", "error": str(e), "trace": traceback.format_exc()})'
NAMED_FAILURE = FAILURE.replace('"trace"', '"errorType": type(e).__name__, "trace"')
NAMELESS = '            error_type = "Runtime.HandlerError"\n'
NAMED = '            error_type = result.get("errorType", "Runtime.HandlerError")\n'

_unpacking = threading.Lock()


def unpack_a_layer_once() -> None:
    """Share one copy of a layer among workers: ministack unpacks its 200 MB for each of them."""
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
            # unpack to a temporary folder, so that the final one is always complete
            aside = Path(tempfile.mkdtemp(dir=folder.parent))
            zipfile.ZipFile(io.BytesIO(content)).extractall(aside)
            aside.rename(folder)
    return folder


def end_the_log_at_a_mark() -> None:
    """Collect log lines up to a mark written by the worker: ministack waits 50 ms for further lines."""
    script = replace_line(lambda_runtime._PYTHON_WORKER_SCRIPT, CALL, CALL_AND_MARK)
    lambda_runtime._PYTHON_WORKER_SCRIPT = script
    lambda_runtime.Worker._drain_stderr_bounded = _lines_up_to_mark


def _lines_up_to_mark(worker: Any, seconds: float = 2.0) -> str:  # noqa: ANN401
    lines: list[str] = []
    deadline = time.monotonic() + seconds
    while not (lines and lines[-1].endswith(END_OF_LOG)):
        try:
            lines.append(worker._stderr_queue.get(timeout=max(0.0, deadline - time.monotonic())))
        except queue.Empty:  # a crashed worker writes no mark
            break
    return "\n".join(lines).removesuffix(END_OF_LOG).removesuffix("\n")


def show_logs() -> None:
    """Print functions' logs to the emulator's log: for HTTP APIs, ministack stores them only in its CloudWatch."""
    emit = lambda_svc._emit_lambda_logs

    def emit_and_print(function: Json, request_id: str, text: str, *rest: object, **options: object) -> None:
        if text:
            print(text, flush=True)
        emit(function, request_id, text, *rest, **options)

    lambda_svc._emit_lambda_logs = emit_and_print


def refuse_large_answers() -> None:
    """Fail invocations with a response above Lambda's limit: ministack has no limit."""
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


def name_errors() -> None:
    """Report the class of an exception: ministack reports Runtime.HandlerError for all."""
    script = replace_line(lambda_runtime._PYTHON_WORKER_SCRIPT, FAILURE, NAMED_FAILURE)
    lambda_runtime._PYTHON_WORKER_SCRIPT = script
    source = replace_line(inspect.getsource(lambda_svc._execute_function_warm), NAMELESS, NAMED)
    exec(compile(source, lambda_svc.__file__, "exec"), vars(lambda_svc))  # noqa: S102


def keep_reserved_concurrency() -> None:
    """Apply a function's reserved concurrency: ministack's CloudFormation drops the property."""
    function = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
    create, update = function["create"], function["update"]

    def create_with_reserve(logical_id: str, props: Json, stack: str) -> tuple[str, Json]:
        name, attributes = create(logical_id, props, stack)
        _reserve(name, props)
        return name, attributes

    def update_with_reserve(name: str, old: Json, new: Json, stack: str, logical_id: str) -> tuple[str, Json]:
        name, attributes = update(name, old, new, stack, logical_id)
        _reserve(name, new)
        return name, attributes

    function.update(create=create_with_reserve, update=update_with_reserve)


def _reserve(name: str, props: Json) -> None:
    if (reserved := props.get("ReservedConcurrentExecutions")) is None:
        lambda_svc._delete_function_concurrency(name)
    else:
        lambda_svc._put_function_concurrency(name, {"ReservedConcurrentExecutions": int(reserved)})
