"""Management of API keys by the operator: create, rotate, revoke, list."""

from collections.abc import Callable
from datetime import datetime, timedelta

from herald.auth.api_keys import Key, KeySettings, KeyStore, PlaintextKey
from herald.auth.caller import IAM_PREFIX, TOKEN_PREFIX, is_reserved
from herald.clock import Clock
from herald.errors import InvalidRequest

GRACE = timedelta(days=7)
"""How long a rotated key remains valid beside its replacement."""


class KeyRing:
    """The API keys of a deployment. The secret of a key is returned only once, when it is created."""

    def __init__(self, keys: KeyStore, *, clock: Clock, new: Callable[[], PlaintextKey] = PlaintextKey.new) -> None:
        self._keys = keys
        self._clock = clock
        self._new = new

    def create(self, settings: KeySettings) -> tuple[Key, PlaintextKey]:
        """Create a key; raise InvalidRequest if it would already have expired, or if the tenant name is reserved."""
        if is_reserved(settings.tenant):
            raise InvalidRequest(
                f"Tenant names that begin with {TOKEN_PREFIX} or {IAM_PREFIX} are reserved for tokens and AWS "
                "accounts. Choose another name.",
                param="tenant",
            )
        key, shown = self._build(settings)
        self._keys.add(key)
        return key, shown

    def rotate(
        self, key_id: str, *, grace: timedelta = GRACE, expires_at: datetime | None = None
    ) -> tuple[Key, Key, PlaintextKey]:
        """Create a replacement for a key, with the same settings, and let the old key expire after `grace` at most.

        By default, the new key gets the same lifetime as the old one. Return the old key, the new key and its secret.
        Raise InvalidRequest if the old key is not valid any more, or was replaced before.
        """
        old, now = self._get_valid(key_id), self._clock()
        same_lifetime = old.expires_at and now + (old.expires_at - old.created_at)
        wanted = {name: getattr(old, name) for name in KeySettings.model_fields}
        new, shown = self._build(KeySettings(**wanted | {"expires_at": expires_at or same_lifetime}))
        ends = min(filter(None, (old.expires_at, now + grace)))
        old = old.model_copy(update={"expires_at": ends, "rotated_to": new.id})
        if not self._keys.replace(old, new):
            raise InvalidRequest(
                "The key was revoked or replaced concurrently. See: herald keys list", code="key_ended"
            )
        return old, new, shown

    def revoke(self, key_id: str) -> Key:
        """Revoke a key immediately. Idempotent. Raise InvalidRequest if there is no such key."""
        return _found(self._keys.revoke(key_id, self._clock()))

    def list(self, tenant: str | None = None) -> list[Key]:
        """Return all keys, or those of a tenant, ordered by tenant and age."""
        return self._keys.list(tenant)

    def _build(self, settings: KeySettings) -> tuple[Key, PlaintextKey]:
        now, shown = self._clock(), self._new()
        if settings.expires_at is not None and settings.expires_at <= now:
            raise InvalidRequest("The expiry of the key is in the past. Choose a later time.")
        return Key(**dict(settings), id=shown.id, digest=shown.digest, created_at=now), shown

    def _get_valid(self, key_id: str) -> Key:
        key = _found(self._keys.get(key_id))
        state = key.state(self._clock())
        if state != "valid":
            raise InvalidRequest(f"The key is {state}. Create a new one instead: herald keys create", code="key_ended")
        if key.rotated_to:
            raise InvalidRequest(
                f"The key was already replaced by {key.rotated_to}. Rotate that one instead.", code="key_ended"
            )
        return key


def _found(key: Key | None) -> Key:
    if key is None:
        raise InvalidRequest("There is no key with that id. See: herald keys list", code="unknown_key")
    return key
