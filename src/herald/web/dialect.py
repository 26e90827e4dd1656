"""The APIs that one address offers: Herald's own, and those of other vendors, for clients that people already use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING

from herald.auth.caller import Scope
from herald.errors import HeraldError
from herald.web.exchange import Exchange, Reply, Request
from herald.web.routes import find_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from herald.web.exchange import Exchange, Reply


type Endpoint = Callable[[Exchange], Reply]


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """An API: its routes, what they require of a key, and the format of its errors.

    `routes` are the methods of each path, `scopes` those of a key by path prefix. `endpoints` are named as in
    "GET /v1/jobs/{id}".
    """

    name: str
    """For log lines; empty for Herald's own API."""
    applies: Callable[[Request], bool]
    """Returns whether a request comes from a client of this API."""
    routes: Mapping[str, tuple[str, ...]]
    endpoints: Mapping[str, Endpoint]
    reply_to: Callable[[HeraldError, Exchange], Reply]
    """Returns the reply to an error."""
    scopes: Mapping[str, Scope] = field(default_factory=dict)

    def methods_of(self, path: str) -> tuple[str, ...]:
        """Return the methods that a path supports; none if there is no such path."""
        return self.routes.get(find_path(path, self.routes)[0], ())

    def scope_of(self, path: str) -> Scope | None:
        """Return the scope that a path requires, or None if any valid key is accepted."""
        return next((scope for start, scope in self.scopes.items() if path.startswith(start)), None)


def late_endpoints(load: Callable[[], object], methods: Mapping[str, str]) -> dict[str, Endpoint]:
    """Return an endpoint for each route: the method with that name of the object that `load` returns, called once."""
    loaded = cache(load)

    def reply(method: str, exchange: Exchange) -> Reply:
        endpoint: Endpoint = getattr(loaded(), method)
        return endpoint(exchange)

    return {route: partial(reply, method) for route, method in methods.items()}
