"""Access to a deployed stack for tests, beyond its API."""

import subprocess
from pathlib import Path

import httpx

from herald.auth.api_keys import KeySettings
from herald.clock import utc_now
from local.clients import DIRECT, session
from local.keys import key_ring


class Bearer(httpx.Auth):
    """Sends a key to the API only, and not to links."""

    def __init__(self, api_url, key):
        self._api_url = f"{api_url}/"
        self._key = key

    def auth_flow(self, request):
        if str(request.url).startswith(self._api_url):
            request.headers["Authorization"] = f"Bearer {self._key}"
        yield request


def client_of(stack, key=None):
    """Return an HTTP client of a stack, with its key or another, without a proxy."""
    auth = Bearer(stack.api_url, key or stack.api_key)
    return httpx.Client(base_url=stack.api_url, auth=auth, trust_env=False, timeout=60)


def keys_of(stack, clock=utc_now):
    """Return the key ring of a stack, as `herald keys` uses it."""
    return key_ring(stack.aws_endpoint_url, stack.resources["KeyTable"], clock)


def key_of(stack, **settings):
    """Create a key of a stack; return the complete key."""
    return str(keys_of(stack).create(KeySettings(**settings))[1])


def aws(stack, service):
    """Return an AWS client for a stack."""
    return session().client(service, endpoint_url=stack.aws_endpoint_url, config=DIRECT)


def workers(stack, logical_id):
    """Return the processes of a function of this stack, busy or warm. Tests may kill them."""
    name = str(Path(stack.folder, "tmp", f"ministack-lambda-{stack.resources[logical_id]}-"))
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if name in line]
