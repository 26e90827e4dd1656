"""API keys of the form hk_<id>_<secret>, and their management by the operator. Only a digest of a secret is stored.

AWS SDKs, which sign each request (Signature Version 4), send a key as the session token or as the access key id. Herald
cannot verify the signature, because it stores no secret in plain text.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, Protocol, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from herald.auth.caller import (
    ALL_SCOPES,
    IAM_PREFIX,
    TOKEN_PREFIX,
    Caller,
    Characters,
    Requests,
    Scope,
    Tenant,
    Tier,
    is_reserved,
)
from herald.clock import Clock
from herald.errors import InvalidRequest

ELEVENLABS_HEADER = "xi-api-key"
"""The header in which clients of ElevenLabs send their key."""
PREFIX = "hk_"
_MAX_CHARACTERS = 200
_SHAPE = re.compile(r"hk_([a-z2-7]{12})_([0-9a-f]{48})", re.ASCII)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_ID_LENGTH = 12
_SECRET_BYTES = 24
"""192 random bits cannot be guessed, so a fast hash is as secure as a slow one."""
_NO_DIGEST = "0" * 64
"""The digest to compare with if there is no key. No known secret has it."""

type KeyState = Literal["valid", "expired", "revoked"]
GRACE = timedelta(days=7)
"""The time for which a rotated key remains valid in addition to its replacement."""


class KeySettings(BaseModel):
    """The tenant, permissions and limits of a key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: Tenant
    name: str = ""
    """A label for people."""
    tier: Tier = "standard"
    scopes: frozenset[Scope] = ALL_SCOPES
    characters_a_day: Characters | None = None
    requests_a_second: Requests | None = None
    expires_at: AwareDatetime | None = None


class Key(KeySettings):
    """A key as it is stored."""

    # A newer version may have added fields.
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    digest: str
    """SHA-256 of the secret, in hexadecimal."""
    created_at: AwareDatetime
    revoked_at: AwareDatetime | None = None
    rotated_to: str | None = None
    """The id of the key that replaces this one."""

    @property
    def caller(self) -> Caller:
        """Return the caller that this key authenticates."""
        return Caller(
            tenant=self.tenant,
            key=self.id,
            tier=self.tier,
            scopes=self.scopes,
            characters_a_day=self.characters_a_day,
            requests_a_second=self.requests_a_second,
        )

    def state(self, now: datetime) -> KeyState:
        """Return whether the key is valid, expired or revoked at `now`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "valid"


@dataclass(frozen=True, kw_only=True)
class PlaintextKey:
    """A complete key, with its secret."""

    id: str
    secret: str

    @classmethod
    def new(cls) -> Self:
        """Return a new random key."""
        letters = (secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
        return cls(id="".join(letters), secret=secrets.token_hex(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Parse a key, or return None if it is malformed."""
        parts = _SHAPE.fullmatch(text) if len(text) <= _MAX_CHARACTERS else None
        return cls(id=parts[1], secret=parts[2]) if parts else None

    @property
    def digest(self) -> str:
        """Return the digest of the secret that is stored."""
        return sha256(self.secret.encode()).hexdigest()

    def matches(self, key: Key | None) -> bool:
        """Return whether this is the secret of `key`, in constant time, whether or not there is a key."""
        same = hmac.compare_digest(self.digest, key.digest if key else _NO_DIGEST)
        return same and key is not None

    def __str__(self) -> str:
        return f"{PREFIX}{self.id}_{self.secret}"

    def __repr__(self) -> str:
        return f"<key {self.id}>"


class KeyStore(Protocol):
    """Storage of API keys.

    All methods raise herald.errors.Unavailable if the service does not respond, and UnreadableRow for an unreadable
    key.
    """

    def get(self, key_id: str) -> Key | None:
        """Return the key of that id by a consistent read, or None."""
        ...

    def add(self, key: Key) -> None:
        """Store a new key."""
        ...

    def replace(self, old: Key, new: Key) -> bool:
        """Store a new key and the expiry of the old one atomically; return False if the old one is no longer active."""
        ...

    def revoke(self, key_id: str, at: datetime) -> Key | None:
        """Revoke a key and return it, or None if it does not exist. The time of an earlier revocation is kept."""
        ...

    def list(self, tenant: str | None = None) -> list[Key]:
        """Return all keys, or those of a tenant, ordered by tenant and age. Unreadable rows are skipped."""
        ...


