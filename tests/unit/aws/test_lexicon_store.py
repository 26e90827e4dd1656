"""The contract of LexiconStore, for AWS and the fake."""

import pytest

from herald.aws.lexicon_store import AwsLexiconStore
from herald.errors import BrokenInstallation, UnknownLexicon, UnreadableRow
from herald.jobs.lexicon_service import LexiconCard, LexiconIndex, LexiconService
from herald.speech.lexicons import Entry, Lexicon
from tests.support.job_fakes import MemoryLexicons
from tests.support.job_samples import NOON
from tests.support.unreliable_network import unreliable
from tests.unit.aws.conftest import BUCKET, KEYS

LEXICON = Lexicon((Entry("nginx", alias="engine x"), Entry("Siobhan", ipa="ʃɪˈvɔːn", exact=True)), "en-US")
REFERENCE = f"acme/{LEXICON.checksum}-0123456789abcdef"


@pytest.fixture
def unreadable():
    return []


@pytest.fixture
def aws_lexicons(aws, s3, dynamo_keys, unreadable):
    return AwsLexiconStore(aws, table=KEYS, bucket=BUCKET, unreadable=unreadable.append)


@pytest.fixture(params=["memory", "aws"])
def store(request):
    return MemoryLexicons() if request.param == "memory" else request.getfixturevalue("aws_lexicons")


def an_index(revision, *names):
    about = {"version": 1, "reference": REFERENCE, "language": None, "entries": 2, "default": True, "updated_at": NOON}
    return LexiconIndex(revision=revision, cards={name: LexiconCard(name=name, **about) for name in names})


def test_an_index_is_replaced_only_if_it_is_the_one_that_was_read(store):
    assert store.index("acme") == LexiconIndex()
    first, second = an_index(1, "a"), an_index(2, "a", "b")
    assert store.replace("acme", first, before=0)
    assert not store.replace("acme", second, before=0)
    assert store.index("acme") == first
    assert store.replace("acme", second, before=1)
    assert not store.replace("acme", first, before=1)
    assert store.index("acme") == second
    assert store.index("other") == LexiconIndex()


def test_a_content_is_returned_unchanged_until_it_expires(store):
    store.put(REFERENCE, LEXICON)
    assert store.get(REFERENCE) == LEXICON
    store.release(REFERENCE)
    assert store.get(REFERENCE) == LEXICON


def test_a_content_that_expired_is_unknown(store):
    with pytest.raises(UnknownLexicon):
        store.get(REFERENCE)


def test_the_release_of_a_content_that_expired_has_no_effect(aws_lexicons):
    aws_lexicons.release(REFERENCE)


@pytest.mark.parametrize(
    ("operation", "call"), [("GetObject", AwsLexiconStore.get), ("CopyObject", AwsLexiconStore.release)]
)
def test_a_refused_content_is_not_taken_for_an_expired_one(aws_lexicons, s3, fail, operation, call):
    aws_lexicons.put(REFERENCE, LEXICON)
    fail(s3, operation, "AccessDenied", 403)
    with pytest.raises(BrokenInstallation, match=f"S3: {operation} was rejected"):
        call(aws_lexicons, REFERENCE)


def test_a_released_content_has_the_tag_of_the_lifecycle_rule(aws_lexicons, s3):
    aws_lexicons.put(REFERENCE, LEXICON)
    key = f"lexicons/{REFERENCE}.json"
    assert s3.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"] == []
    aws_lexicons.release(REFERENCE)
    assert s3.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"] == [{"Key": "lexicon", "Value": "replaced"}]


def test_a_content_is_downloaded_once(aws_lexicons, s3):
    aws_lexicons.put(REFERENCE, LEXICON)
    aws_lexicons.get(REFERENCE)
    s3.delete_object(Bucket=BUCKET, Key=f"lexicons/{REFERENCE}.json")
    assert aws_lexicons.get(REFERENCE) == LEXICON


def test_an_index_is_stored_if_the_response_is_lost(aws_lexicons, monkeypatch):
    with unreliable(monkeypatch, "PutItem") as network:
        network.fates.append("lost")
        assert aws_lexicons.replace("acme", an_index(1, "a"), before=0)
        network.fates.append("lost")
        assert aws_lexicons.replace("acme", an_index(2, "a", "b"), before=1)


def test_a_damaged_index_is_reported(aws_lexicons, aws, unreadable):
    aws.dynamodb.put_item(TableName=KEYS, Item={"id": {"S": "lexicons#acme"}, "lexicons": {"S": "{"}})
    with pytest.raises(UnreadableRow):
        aws_lexicons.index("acme")
    assert len(unreadable) == 1


def test_lexicons_survive_another_process(aws_lexicons, aws):
    LexiconService(store=aws_lexicons, clock=lambda: NOON).put("acme", "brands", LEXICON, default=True)
    other = AwsLexiconStore(aws, table=KEYS, bucket=BUCKET)
    (chosen,) = LexiconService(store=other, clock=lambda: NOON).chosen("acme", None)
    assert chosen.lexicon == LEXICON
