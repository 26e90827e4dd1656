"""Existing clients, configured for the deployed stack."""

import pytest

DOORS = {"buffered": "api_url", "streaming": "stream_url"}
TEXT = "Your appointment is confirmed for Monday morning."


@pytest.fixture(params=DOORS)
def door(request, stack):
    """The base address of the buffered and of the streaming API, without /v1."""
    return getattr(stack, DOORS[request.param]).rstrip("/")
