"""The contract of OwnVoiceStore's records and claims, for DynamoDB and the fake."""

import pytest

from herald.aws.own_voice_storage import AwsOwnVoiceStore
from herald.jobs.own_voice_records import Consent
from tests.support.job_samples import NOON
from tests.support.own_voice_fakes import MemoryOwnVoices
from tests.unit.aws.conftest import BUCKET, KEYS

CONSENT = Consent(
    id="cons_1",
    name="Ann",
    language="en-GB",
    created_at=NOON,
    created_by="acme",
    sha256="0" * 64,
    bytes=9,
    sentences=(),
)


@pytest.fixture(params=["memory", "aws"])
def store(request):
    if request.param == "memory":
        return MemoryOwnVoices()
    request.getfixturevalue("dynamo_keys")
    return AwsOwnVoiceStore(request.getfixturevalue("aws"), table=KEYS, bucket=BUCKET)


def test_a_recording_belongs_to_the_first_that_claims_it(store):
    assert not store.is_claimed("digest")
    assert store.claim("digest", "acme/cons_1")
    assert store.claim("digest", "acme/cons_1"), "the same request may be repeated"
    assert not store.claim("digest", "mallory/cons_1")
    assert store.claim("other digest", "mallory/cons_1")
    assert store.is_claimed("digest")


def test_the_record_of_what_was_deleted_is_not_replaced(store):
    deleted = CONSENT.model_copy(update={"deleted_at": NOON})
    assert store.consent_record("acme", CONSENT.id) is None
    store.put_record("acme", deleted)
    store.put_record("acme", deleted.model_copy(update={"name": "Mallory"}))
    assert store.consent_record("acme", CONSENT.id) == deleted
    assert store.consent_record("mallory", CONSENT.id) is None
