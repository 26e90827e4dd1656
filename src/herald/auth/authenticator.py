"""Authentication of callers by API key, or by a JWT of the operator's issuer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import Protocol

from herald.auth.api_keys import ELEVENLABS_HEADER, PREFIX, TOKEN_HEADER, KeyStore, PlaintextKey, bearer_of
from herald.auth.caller import Caller
from herald.clock import Clock
from herald.errors import Unauthorized, Unavailable, UnreadableRow

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/=-]+) *", re.IGNORECASE | re.ASCII)
"""RFC 6750, section 2.1. The scheme is case-insensitive (RFC 9110, section 11.1). Commas are rejected, as they join
repeated headers."""
_MAX_CHARACTERS = 8_192
"""The longest header that is accepted, in characters. JWTs are long."""
REMEMBERED_SECONDS = 60.0


class Tokens(Protocol):
    """Verifies tokens that are not API keys."""

    def caller(self, token: str) -> Caller:
        """Return the caller of a token; raise Unauthorized with the code `invalid_key` or `key_expired`."""
        ...


class Admission(Protocol):
    """An authenticator, or a cache in front of one."""

    def admit(self, authorization: str | None) -> Caller:
        """Return the caller for a value of the Authorization header; raise Unauthorized if it is not valid."""
        ...


@dataclass
class Authenticator:
    """Authenticates API keys and JWTs.

    The codes key_expired and key_revoked are disclosed only after the secret is verified. Otherwise, a response does
    not reveal whether the key exists.
    """

    keys: KeyStore
    _: KW_ONLY
    clock: Clock
    tokens: Tokens | None = None

    def admit(self, authorization: str | None) -> Caller:
        """Return the caller for a value of the Authorization header.

        Raise Unauthorized with the code missing_key, invalid_key, key_expired or key_revoked, or Unavailable if the key
        cannot be checked.
        """
        if authorization is None or not authorization.strip():
            raise refusal("missing_key")
        match = _BEARER.fullmatch(authorization) if len(authorization) <= _MAX_CHARACTERS else None
        if match is None:
            raise refusal("invalid_key")
        if match[1].startswith(PREFIX) or self.tokens is None:
            return self._by_key(match[1])
        return self.tokens.caller(match[1])

    def _by_key(self, text: str) -> Caller:
        plaintext = PlaintextKey.parse(text)
        if plaintext is None:
            raise refusal("invalid_key")
        try:
            key = self.keys.get(plaintext.id)
        except UnreadableRow:  # the key may be valid, so neither accept nor reject it, as in an outage of the table
            raise Unavailable(
                "The key cannot be verified at the moment. The operator has been alerted. Try again later."
            ) from None
        if not plaintext.matches(key) or key is None:
            raise refusal("invalid_key")
        state = key.state(self.clock())
        if state != "valid":
            raise refusal(f"key_{state}")
        return key.caller


class CachingAuthenticator:
    """Caches successful authentications for a minute, as API Gateway does. Failures are not cached."""

    def __init__(
        self,
        authenticator: Admission,
        *,
        seconds: float = REMEMBERED_SECONDS,
        most: int = 1_000,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._authenticator = authenticator
        self._seconds = seconds
        self._most = most
        self._now = now
        self._lock = Lock()
        self._cache: dict[bytes, tuple[float, Caller]] = {}
        """Keyed by digest, so that a memory dump does not disclose API keys."""

    def admit(self, authorization: str | None) -> Caller:
        """Return the caller for a value of the Authorization header, from the cache if possible."""
        if not authorization:
            return self._authenticator.admit(authorization)
        digest = sha256(authorization.encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            until, caller = self._cache.get(digest, (0.0, None))
        if caller is not None and self._now() < until:
            return caller
        caller = self._authenticator.admit(authorization)
        with self._lock:
            self._cache.pop(digest, None)
            while len(self._cache) >= self._most:
                self._cache.pop(next(iter(self._cache)))  # the oldest entry
            self._cache[digest] = (self._now() + self._seconds, caller)
        return caller


def credentials_in(headers: Mapping[str, str]) -> str | None:
    """Return the credentials of a request as a value of the Authorization header, or None.

    `headers` have lower-case names. The values of a repeated header are joined by commas, so that two keys are refused.
    Clients of ElevenLabs and Polly send the key in other headers.
    """
    authorization = headers.get("authorization")
    if not authorization and (key := headers.get(ELEVENLABS_HEADER)):
        return f"Bearer {key}"
    return bearer_of(authorization, headers.get(TOKEN_HEADER))


def refusal(code: str) -> Unauthorized:
    """Return the error for a failed authentication. The message never repeats the credentials."""
    match code:
        case "missing_key":
            return Unauthorized(
                "The request has no API key. Send one in the header Authorization: Bearer hk_...", code="missing_key"
            )
        case "key_expired":
            return Unauthorized("The key has expired. Ask the operator for a new one.", code="key_expired")
        case "key_revoked":
            return Unauthorized("The key was revoked. Ask the operator for a new one.", code="key_revoked")
        case _:
            return Unauthorized(
                "The API key is not valid. Send one key, exactly as issued, in the header Authorization: Bearer hk_...",
                code="invalid_key",
            )
