"""The door: lets in whoever shows a key that is valid, or a token of the operator's issuer."""

import re
from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import Protocol

from herald.errors import Unauthorized, Unavailable, UnreadableRow
from herald.jobs.caller import Caller
from herald.jobs.keys import PREFIX, KeyStore, ShownKey
from herald.jobs.ports import Clock

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/=-]+) *", re.IGNORECASE | re.ASCII)
"""RFC 6750, section 2.1; a scheme's case does not count (RFC 9110, section 11.1). No comma: two headers are none."""
_LONGEST = 8_192
"""Characters of the header; tokens are long."""
REMEMBERED_SECONDS = 60.0


class Tokens(Protocol):
    """Who checks tokens that are no keys."""

    def caller(self, token: str) -> Caller:
        """Whom a token names; Unauthorized `invalid_key` or `key_expired` for one that proves nothing."""
        ...


class Admission(Protocol):
    """A door, or what remembers whom it let in."""

    def admit(self, authorization: str | None) -> Caller:
        """Who shows this value of the header Authorization; Unauthorized for nobody."""
        ...


class Door:
    """Whoever proves the secret of a key that has ended is told so; nobody else learns whether there is such a key."""

    def __init__(self, keys: KeyStore, *, clock: Clock, tokens: Tokens | None = None) -> None:
        self._keys = keys
        self._clock = clock
        self._tokens = tokens

    def admit(self, authorization: str | None) -> Caller:
        """Who shows this value of the header Authorization.

        Unauthorized with the code missing_key, invalid_key, key_expired or key_revoked for nobody.
        """
        if authorization is None or not authorization.strip():
            raise refusal("missing_key")
        shown = _BEARER.fullmatch(authorization) if len(authorization) <= _LONGEST else None
        if shown is None:
            raise refusal("invalid_key")
        if shown[1].startswith(PREFIX) or self._tokens is None:
            return self._by_key(shown[1])
        return self._tokens.caller(shown[1])

    def _by_key(self, text: str) -> Caller:
        shown = ShownKey.parse(text)
        if shown is None:
            raise refusal("invalid_key")
        try:
            key = self._keys.get(shown.id)
        except UnreadableRow:  # the key may be valid: neither admit nor refuse it, as when the table does not answer
            raise Unavailable("This key cannot be checked now. The operator is alerted; try again later.") from None
        if not shown.opens(key) or key is None:
            raise refusal("invalid_key")
        state = key.state(self._clock())
        if state != "valid":
            raise refusal(f"key_{state}")
        return key.caller


class RememberingDoor:
    """A door that remembers for a minute whom it let in, as API Gateway does; who was refused is looked up again."""

    def __init__(
        self,
        door: Admission,
        *,
        seconds: float = REMEMBERED_SECONDS,
        most: int = 1_000,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._door = door
        self._seconds = seconds
        self._most = most
        self._now = now
        self._lock = Lock()
        self._known: dict[bytes, tuple[float, Caller]] = {}
        """By digests: nobody who reads this memory has the keys."""

    def admit(self, authorization: str | None) -> Caller:
        """Who shows this value of the header Authorization, now or a minute ago; see Door."""
        if not authorization:
            return self._door.admit(authorization)
        name = sha256(authorization.encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            until, caller = self._known.get(name, (0.0, None))
        if caller is not None and self._now() < until:
            return caller
        return self._remember(name, self._door.admit(authorization))

    def _remember(self, name: bytes, caller: Caller) -> Caller:
        with self._lock:
            self._known.pop(name, None)
            while len(self._known) >= self._most:
                self._known.pop(next(iter(self._known)))  # who came first
            self._known[name] = (self._now() + self._seconds, caller)
        return caller


def refusal(code: str) -> Unauthorized:
    """Why nobody was let in. The messages tell nothing of what was shown."""
    match code:
        case "missing_key":
            return Unauthorized("Send a key, in the header Authorization: Bearer hk_...", code="missing_key")
        case "key_expired":
            return Unauthorized("The key has expired. Ask the operator for a new one.", code="key_expired")
        case "key_revoked":
            return Unauthorized("The key was revoked. Ask the operator for a new one.", code="key_revoked")
        case _:
            return Unauthorized(
                "That is no valid key. Send one, once, and as it was given: Authorization: Bearer hk_...",
                code="invalid_key",
            )
