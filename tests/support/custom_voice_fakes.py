"""Tenants' custom voices in memory."""

from herald.jobs.custom_voice_records import CustomVoiceStore, TenantVoices


class MemoryCustomVoices(CustomVoiceStore):
    """Custom voices in memory. Functions in `meanwhile` run before a write of a document, one for each."""

    def __init__(self):
        self.tenants = {}
        self.records = {}
        self.owners = {}
        self.recordings = {}
        self.erased = []
        self.states = set()
        self.meanwhile = []

    def voices(self, tenant):
        return self.tenants.get(tenant, TenantVoices())

    def replace(self, tenant, voices, *, before):
        if self.meanwhile:
            self.meanwhile.pop(0)()
        if self.voices(tenant).revision != before:
            return False
        self.tenants[tenant] = voices
        return True

    def put_record(self, tenant, deleted):
        self.records.setdefault((tenant, deleted.id), deleted)

    def voice_record(self, tenant, voice_id):
        return self.records.get((tenant, voice_id))

    def consent_record(self, tenant, consent_id):
        return self.records.get((tenant, consent_id))

    def claim(self, digest, owner):
        return self.owners.setdefault(digest, owner) == owner

    def is_claimed(self, digest):
        return digest in self.owners

    def put_recording(self, tenant, owner, data):
        self.recordings[tenant, owner] = data

    def erase(self, tenant, owner):
        self.recordings.pop((tenant, owner), None)
        self.states.discard(owner)
        self.erased.append(owner)

    def erase_state(self, voice_id):
        self.states.discard(voice_id)

    def recording_address(self, tenant, owner):
        return f"s3://audio/recordings/{tenant}/{owner}"

    def state_address(self, voice_id):
        return f"s3://audio/voice-states/{voice_id}"
