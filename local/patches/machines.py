"""State machines: YAML definitions, concurrency from the input, and failed callback tasks."""

import inspect
import json
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


def fail_tasks_whose_function_failed() -> None:
    """Fail a callback task when its function fails: in ministack it waits for its timeout."""
    source = replace_line(inspect.getsource(stepfunctions._invoke_with_callback), SWALLOWED, RAISED)
    exec(compile(source, stepfunctions.__file__, "exec"), vars(stepfunctions))  # noqa: S102
