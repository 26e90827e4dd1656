"""authorizer: authenticates the key or token of a request for API Gateway, before any other function runs."""

import os
from typing import Any

from herald.auth.api_keys import ELEVENLABS_HEADER
from herald.auth.aws_signature import TOKEN_HEADER, bearer_of, credential_digest
from herald.errors import Unauthorized
from herald.runtime.container import Dependencies
from herald.runtime.function import Event, EventFunction, Handler
from herald.runtime.metrics import COLD_START, KEYS_REFUSED
from herald.runtime.settings import TOKENS, Settings

REPORTED = frozenset({"missing_key", "key_expired", "key_revoked"})
"""Codes disclosed only after the key's secret is verified, or for a request without any.

The request is let through to the function, which answers 401 with the code: API Gateway cannot send one.
"""


class AuthorizerFunction(EventFunction):
    """A Lambda authorizer with simple responses.

    If keys cannot be read, it raises: the request is refused and API Gateway caches no decision.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.parts = Dependencies(settings, interactive=True, unreadable=self.row_unreadable)

    def handle_event(self, event: Event, context: Any) -> Event:  # noqa: ANN401
        """Return whether the request is authorized, and the caller's context for the functions."""
        self.meter.add(COLD_START, int(self.cold))
        authorization = header_of(event, "authorization")
        if authorization is None and (key := header_of(event, ELEVENLABS_HEADER)):
            bearer: str | None = f"Bearer {key}"
        else:
            bearer = bearer_of(authorization, header_of(event, TOKEN_HEADER))
        # API Gateway caches by one header alone: the functions compare the credential with their own.
        context = {"credential": credential_digest(bearer)} if bearer != authorization else {}
        try:
            caller = self.parts.authenticator.admit(bearer)
        except Unauthorized as error:
            self.meter.add(KEYS_REFUSED, 1)
            self.logger.info("refused", code=error.code)
            if error.code in REPORTED or context:  # clients of other vendors expect an error of theirs
                return {"isAuthorized": True, "context": {"refused": error.code} | context}
            return _DENIED
        self.logger.info("admitted", tenant=caller.tenant, key_id=caller.key)
        return {"isAuthorized": True, "context": caller.context() | context}


_DENIED: Event = {"isAuthorized": False, "context": {}}


def header_of(event: Event, wanted: str) -> str | None:
    """Return a header by its lower-case name; several are joined by commas, as API Gateway itself does."""
    found = [value for name, value in (event.get("headers") or {}).items() if name.lower() == wanted]
    return ",".join(value if isinstance(value, str) else ",".join(map(str, value)) for value in found) or None


handler = Handler(lambda: AuthorizerFunction(Settings.read(os.environ, TOKENS, {"key_table"})))
