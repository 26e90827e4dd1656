"""Keys: what a tenant shows at the door, as hk_<id>_<secret>. Of the secret only its digest is kept."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, Protocol, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from herald.jobs.caller import ALL_SCOPES, Caller, Characters, Requests, Scope, Tenant
from herald.jobs.job import Tier

PREFIX = "hk_"
_LONGEST = 200
_SHAPE = re.compile(r"hk_([a-z2-7]{12})_([0-9a-f]{48})", re.ASCII)
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_ID_LETTERS = 12
_SECRET_BYTES = 24
"""192 random bits: no list of guesses reaches them, so a fast digest is as good as a slow one."""
_NOBODYS = "0" * 64
"""A digest that no secret has, as far as anybody knows."""

type Refusal = Literal["key_expired", "key_revoked"]
type KeyState = Literal["valid", "expired", "revoked"]


class KeySettings(BaseModel):
    """What a key is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: Tenant
    name: str = ""
    """For people."""
    tier: Tier = "standard"
    scopes: frozenset[Scope] = ALL_SCOPES
    characters_a_day: Characters | None = None
    requests_a_second: Requests | None = None
    expires_at: AwareDatetime | None = None


class Key(KeySettings):
    """A key as it is kept."""

    # A row of a later version may say more.
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    digest: str
    """SHA-256 of its secret."""
    created_at: AwareDatetime
    revoked_at: AwareDatetime | None = None
    rotated_to: str | None = None
    """The id of the key that takes its place."""

    @property
    def caller(self) -> Caller:
        """Whoever shows it."""
        return Caller(
            tenant=self.tenant,
            key=self.id,
            tier=self.tier,
            scopes=self.scopes,
            characters_a_day=self.characters_a_day,
            requests_a_second=self.requests_a_second,
        )

    def state(self, now: datetime) -> KeyState:
        """Whether it opens the door."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "valid"


@dataclass(frozen=True, kw_only=True)
class ShownKey:
    """A key as it is shown: whole."""

    id: str
    secret: str

    @classmethod
    def new(cls) -> Self:
        """One that nobody has."""
        letters = (secrets.choice(_LETTERS) for _ in range(_ID_LETTERS))
        return cls(id="".join(letters), secret=secrets.token_hex(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The parts of a key; None for what has another shape."""
        parts = _SHAPE.fullmatch(text) if len(text) <= _LONGEST else None
        return cls(id=parts[1], secret=parts[2]) if parts else None

    @property
    def digest(self) -> str:
        """What is kept of its secret."""
        return sha256(self.secret.encode()).hexdigest()

    def opens(self, key: Key | None) -> bool:
        """Whether it is that key, told in the same time for every other key and for none."""
        same = hmac.compare_digest(self.digest, key.digest if key else _NOBODYS)
        return same and key is not None

    def __str__(self) -> str:
        return f"{PREFIX}{self.id}_{self.secret}"

    def __repr__(self) -> str:
        return f"<key {self.id}>"


class KeyStore(Protocol):
    """Where keys are kept.

    Raises herald.errors.Unavailable where that does not answer now, and UnreadableRow for a key that cannot be read.
    """

    def get(self, key_id: str) -> Key | None:
        """The newest of that id (a consistent read)."""
        ...

    def add(self, key: Key) -> None:
        """Write a new key."""
        ...

    def replace(self, old: Key, new: Key) -> bool:
        """Write a new key, and when the old one expires, both or neither; False where it was ended meanwhile."""
        ...

    def revoke(self, key_id: str, at: datetime) -> Key | None:
        """Revoke a key; one that was revoked before stays as it is. None where there is none."""
        ...

    def list(self, tenant: str | None = None) -> list[Key]:
        """Return all keys, or a tenant's, by tenant and age, without rows that cannot be read."""
        ...
