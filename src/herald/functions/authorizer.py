"""authorizer: authenticates the key or token of a request for API Gateway, before any other function runs."""

import os
from functools import cached_property
from typing import Any

from herald.auth.authenticator import CachingAuthenticator, credentials_in
from herald.errors import Unauthorized
from herald.runtime.container import Dependencies
from herald.runtime.function import Event, EventFunction, Handler, joined_headers
from herald.runtime.metrics import COLD_START, KEYS_REFUSED
from herald.runtime.settings import TOKENS, Settings


class AuthorizerFunction(EventFunction):
    """A Lambda authorizer with simple responses. API Gateway requires no header and caches no result.

    A refusal by API Gateway has no code, and the same body for every cause. The authorizer therefore accepts every
    request and passes the caller or the code of the refusal to the function, which responds with the code, as the
    streaming endpoint does. If keys cannot be read, the authorizer raises, and API Gateway refuses the request.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._settings = settings
        self.parts = Dependencies(settings, interactive=True, unreadable=self.row_unreadable)

    def handle_event(self, event: Event, context: Any) -> Event:  # noqa: ANN401, ARG002  as in the base class
        """Return the context for the functions: the caller, or the code of the refusal."""
        self.meter.add(COLD_START, int(self.cold))
        try:
            caller = self._authenticator.admit(credentials_in(joined_headers(event.get("headers"))))
        except Unauthorized as error:
            self.meter.add(KEYS_REFUSED, 1)
            self.logger.info("refused", code=error.code)
            return {"isAuthorized": True, "context": {"refused": error.code}}
        self.logger.info("admitted", tenant=caller.tenant, key_id=caller.key)
        return {"isAuthorized": True, "context": caller.context()}

    @cached_property
    def _authenticator(self) -> CachingAuthenticator:
        return CachingAuthenticator(self.parts.authenticator, seconds=self._settings.key_cache_seconds)


handler = Handler(lambda: AuthorizerFunction(Settings.read(os.environ, TOKENS, {"key_table"})))
