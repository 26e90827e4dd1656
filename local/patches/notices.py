"""SNS: retries of failed functions."""

import inspect

from ministack.services import sns

from local.patches.source import replace_line

ONCE = "        _lambda_svc._execute_function_with_config_scope(exec_record, event)\n"
WITH_RETRIES = "        _lambda_svc.invoke_async_with_retry(exec_record, event)\n"


def retry_functions() -> None:
    """Retry a failed subscriber function twice, as Lambda's queue does: ministack drops the notification."""
    source = replace_line(inspect.getsource(sns._deliver_to_lambda), ONCE, WITH_RETRIES)
    exec(compile(source, sns.__file__, "exec"), vars(sns))  # noqa: S102
