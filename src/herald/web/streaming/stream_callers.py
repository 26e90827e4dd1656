"""Authentication on the streaming URL, which has no API Gateway authorizer."""

import json
import re
from typing import Any

from starlette.datastructures import Headers

from herald.auth.authenticator import Admission, refusal
from herald.auth.caller import IAM_PREFIX, Caller, KeylessLimits, Scope

CONTEXT = "x-amzn-request-context"
"""Header in which the Lambda Web Adapter passes the request context. It replaces one sent by the client:
https://github.com/aws/aws-lambda-web-adapter/blob/main/CHANGELOG.md (version 1.0.0, #286)."""
_ACCOUNT = re.compile(r"[0-9]{12}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9=_-]{1,64}")


class Callers:
    """Authenticates by the Authorization header, or by X-Api-Key if `signed`: Authorization then is the AWS signature.

    A signed request without a key belongs to the tenant of its AWS account and has the given `limits`.
    """

    def __init__(self, door: Admission, *, signed: bool, limits: KeylessLimits) -> None:
        self._door = door
        self._signed = signed
        self._limits = limits

    def admit(self, headers: Headers) -> Caller:
        """Return the caller. Raises Unauthorized if it is not authenticated, also if the header was sent twice."""
        if not self._signed:
            return self._door.admit(",".join(headers.getlist("authorization")) or None)
        if keys := headers.getlist("x-api-key"):
            return self._door.admit(f"Bearer {','.join(keys)}")
        return self._signer(headers)

    def _signer(self, headers: Headers) -> Caller:
        """Return the AWS account whose signature the Function URL has verified."""
        try:
            account = _context_of(headers)["authorizer"]["iam"]["accountId"]
        except (KeyError, TypeError):
            account = None
        if not isinstance(account, str) or not _ACCOUNT.fullmatch(account):
            raise refusal("missing_key")
        caller = Caller.keyless(IAM_PREFIX, account, frozenset({Scope.SPEECH}), self._limits)
        if caller is None:
            raise refusal("missing_key")
        return caller


def request_id_of(headers: Headers) -> str | None:
    """Return the request id that AWS assigned, or None if the request did not come through AWS."""
    found = _context_of(headers).get("requestId")
    return found if isinstance(found, str) and _REQUEST_ID.fullmatch(found) else None


def _context_of(headers: Headers) -> dict[str, Any]:
    try:
        context = json.loads(headers.get(CONTEXT, "{}"))
    except (ValueError, RecursionError):
        return {}
    return context if isinstance(context, dict) else {}
