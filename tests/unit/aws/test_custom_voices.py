"""The contract of CustomVoiceStore's records and claims, for DynamoDB and the fake."""

from types import SimpleNamespace

import pytest

from herald.aws.custom_voice_storage import AwsCustomVoiceStore
from herald.errors import Unavailable
from herald.jobs.custom_voice_records import Consent
from tests.support.custom_voice_fakes import MemoryCustomVoices
from tests.support.job_samples import NOON
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
        return MemoryCustomVoices()
    request.getfixturevalue("dynamo_keys")
    return AwsCustomVoiceStore(request.getfixturevalue("aws"), table=KEYS, bucket=BUCKET)


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


def test_a_file_that_s3_does_not_delete_is_an_error(request):
    """S3 responds with 200 and a list of errors; the record must not say that the voice is gone."""
    request.getfixturevalue("dynamo_keys")
    aws = request.getfixturevalue("aws")
    store = AwsCustomVoiceStore(aws, table=KEYS, bucket=BUCKET)
    errors = {"Errors": [{"Key": "kept/acme/voice_1.mp3", "Code": "InternalError", "Message": "Try again."}]}
    aws.s3.meta.events.register("before-call.s3.DeleteObjects", lambda **_: (SimpleNamespace(status_code=200), errors))
    with pytest.raises(Unavailable, match="S3 did not delete 1 files: InternalError"):
        store._delete(["kept/acme/voice_1.mp3"])
