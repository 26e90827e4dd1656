"""authorizer: tells API Gateway who shows a key, before any other function is asked."""

import os
from functools import cache
from typing import Any

from herald.errors import Unauthorized
from herald.handlers.events import EventFunction
from herald.handlers.function import Event
from herald.handlers.measures import COLD_START, KEYS_REFUSED
from herald.handlers.parts import Parts
from herald.handlers.settings import TOKENS, Settings

TOLD = frozenset({"key_expired", "key_revoked"})
"""What only he learns who proved the key's secret: the functions answer it, as API Gateway cannot."""


class AuthorizerFunction(EventFunction):
    """A Lambda authorizer with simple answers. Where it cannot tell, it raises: nobody is let in, and none remembered.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.parts = Parts(settings, somebody_waits=True, unreadable=self.row_unreadable)

    def hear(self, event: Event, context: Any) -> Event:  # noqa: ANN401, ARG002
        """Say who asks."""
        self.meter.add(COLD_START, int(self.cold))
        try:
            caller = self.parts.door.admit(authorization_of(event))
        except Unauthorized as error:
            self.meter.add(KEYS_REFUSED, 1)
            self.logger.info("refused", code=error.code)
            return {"isAuthorized": True, "context": {"refused": error.code}} if error.code in TOLD else _NOBODY
        self.logger.info("admitted", tenant=caller.tenant, key_id=caller.key)
        return {"isAuthorized": True, "context": caller.context()}


_NOBODY: Event = {"isAuthorized": False, "context": {}}


def authorization_of(event: Event) -> str | None:
    """The header Authorization; of two, both with a comma between them, as API Gateway joins them itself."""
    found = [value for name, value in (event.get("headers") or {}).items() if name.lower() == "authorization"]
    return ",".join(value if isinstance(value, str) else ",".join(map(str, value)) for value in found) or None


@cache
def _function() -> AuthorizerFunction:
    return AuthorizerFunction(Settings.read(os.environ, TOKENS, {"key_table"}))


def handler(event: Event, context: Any) -> Event | None:  # noqa: ANN401  the runtime's own context
    """Answer whether a request may pass, and who sent it."""
    return _function()(event, context)
