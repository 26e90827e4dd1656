"""State machines: YAML definitions, concurrency from the input, and failed, silent and repeated callback tasks."""

import inspect
import json
from threading import Event
from time import monotonic
from typing import Any

import yaml
from ministack.services import stepfunctions
from ministack.services.cloudformation import provisioners

from local.patches.source import replace_line

type Json = dict[str, Any]

SWALLOWED = """        except _ExecutionError:
            pass
"""
RAISED = """        except _ExecutionError:
            _task_tokens.pop(token, None)
            raise
"""
WAITS = """    if not evt.wait(timeout=timeout):
        _task_tokens.pop(token, None)
        raise _ExecutionError("States.Timeout",
                              "Task timed out waiting for callback")
"""
WAITS_FOR_BEATS = """    if not _wait_for_beats(evt, token, state_def):
        _task_tokens.pop(token, None)
        raise _ExecutionError("States.Timeout", "Task timed out waiting for callback")
"""
BEFORE_ATTEMPTS = """    if is_callback:
        ctx["Task"] = {"Token": new_uuid()}

"""
ATTEMPT = """        ctx["State"]["RetryCount"] = sum(retry_counts.values())
"""
EACH_ATTEMPT_HAS = """        if is_callback:
            ctx["Task"] = {"Token": new_uuid()}
"""
_LOOK = 0.2
"""Seconds between two looks at the heartbeat of a task."""


def read_yaml() -> None:
    """Accept definitions in YAML, as CloudFormation does: ministack runs only JSON."""
    definition = provisioners._sfn_definition
    provisioners._sfn_definition = lambda props: json.dumps(yaml.safe_load(definition(props)))


def follow_max_concurrency_path() -> None:
    """Support MaxConcurrencyPath of distributed maps: ministack supports only MaxConcurrency."""
    run = stepfunctions._run_distributed_map

    def run_with_concurrency(state: Json, raw: Any, effective: Any, *rest: Any) -> Any:  # noqa: ANN401
        if path := state.get("MaxConcurrencyPath"):
            state = {**state, "MaxConcurrency": int(stepfunctions._resolve_path(path, effective))}
        return run(state, raw, effective, *rest)

    stepfunctions._run_distributed_map = run_with_concurrency


def end_callback_tasks() -> None:
    """Fail a callback task when its function fails, and after HeartbeatSeconds without a heartbeat.

    In ministack, it waits for TimeoutSeconds in both cases.
    """
    stepfunctions._wait_for_beats = _wait_for_beats
    source = replace_line(inspect.getsource(stepfunctions._invoke_with_callback), SWALLOWED, RAISED)
    source = replace_line(source, WAITS, WAITS_FOR_BEATS)
    exec(compile(source, stepfunctions.__file__, "exec"), vars(stepfunctions))  # noqa: S102


def _wait_for_beats(ended: Event, token: str, state: Json) -> bool:
    """Wait for the end of a task; return False if it timed out, or its worker was silent for too long."""
    begun = since = monotonic()
    last = None
    while not ended.wait(_LOOK):
        now = monotonic()
        beat = stepfunctions._task_tokens[token]["heartbeat"]
        if beat != last:
            last, since = beat, now
        if now - begun > state.get("TimeoutSeconds", 99_999) or now - since > state.get("HeartbeatSeconds", 99_999):
            return False
    return True


def give_each_attempt_a_token() -> None:
    """Give every attempt of a callback task its own token: in ministack, a late result ends the next attempt."""
    source = replace_line(inspect.getsource(stepfunctions._execute_task), BEFORE_ATTEMPTS, "")
    source = replace_line(source, ATTEMPT, ATTEMPT + EACH_ATTEMPT_HAS)
    exec(compile(source, stepfunctions.__file__, "exec"), vars(stepfunctions))  # noqa: S102
