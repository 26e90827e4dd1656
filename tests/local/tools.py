"""What tests do with a deployed stack beside asking its API."""

import subprocess
from pathlib import Path

from local.clients import DIRECT, session


def aws(stack, service):
    """Return a client for the AWS of a stack."""
    return session().client(service, endpoint_url=stack.aws_endpoint_url, config=DIRECT)


def workers(stack, logical_id):
    """Return the processes that run a function of the stack now, busy or warm; they are the stack's own to kill."""
    name = str(Path(stack.folder, "tmp", f"ministack-lambda-{stack.resources[logical_id]}-"))
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if name in line]
