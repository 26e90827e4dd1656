"""ETags: the same for what is the same, and never for a link that is about to end."""

from datetime import UTC, datetime, timedelta

import pytest

from herald.handlers.etags import etag_of, matches
from herald.jobs.states import State
from tests.unit.handlers.test_jobs import TEXT, bring

LINK_SECONDS = 900
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
JOB = {"id": "job_1", "state": "done", "audio_url": "https://a.invalid/1?signature=1", "metadata": {"audio_url": "a"}}


def tag(body=JOB, at=NOON, **changes):
    return etag_of(body | changes, now=at, link_seconds=LINK_SECONDS)


def test_a_tag_is_weak_and_quoted():
    assert tag().startswith('W/"')
    assert tag().endswith('"')
    assert len(tag()) == 36


def test_a_link_signed_anew_is_no_change():
    assert tag(audio_url="https://a.invalid/1?signature=2") == tag()


@pytest.mark.parametrize(
    "change", [{"state": "failed"}, {"audio_url": None}, {"metadata": {"audio_url": "b"}}, {"new": None}]
)
def test_everything_else_is_a_change(change):
    assert tag(**change) != tag()


def test_a_link_that_is_not_told_again_works_for_ten_minutes_more():
    tags = [tag(at=NOON + timedelta(seconds=second)) for second in range(LINK_SECONDS)]
    longest = max(tags.count(one) for one in tags)
    assert LINK_SECONDS - longest >= 600
    assert len(set(tags)) == 3


def test_what_has_no_link_stays_the_same():
    assert tag(audio_url=None, at=NOON + timedelta(days=30)) == tag(audio_url=None)


def test_a_list_is_as_its_things():
    def page(*jobs, cursor=None, at=NOON):
        return etag_of({"object": "list", "data": list(jobs), "next_cursor": cursor}, now=at, link_seconds=LINK_SECONDS)

    signed_anew = JOB | {"audio_url": "https://a.invalid/1?signature=2"}
    assert page(JOB) == page(signed_anew)
    assert len({page(), page(JOB), page(JOB, JOB), page(JOB | {"state": "failed"}), page(JOB, cursor="a")}) == 5
    assert page(JOB, at=NOON + timedelta(minutes=5)) != page(JOB)
    assert page(at=NOON + timedelta(minutes=5)) == page()


@pytest.mark.parametrize("wanted", ['W/"a"', '"a"', "*", " * ", '"b", W/"a"', 'W/"b",W/"a"', '"b" , "a"', '"b,c", "a"'])
def test_a_tag_is_found(wanted):
    assert matches(wanted, 'W/"a"')


@pytest.mark.parametrize("wanted", ["", "a", "W/a", '"A"', '"b"', 'W/"a', '"aa"', "**", "w/a", '"b, W/a"', '""'])
def test_another_tag_is_not_found(wanted):
    assert not matches(wanted, 'W/"a"')


@pytest.fixture
def read(http):
    """Read a path twice, the second time with the ETag of the first; `between` happens in between."""

    def read(path, between=bool, **headers):
        first = http("GET", path)
        assert first.status == 200
        between()
        return first, http("GET", path, headers={"If-None-Match": first.headers["ETag"]} | headers)

    return read


def check_unchanged(first, again):
    assert (again.status, again.body) == (304, "")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "private, no-cache"
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert "Content-Type" not in again.headers


def test_a_job_that_has_not_moved_is_a_304(http, read):
    path = f"/v1/jobs/{http('POST', '/v1/jobs', {'input': TEXT}).json['id']}"
    check_unchanged(*read(path))


@pytest.mark.parametrize("path", ["/v1/jobs/{}", "/v1/jobs"])
def test_a_job_that_has_moved_is_told(http, parts, read, path):
    job_id = http("POST", "/v1/jobs", {"input": TEXT}).json["id"]
    first, again = read(path.format(job_id), lambda: bring(parts, job_id, State.DONE))
    assert again.status == 200
    assert again.headers["ETag"] != first.headers["ETag"]
    assert '"done"' in again.body


@pytest.mark.parametrize("path", ["/v1/voices", "/v1/jobs", "/v1/batches"])
def test_lists_are_304_too(read, path):
    check_unchanged(*read(path))


def test_a_batch_that_has_not_moved_is_a_304(http, read):
    path = f"/v1/batches/{http('POST', '/v1/batches', {'name': 'Reminders'}).json['id']}"
    check_unchanged(*read(path))
    check_unchanged(*read(f"{path}/items"))


def test_a_page_and_the_next_one_have_tags_of_their_own(http):
    for number in range(2):
        http("POST", "/v1/jobs", {"input": f"{TEXT} {number}"})
    assert http("GET", "/v1/jobs?limit=1").headers["ETag"] != http("GET", "/v1/jobs").headers["ETag"]


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_only_reads_are_304(http, method):
    path = "/v1/jobs"
    if method == "DELETE":
        path += f"/{http('POST', '/v1/jobs', {'input': TEXT}).json['id']}"
    fields = {"input": TEXT} if method == "POST" else None
    answer = http(method, path, fields, headers={"If-None-Match": "*"})
    assert answer.status in {200, 202}
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_tag_tells_nothing_of_anothers_job(http):
    job_id = http("POST", "/v1/jobs", {"input": TEXT}, tenant="acme").json["id"]
    found = http("GET", f"/v1/jobs/{job_id}", tenant="acme").headers["ETag"]
    for wanted in (found, "*"):
        answer = http("GET", f"/v1/jobs/{job_id}", tenant="mallory", headers={"If-None-Match": wanted})
        assert answer.refusal == (404, "not_found")
        assert "ETag" not in answer.headers
