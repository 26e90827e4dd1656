"""What tests do with a deployed stack beside asking its API."""

import subprocess
from pathlib import Path

import httpx

from herald.jobs.job import utc_now
from herald.jobs.keys import KeySettings
from local.clients import DIRECT, session
from local.keys import key_ring


class Bearer(httpx.Auth):
    """Shows a key to the API, and to nobody else: a link to a file opens without."""

    def __init__(self, api_url, key):
        self._api_url = f"{api_url}/"
        self._key = key

    def auth_flow(self, request):
        if str(request.url).startswith(self._api_url):
            request.headers["Authorization"] = f"Bearer {self._key}"
        yield request


def client_of(stack, key=None):
    """A plain HTTP client of a stack, with a key: its own, or another. Never through a proxy."""
    auth = Bearer(stack.api_url, key or stack.api_key)
    return httpx.Client(base_url=stack.api_url, auth=auth, trust_env=False, timeout=60)


def keys_of(stack, clock=utc_now):
    """The keys of a stack, as `herald keys` has them."""
    return key_ring(stack.aws_endpoint_url, stack.resources["KeyTable"], clock)


def key_of(stack, **settings):
    """A new key of a stack, whole."""
    return str(keys_of(stack).create(KeySettings(**settings))[1])


def aws(stack, service):
    """Return a client for the AWS of a stack."""
    return session().client(service, endpoint_url=stack.aws_endpoint_url, config=DIRECT)


def workers(stack, logical_id):
    """Return the processes that run a function of the stack now, busy or warm; they are the stack's own to kill."""
    name = str(Path(stack.folder, "tmp", f"ministack-lambda-{stack.resources[logical_id]}-"))
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if name in line]
