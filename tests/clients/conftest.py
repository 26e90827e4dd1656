"""Clients that people already use, pointed at the deployed stack as its users would."""

import pytest

DOORS = {"buffered": "api_url", "streaming": "stream_url"}
TEXT = "Your appointment is confirmed for Monday morning."


@pytest.fixture(params=DOORS)
def door(request, stack):
    """The address of each of the doors that speak, without /v1."""
    return getattr(stack, DOORS[request.param]).rstrip("/")
