"""Clients of the deployed stack. Never through a proxy: all of it is on this machine."""

import httpx
import openai
import pytest


@pytest.fixture(scope="session")
def api(stack):
    """A plain HTTP client."""
    with httpx.Client(base_url=stack.api_url, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def sdk(stack):
    """OpenAI's client, as its users make it, with Herald's address."""
    http_client = openai.DefaultHttpxClient(trust_env=False)
    with openai.OpenAI(
        base_url=f"{stack.api_url}/v1", api_key="none", http_client=http_client, max_retries=0
    ) as client:
        yield client
