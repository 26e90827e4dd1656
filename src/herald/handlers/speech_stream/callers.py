"""Who asks, where no API Gateway stands before us that tells."""

import json
import re
from typing import Any

from starlette.datastructures import Headers

from herald.jobs.caller import Caller, Scope
from herald.jobs.door import Admission, refusal

CONTEXT = "x-amzn-request-context"
"""The header in which the Lambda Web Adapter tells a request's context. It puts it in the place of a caller's own:
https://github.com/aws/aws-lambda-web-adapter/blob/main/CHANGELOG.md (version 1.0.0, #286)."""
_ACCOUNT = re.compile(r"[0-9]{12}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9=_-]{1,64}")


class Callers:
    """Lets in by the header Authorization; with `signed`, where that is AWS's own signature, by X-Api-Key.

    Whoever shows no key then, and whose signature AWS has checked, is the tenant of its account.
    """

    def __init__(self, door: Admission, *, signed: bool) -> None:
        self._door = door
        self._signed = signed

    def admit(self, headers: Headers) -> Caller:
        """Who sent these headers; Unauthorized for nobody. A header that stands there twice is no key."""
        if not self._signed:
            return self._door.admit(",".join(headers.getlist("authorization")) or None)
        if keys := headers.getlist("x-api-key"):
            return self._door.admit(f"Bearer {','.join(keys)}")
        return Caller(tenant=f"iam-{_account_of(headers)}", scopes=frozenset({Scope.SPEECH}))


def request_id_of(headers: Headers) -> str | None:
    """The id that AWS gave to a request, if it came through AWS."""
    found = _context_of(headers).get("requestId")
    return found if isinstance(found, str) and _REQUEST_ID.fullmatch(found) else None


def _account_of(headers: Headers) -> str:
    try:
        account = _context_of(headers)["authorizer"]["iam"]["accountId"]
    except (KeyError, TypeError):
        account = None
    if not isinstance(account, str) or not _ACCOUNT.fullmatch(account):
        raise refusal("missing_key")
    return account


def _context_of(headers: Headers) -> dict[str, Any]:
    try:
        context = json.loads(headers.get(CONTEXT, "{}"))
    except (ValueError, RecursionError):
        return {}
    return context if isinstance(context, dict) else {}
