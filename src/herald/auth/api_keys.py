"""API keys of the form hk_<id>_<secret>. Only a digest of the secret is stored."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, Protocol, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from herald.auth.caller import ALL_SCOPES, Caller, Characters, Requests, Scope, Tenant, Tier

PREFIX = "hk_"
_MAX_CHARACTERS = 200
_SHAPE = re.compile(r"hk_([a-z2-7]{12})_([0-9a-f]{48})", re.ASCII)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_ID_LENGTH = 12
_SECRET_BYTES = 24
"""192 random bits cannot be guessed, so a fast hash is as secure as a slow one."""
_NO_DIGEST = "0" * 64
"""The digest to compare with if there is no key. No known secret has it."""

type Refusal = Literal["key_expired", "key_revoked"]
type KeyState = Literal["valid", "expired", "revoked"]


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

    def opens(self, key: Key | None) -> bool:
        """Return whether this is the secret of `key`, in constant time, even if there is no key."""
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
        """Store the new key and the expiry of the old one atomically; return False if the old key ended meanwhile."""
        ...

    def revoke(self, key_id: str, at: datetime) -> Key | None:
        """Revoke a key and return it, or None if there is no such key. The time of an earlier revocation stays."""
        ...

    def list(self, tenant: str | None = None) -> list[Key]:
        """Return all keys, or those of a tenant, ordered by tenant and age. Unreadable rows are skipped."""
        ...
