"""Endpoints whose module is imported with the first request to one of them, to keep cold starts short."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from herald.web.dialect import Endpoint
    from herald.web.exchange import Exchange, Reply


def late_endpoints(load: Callable[[], object], methods: Mapping[str, str]) -> dict[str, Endpoint]:
    """Return an endpoint for each route: the method with that name of the object that `load` returns, called once."""
    loaded = cache(load)

    def reply(method: str, exchange: Exchange) -> Reply:
        endpoint: Endpoint = getattr(loaded(), method)
        return endpoint(exchange)

    return {route: partial(reply, method) for route, method in methods.items()}
