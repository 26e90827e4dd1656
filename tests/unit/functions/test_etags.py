"""ETags: equal for equal content, and never valid longer than the links of a response."""

from datetime import UTC, datetime, timedelta

import pytest

from herald.jobs.job import State
from herald.web.http_rules import etag_matches, etag_of
from tests.unit.functions.test_jobs import TEXT, bring

LINK_SECONDS = 900
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
JOB = {"id": "job_1", "state": "done", "audio_url": "https://a.invalid/1?signature=1", "metadata": {"audio_url": "a"}}


def tag(body=JOB, at=NOON, **changes):
    return etag_of(body | changes, now=at, link_seconds=LINK_SECONDS)


def test_tag_is_weak_and_quoted():
    assert tag().startswith('W/"')
    assert tag().endswith('"')
    assert len(tag()) == 36


def test_newly_signed_link_does_not_change_the_tag():
    assert tag(audio_url="https://a.invalid/1?signature=2") == tag()


@pytest.mark.parametrize(
    "change", [{"state": "failed"}, {"audio_url": None}, {"metadata": {"audio_url": "b"}}, {"new": None}]
)
def test_any_other_change_changes_the_tag(change):
    assert tag(**change) != tag()


def test_links_work_for_ten_minutes_after_a_304():
    tags = [tag(at=NOON + timedelta(seconds=second)) for second in range(LINK_SECONDS)]
    longest = max(tags.count(one) for one in tags)
    assert LINK_SECONDS - longest >= 600
    assert len(set(tags)) == 3


def test_tag_without_links_does_not_change_over_time():
    assert tag(audio_url=None, at=NOON + timedelta(days=30)) == tag(audio_url=None)


def test_tag_of_a_list_depends_on_its_items():
    def page(*jobs, cursor=None, at=NOON):
        return etag_of({"object": "list", "data": list(jobs), "next_cursor": cursor}, now=at, link_seconds=LINK_SECONDS)

    newly_signed = JOB | {"audio_url": "https://a.invalid/1?signature=2"}
    assert page(JOB) == page(newly_signed)
    assert len({page(), page(JOB), page(JOB, JOB), page(JOB | {"state": "failed"}), page(JOB, cursor="a")}) == 5
    assert page(JOB, at=NOON + timedelta(minutes=5)) != page(JOB)
    assert page(at=NOON + timedelta(minutes=5)) == page()


@pytest.mark.parametrize("wanted", ['W/"a"', '"a"', "*", " * ", '"b", W/"a"', 'W/"b",W/"a"', '"b" , "a"', '"b,c", "a"'])
def test_matching_tag(wanted):
    assert etag_matches(wanted, 'W/"a"')


@pytest.mark.parametrize("wanted", ["", "a", "W/a", '"A"', '"b"', 'W/"a', '"aa"', "**", "w/a", '"b, W/a"', '""'])
def test_tag_that_does_not_match(wanted):
    assert not etag_matches(wanted, 'W/"a"')


@pytest.fixture
def read(http):
    """Return a function that reads a path, calls `between`, and reads the path again with the first ETag."""

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


def test_unchanged_job_is_a_304(http, read):
    path = f"/v1/jobs/{http('POST', '/v1/jobs', {'input': TEXT}).json['id']}"
    check_unchanged(*read(path))


@pytest.mark.parametrize("path", ["/v1/jobs/{}", "/v1/jobs"])
def test_changed_job_is_returned(http, parts, read, path):
    job_id = http("POST", "/v1/jobs", {"input": TEXT}).json["id"]
    first, again = read(path.format(job_id), lambda: bring(parts, job_id, State.DONE))
    assert again.status == 200
    assert again.headers["ETag"] != first.headers["ETag"]
    assert '"done"' in again.body


@pytest.mark.parametrize("path", ["/v1/voices", "/v1/jobs", "/v1/batches"])
def test_unchanged_list_is_a_304(read, path):
    check_unchanged(*read(path))


def test_unchanged_batch_is_a_304(http, read):
    path = f"/v1/batches/{http('POST', '/v1/batches', {'name': 'Reminders'}).json['id']}"
    check_unchanged(*read(path))
    check_unchanged(*read(f"{path}/items"))


def test_pages_have_different_tags(http):
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


def test_tag_reveals_nothing_about_another_tenants_job(http):
    job_id = http("POST", "/v1/jobs", {"input": TEXT}, tenant="acme").json["id"]
    found = http("GET", f"/v1/jobs/{job_id}", tenant="acme").headers["ETag"]
    for wanted in (found, "*"):
        answer = http("GET", f"/v1/jobs/{job_id}", tenant="mallory", headers={"If-None-Match": wanted})
        assert answer.refusal == (404, "not_found")
        assert "ETag" not in answer.headers
