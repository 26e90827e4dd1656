"""What the operator does with keys: makes them, replaces them, ends them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from herald.errors import InvalidRequest
from herald.jobs.caller import IAM_PREFIX, TOKEN_PREFIX, is_reserved
from herald.jobs.keys import Key, KeySettings, KeyStore, ShownKey
from herald.jobs.ports import Clock

GRACE = timedelta(days=7)
"""How long a key that was replaced is valid beside the new one."""


class KeyRing:
    """All keys of a deployment. The whole of a key is given once, to whoever makes it."""

    def __init__(self, keys: KeyStore, *, clock: Clock, new: Callable[[], ShownKey] = ShownKey.new) -> None:
        self._keys = keys
        self._clock = clock
        self._new = new

    def create(self, settings: KeySettings) -> tuple[Key, ShownKey]:
        """Make a key; InvalidRequest for one that would have expired already, or if its tenant's name is reserved."""
        if is_reserved(settings.tenant):
            raise InvalidRequest(
                f"Tenants that begin with {TOKEN_PREFIX} or {IAM_PREFIX} are those of tokens and AWS accounts. "
                "Choose another name.",
                param="tenant",
            )
        key, shown = self._made(settings)
        self._keys.add(key)
        return key, shown

    def rotate(
        self, key_id: str, *, grace: timedelta = GRACE, expires_at: datetime | None = None
    ) -> tuple[Key, Key, ShownKey]:
        """Make a key that takes another's place, with its settings, and let that one live for `grace` at most.

        Left out, `expires_at` gives the new one the life that the old one had. Return old and new; InvalidRequest where
        the old one has ended, or was replaced before.
        """
        old, now = self._valid(key_id), self._clock()
        lasted = old.expires_at and now + (old.expires_at - old.created_at)
        wanted = {name: getattr(old, name) for name in KeySettings.model_fields}
        new, shown = self._made(KeySettings(**wanted | {"expires_at": expires_at or lasted}))
        ends = min(filter(None, (old.expires_at, now + grace)))
        old = old.model_copy(update={"expires_at": ends, "rotated_to": new.id})
        if not self._keys.replace(old, new):
            raise InvalidRequest(
                "Somebody else ended or replaced the key meanwhile. Look at it again.", code="key_ended"
            )
        return old, new, shown

    def revoke(self, key_id: str) -> Key:
        """End a key at once; twice is the same as once. InvalidRequest where there is none."""
        return _there(self._keys.revoke(key_id, self._clock()))

    def list(self, tenant: str | None = None) -> list[Key]:
        """All keys, or a tenant's, by tenant and age."""
        return self._keys.list(tenant)

    def _made(self, settings: KeySettings) -> tuple[Key, ShownKey]:
        now, shown = self._clock(), self._new()
        if settings.expires_at is not None and settings.expires_at <= now:
            raise InvalidRequest("A key that expires in the past opens nothing. Choose a later time.")
        return Key(**dict(settings), id=shown.id, digest=shown.digest, created_at=now), shown

    def _valid(self, key_id: str) -> Key:
        key = _there(self._keys.get(key_id))
        state = key.state(self._clock())
        if state != "valid":
            raise InvalidRequest(f"The key is {state}. Make a new one instead: herald keys create", code="key_ended")
        if key.rotated_to:
            raise InvalidRequest(f"The key was replaced already, by {key.rotated_to}.", code="key_ended")
        return key


def _there(key: Key | None) -> Key:
    if key is None:
        raise InvalidRequest("There is no key of that id. See: herald keys list", code="unknown_key")
    return key
