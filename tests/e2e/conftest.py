"""Clients of the deployed stack, without a proxy, because the stack is local."""

import httpx
import openai
import pytest

from tests.local.tools import client_of, key_of
from tests.support.stream_reader import PATH, ask, pcm_seconds


@pytest.fixture(scope="session")
def api(stack):
    """An HTTP client with the stack's key."""
    with client_of(stack) as client:
        yield client


@pytest.fixture(scope="session")
def another(stack):
    """An HTTP client with the key of another tenant."""
    with client_of(stack, key_of(stack, tenant="another", tier="vip")) as client:
        yield client


@pytest.fixture(scope="session")
def keyless(stack):
    """An HTTP client without a key."""
    with httpx.Client(base_url=stack.api_url, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def sdk(stack):
    """OpenAI's client with Herald's address and key."""
    http_client = openai.DefaultHttpxClient(trust_env=False)
    with openai.OpenAI(
        base_url=f"{stack.api_url}/v1", api_key=stack.api_key, http_client=http_client, max_retries=0
    ) as client:
        yield client


@pytest.fixture(scope="session")
def stream(stack):
    """An HTTP client of the streaming function, with the stack's key."""
    headers = {"Authorization": f"Bearer {stack.api_key}"}
    with httpx.Client(base_url=stack.stream_url, headers=headers, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def seconds(api):
    """Duration of the sentence of tests.support.stream_reader, from the buffered function."""
    return pcm_seconds(api.post(PATH, json=ask(response_format="pcm")).raise_for_status().content)
