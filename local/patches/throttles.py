"""The account's concurrency limit: reactions of other services to throttled calls.

ministack throttles calls above LAMBDA_ACCOUNT_CONCURRENCY as Lambda does (429 TooManyRequestsException). It does not
model how AWS's other services handle that.
"""

import inspect
import json
import random
import time
from http import HTTPStatus
from typing import Any

from ministack.services import eventbridge, lambda_svc, stepfunctions

from local.patches.source import replace_line

type Json = dict[str, Any]

# AWS retries for hours (events) or until the message's visibility timeout (queues); this suffices locally.
PATIENCE_SECONDS = 120

UNNAMED = '                body.get("errorType", "Lambda.Unknown"),\n'
NAMED = (
    '                body.get("errorType") or '
    '("Lambda.TooManyRequestsException" if result.get("throttle") else "Lambda.Unknown"),\n'
)
FROM_QUEUE = "    result = _execute_function(func_rec, event)\n"
FROM_EVENT = "            last_result = _execute_function(func, event)\n"
FROM_RULE = "        target=lambda_svc._execute_function_with_config_scope, args=(exec_record, event), daemon=True\n"


def answer_unavailable() -> None:
    """Respond 503 if the function of an HTTP API is throttled, as API Gateway does; ministack returns the 429."""
    respond = lambda_svc.lambda_execute_result_to_api_proxy_response

    def respond_or_unavailable(result: Json) -> Any:  # noqa: ANN401
        if not result.get("throttle"):
            return respond(result)
        headers = {"Content-Type": "application/json"}
        body = json.dumps({"message": "Service Unavailable"})
        return {"statusCode": int(HTTPStatus.SERVICE_UNAVAILABLE), "headers": headers, "body": body}, None

    lambda_svc.lambda_execute_result_to_api_proxy_response = respond_or_unavailable


def name_throttles() -> None:
    """Report throttled calls with the error name of Step Functions, so that a state machine's Retry matches."""
    source = replace_line(inspect.getsource(stepfunctions._call_lambda), UNNAMED, NAMED)
    exec(compile(source, stepfunctions.__file__, "exec"), vars(stepfunctions))  # noqa: S102


def retry_throttled_events() -> None:
    """Retry throttled messages of queues and asynchronous events, as Lambda does.

    ministack leaves a throttled message invisible for its whole visibility timeout, and drops a throttled event.
    """
    lambda_svc._execute_with_retries = _execute_with_retries
    changes = (
        (lambda_svc, "_run_sqs_batch", FROM_QUEUE, FROM_QUEUE.replace("_execute_function", "_execute_with_retries")),
        (
            lambda_svc,
            "invoke_async_with_retry",
            FROM_EVENT,
            FROM_EVENT.replace("_execute_function", "_execute_with_retries"),
        ),
        (
            eventbridge,
            "_dispatch_to_lambda",
            FROM_RULE,
            FROM_RULE.replace("_execute_function_with_config_scope", "_execute_with_retries"),
        ),
    )
    for module, name, line, new in changes:
        source = replace_line(inspect.getsource(getattr(module, name)), line, new)
        exec(compile(source, module.__file__, "exec"), vars(module))  # noqa: S102


def _execute_with_retries(func: Json, event: Json) -> Json:
    """Call a function; retry with backoff while it is throttled."""
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, 0.1
    while True:
        result: Json = lambda_svc._execute_function_with_config_scope(func, event)
        if not result.get("throttle") or time.monotonic() > deadline:
            return result
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
        pause = min(2 * pause, 2)
