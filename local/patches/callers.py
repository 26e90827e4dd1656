"""Record the AWS calls of functions, and of services that assume a role, for tests/iam. See local.calls."""

from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc, stepfunctions

from local import calls

type Json = dict[str, Any]

MACHINE = "BatchMachine"
"""The principal of the state machine's calls."""


def record_functions() -> None:
    """Record the AWS calls of functions: install local.calls in their workers before they create clients."""
    if calls.file():
        source = f"exec(compile(open({calls.__file__!r}).read(), {calls.__file__!r}, 'exec'), {{'__name__': 'calls'}})"
        install = f"\n    {source}\n"
        script = lambda_runtime._PYTHON_WORKER_SCRIPT
        mark = "    _ms_install_invoke_depth()\n"
        if mark not in script:
            raise ValueError("ministack's worker script has changed; adapt local/patches/callers.py")
        lambda_runtime._PYTHON_WORKER_SCRIPT = script.replace(mark, mark + install, 1)


def record_event_sources() -> None:
    """Record Lambda's calls to a queue on behalf of its consumer."""
    run = lambda_svc._run_sqs_batch

    def run_and_record(mapping: Json, function: Json, event: Json, batch: Any, url: str, *rest: Any) -> Any:  # noqa: ANN401
        for operation in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
            calls.write("sqs", operation, {"QueueUrl": url}, principal=mapping["FunctionName"])
        return run(mapping, function, event, batch, url, *rest)

    lambda_svc._run_sqs_batch = run_and_record


def record_machines() -> None:
    """Record the calls of Step Functions on behalf of a state machine.

    The emulator reads items and starts children without AWS calls, and does not write results. The recorded calls are
    those of AWS: https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    """
    call, run = stepfunctions._call_lambda, stepfunctions._run_distributed_map

    def call_and_record(function: str, event: Json) -> Any:  # noqa: ANN401
        calls.write("lambda", "Invoke", {"FunctionName": function}, principal=MACHINE)
        return call(function, event)

    def run_and_record(state: Json, raw: Any, effective: Any, iterator: Any, execution: Json, context: Any) -> Any:  # noqa: ANN401, PLR0913, PLR0917
        machine = {"stateMachineArn": execution["stateMachineArn"]}
        calls.write("stepfunctions", "StartExecution", machine, principal=MACHINE)
        if reader := state.get("ItemReader"):
            where = stepfunctions._resolve_params_obj(reader["Parameters"], effective, context)
            calls.write("s3", "GetObject", where, principal=MACHINE)
        if writer := state.get("ResultWriter"):
            where = stepfunctions._resolve_params_obj(writer["Parameters"], effective, context)
            key = f"{where['Prefix']}/{execution['name']}/manifest.json"
            calls.write("s3", "PutObject", {"Bucket": where["Bucket"], "Key": key}, principal=MACHINE)
        return run(state, raw, effective, iterator, execution, context)

    stepfunctions._call_lambda = call_and_record
    stepfunctions._run_distributed_map = run_and_record
