"""The store of tenants' own voices, as the services need it."""

from collections.abc import Callable
from typing import Protocol

from herald.errors import Unavailable, UnknownEnrolment
from herald.jobs.own_voice_records import Consent, OwnVoice, TenantVoices

_ATTEMPTS = 5


class OwnVoiceStore(Protocol):
    """Stores one document for each tenant, records of what was deleted, digests, and recordings."""

    def voices(self, tenant: str) -> TenantVoices:
        """Return what is current of a tenant; empty if it has nothing."""
        ...

    def replace(self, tenant: str, voices: TenantVoices, *, before: int) -> bool:
        """Store the document if the current revision is `before`; return whether it is."""
        ...

    def put_record(self, tenant: str, deleted: Consent | OwnVoice) -> None:
        """Store the record of what was deleted, unless there is one. Records never change."""
        ...

    def voice_record(self, tenant: str, voice_id: str) -> OwnVoice | None:
        """Return the record of a deleted voice."""
        ...

    def consent_record(self, tenant: str, consent_id: str) -> Consent | None:
        """Return the record of a deleted consent."""
        ...

    def claim(self, digest: str, owner: str) -> bool:
        """Record the digest of an accepted recording for good; return False if it belongs to another owner."""
        ...

    def is_claimed(self, digest: str) -> bool:
        """Return whether a recording was accepted before."""
        ...

    def put_recording(self, tenant: str, owner: str, data: bytes) -> None:
        """Store the recording of a consent or voice."""
        ...

    def erase(self, tenant: str, owner: str) -> None:
        """Delete the recording of a consent or voice, and the state and all files of a voice."""
        ...

    def recording_address(self, tenant: str, owner: str) -> str:
        """Return the address of a recording, s3://bucket/key."""
        ...

    def state_address(self, voice_id: str) -> str:
        """Return the address for the data of a voice, s3://bucket/key."""
        ...


def change_voices(
    store: OwnVoiceStore, tenant: str, change: Callable[[TenantVoices], TenantVoices]
) -> tuple[TenantVoices, TenantVoices]:
    """Apply a change to what is current of a tenant; return it before and after. `change` may be called repeatedly."""
    for _ in range(_ATTEMPTS):
        before = store.voices(tenant)
        changed = change(before)
        if changed == before:
            return before, before
        after = changed.model_copy(update={"revision": before.revision + 1})
        if store.replace(tenant, after, before=before.revision):
            return before, after
    raise Unavailable("Several requests are changing the voices of this tenant. Try again.")


def disable(store: OwnVoiceStore, tenant: str, voice_id: str | None, *, disabled: bool) -> None:
    """Stop or resume a voice, or all voices of a tenant; raise UnknownEnrolment if it has no voice with that id."""

    def change(before: TenantVoices) -> TenantVoices:
        if voice_id is None:
            return before.model_copy(update={"disabled": disabled})
        if voice_id not in before.voices:
            raise UnknownEnrolment(f"The tenant {tenant} has no voice with that id.")
        voice = before.voices[voice_id].model_copy(update={"disabled": disabled})
        return before.model_copy(update={"voices": before.voices | {voice_id: voice}})

    change_voices(store, tenant, change)