@dataclass
class KeyRing:
    """The API keys of a deployment. The secret of a key is returned only once, when it is created."""

    keys: KeyStore
    _: KW_ONLY
    clock: Clock
    new: Callable[[], PlaintextKey] = PlaintextKey.new

    def create(self, settings: KeySettings) -> tuple[Key, PlaintextKey]:
        """Create a key; raise InvalidRequest if its expiry is in the past, or if the tenant name is reserved."""
        if is_reserved(settings.tenant):
            raise InvalidRequest(
                f"Tenant names that begin with {TOKEN_PREFIX} or {IAM_PREFIX} are reserved for tokens and AWS "
                "accounts. Choose another name.",
                param="tenant",
            )
        key, shown = self._build(settings)
        self.keys.add(key)
        return key, shown

    def rotate(
        self, key_id: str, *, grace: timedelta = GRACE, expires_at: datetime | None = None
    ) -> tuple[Key, Key, PlaintextKey]:
        """Create a replacement for a key, with the same settings, and let the old key expire after `grace` at most.

        By default, the new key gets the same lifetime as the old one. Return the old key, the new key and its secret.
        Raise InvalidRequest if the old key is no longer valid, or was replaced before.
        """
        old, now = _found(self.keys.get(key_id)), self.clock()
        state = old.state(now)
        if state != "valid":
            raise InvalidRequest(f"The key is {state}. Create a new one instead: herald keys create", code="key_ended")
        if old.rotated_to:
            raise InvalidRequest(
                f"The key was already replaced by {old.rotated_to}. Rotate that one instead.", code="key_ended"
            )
        same_lifetime = old.expires_at and _after(now, old.expires_at - old.created_at)
        settings = {name: getattr(old, name) for name in KeySettings.model_fields}
        new, shown = self._build(KeySettings(**settings | {"expires_at": expires_at or same_lifetime}))
        end = min(filter(None, (old.expires_at, _after(now, grace))))
        old = old.model_copy(update={"expires_at": end, "rotated_to": new.id})
        if not self.keys.replace(old, new):
            raise InvalidRequest(
                "The key was revoked or replaced concurrently. See: herald keys list", code="key_ended"
            )
        return old, new, shown

    def revoke(self, key_id: str) -> Key:
        """Revoke a key immediately. Idempotent. Raise InvalidRequest if the key does not exist."""
        return _found(self.keys.revoke(key_id, self.clock()))

    def list(self, tenant: str | None = None) -> list[Key]:
        """Return all keys, or those of a tenant, ordered by tenant and age."""
        return self.keys.list(tenant)

    def _build(self, settings: KeySettings) -> tuple[Key, PlaintextKey]:
        now, shown = self.clock(), self.new()
        if settings.expires_at is not None and settings.expires_at <= now:
            raise InvalidRequest("The expiry of the key is in the past. Choose a later time.")
        return Key(**dict(settings), id=shown.id, digest=shown.digest, created_at=now), shown


def _after(now: datetime, span: timedelta) -> datetime:
    """Return the time after a span, limited to the end of the calendar, because keys may expire in the year 9999."""
    return now + min(span, datetime.max.replace(tzinfo=UTC) - now)


def _found(key: Key | None) -> Key:
    if key is None:
        raise InvalidRequest("There is no key with that id. See: herald keys list", code="unknown_key")
    return key


TOKEN_HEADER = "x-amz-security-token"  # noqa: S105  the name of a header
"""The header with the session token."""
_POLLY = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=([^/,\s]+)/[0-9]{8}/[^/,\s]*/polly/aws4_request(?:[,\s]|$)", re.ASCII
)


def is_for_polly(headers: Mapping[str, str]) -> bool:
    """Return whether a request was signed by a client of Amazon Polly. `headers` have lower-case names."""
    return _POLLY.match(headers.get("authorization", "")) is not None


def bearer_of(authorization: str | None, session_token: str | None) -> str | None:
    """Return a value of the Authorization header in the form that an authenticator expects.

    A signature for Polly is replaced by the key: the access key id if it has the form of a key, else the session token.
    Other values are returned unchanged.
    """
    signed = _POLLY.match(authorization or "")
    if signed is None:
        return authorization
    key = signed[1] if signed[1].startswith(PREFIX) or not session_token else session_token
    return f"Bearer {key}"
