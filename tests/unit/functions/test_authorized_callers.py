"""Authorized callers are limited by the scopes, rate limit and quota of their keys."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from herald.auth.caller import Caller, Scope
from herald.auth.quotas import Quotas
from herald.clock import utc_now
from herald.functions import speech
from herald.jobs.job import new_id
from herald.web.routes import PUBLIC, ROUTES
from tests.support.http_events import ANYBODY

TEXT = "Guten Tag."
NEEDS = {
    "/v1/audio/": Scope.SPEECH,
    "/v1/lexicons": Scope.SPEECH,
    "/v1/jobs": Scope.JOBS,
    "/v1/batches": Scope.BATCHES,
}
PATHS = [
    (method, path.replace("{id}", new_id(utc_now())))
    for path, methods in ROUTES.items()
    for method in methods
    if path not in PUBLIC
]
NOWHERE = [("GET", "/v1/nowhere"), ("PUT", "/v1/voices")]
POOR = {"characters_a_day": "25", "requests_a_second": ""}


@pytest.fixture
def used(parts):
    """Return a function that returns today's characters and requests of ANYBODY's tenant."""

    def used():
        (day,) = parts.quotas.used(ANYBODY.tenant, 1).values()
        return day.characters, day.requests

    return used


@pytest.fixture
def clock(monkeypatch):
    """The functions' current time, as a list of one item that a test may replace."""
    now = [datetime(2026, 11, 22, 12, tzinfo=UTC)]
    monkeypatch.setattr("herald.runtime.container.Dependencies.clock", staticmethod(lambda: now[0]))
    return now


@pytest.mark.parametrize(("method", "path"), PATHS, ids=" ".join)
@pytest.mark.parametrize("context", [{}, {"principalId": "acme"}, {"tenant": ""}], ids=["nothing", "another", "empty"])
def test_request_without_a_tenant_in_its_context_is_unauthorized(http, cloud, context, method, path):
    answer = http(method, path, context=context)
    assert answer.refusal == (401, "missing_key")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert cloud.rows() == []


@pytest.mark.parametrize("code", ["missing_key", "invalid_key", "key_expired", "key_revoked"])
@pytest.mark.parametrize(("method", "path"), [*PATHS, *NOWHERE], ids=" ".join)
def test_request_without_a_valid_key_gets_the_code_on_every_path(http, code, method, path):
    answer = http(method, path, context={"refused": code})
    assert answer.refusal == (401, code)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_invalid_context_is_an_error_of_the_operator(http):
    assert http("GET", "/v1/jobs", tier="king").refusal == (500, "invalid_settings")


def test_health_needs_no_key(http):
    assert http("GET", "/health", context={}).json["status"] == "ok"


@pytest.mark.parametrize(("method", "path"), PATHS, ids=" ".join)
def test_key_is_limited_to_its_scopes(http, cloud, method, path):
    wanted = next((scope for start, scope in NEEDS.items() if path.startswith(start)), None)
    others = " ".join(scope for scope in Scope if scope != wanted)
    answer = http(method, path, {} if method in {"POST", "PUT"} else None, scopes=others)
    if wanted is None:
        assert answer.status == 200
    else:
        assert answer.refusal == (403, "scope_missing")
        assert http(method, path, None, scopes=str(wanted)).status != 403
    assert cloud.rows() == []


def test_authorization_precedes_parsing_of_the_body(http):
    assert http("POST", "/v1/jobs", {"input": 5}, scopes="speech").refusal == (403, "scope_missing")
    assert http("POST", "/v1/jobs", {"input": 5}, context={}).refusal == (401, "missing_key")


def submit(http, text=TEXT, **changes):
    headers = changes.pop("headers", None)
    fields = {name: changes.pop(name) for name in ("priority",) if name in changes}
    return http("POST", "/v1/jobs", {"input": text} | fields, headers=headers, **changes)


@pytest.mark.parametrize(("tier", "asked", "queue"), [("vip", {}, "vip"), ("vip", {"priority": "standard"}, "standard"),
                                                      ("standard", {}, "standard")])  # fmt: skip
def test_job_has_the_tier_of_its_key(http, cloud, tier, asked, queue):
    assert submit(http, tier=tier, **asked).json["priority"] == queue
    assert len(cloud.messages(queue)) == 1


def test_standard_key_cannot_create_a_vip_job(http, cloud, used):
    answer = submit(http, tier="standard", priority="vip")
    assert answer.refusal == (403, "priority_not_allowed")
    assert answer.error["param"] == "priority"
    assert (cloud.rows(), used()) == ([], (0, 0))


def test_standard_key_cannot_create_a_vip_batch(http, cloud):
    fields = {"name": "b", "items": [{"text": "a"}], "priority": "vip"}
    assert http("POST", "/v1/batches", fields, tier="standard").refusal == (403, "priority_not_allowed")
    assert cloud.rows() == []


def test_speech_and_accepted_jobs_are_counted(http, used):
    assert http("POST", "/v1/audio/speech", {"input": TEXT}).status == 200
    assert submit(http).status == 202
    assert http("POST", "/v1/audio/speech", {"input": TEXT}, headers={"Prefer": "respond-async"}).status == 202
    assert used() == (30, 3)


def test_characters_of_a_dialogue_are_counted(http, used):
    assert http("POST", "/v1/jobs", {"dialogue": [{"input": "Eins."}, {"input": "Zwei."}]}).status == 202
    assert used() == (10, 1)


def test_refused_requests_are_not_counted(http, used):
    for fields in (
        {"input": ""},
        {"input": TEXT, "voice": "no-such-voice"},
        {"input": "." * 10},
        {"input": TEXT, "speed": 9},
    ):
        for path in ("/v1/jobs", "/v1/audio/speech"):
            assert http("POST", path, fields).status == 400
    assert used() == (0, 0)


def test_failed_synthesis_is_refunded(http, used, monkeypatch):
    def explode(*_, **__):
        raise RuntimeError

    monkeypatch.setattr("herald.speech.engine.FileEncoder", explode)
    assert http("POST", "/v1/audio/speech", {"input": TEXT}).status == 500
    assert used() == (0, 0)


def test_repeated_idempotency_key_is_counted_once(http, used):
    headers = {"Idempotency-Key": "7c9e6679"}
    ids = {submit(http, headers=headers).json["id"] for _ in range(5)}
    assert len(ids) == 1
    assert used() == (10, 1)
    assert submit(http, "Anders.", headers=headers).refusal == (409, "idempotency_key_reused")
    assert used() == (10, 1)


def test_retried_job_is_counted_once(http, parts, used):
    from herald.jobs.job import JobError, State  # noqa: PLC0415

    job = submit(http).json["id"]
    for state in (State.QUEUED, State.SPEAKING):
        parts.table.move(job, state, at=parts.clock())
    parts.completion.fail(parts.table.get(job), JobError(code="x", message="x"))
    assert http("POST", f"/v1/jobs/{job}/retry").status == 202
    assert used() == (10, 1)


def test_quota_resets_at_midnight(http, clock, cloud):
    assert [submit(http, **POOR).status for _ in range(3)] == [202, 202, 429]
    answer = http("POST", "/v1/audio/speech", {"input": TEXT}, **POOR)
    assert answer.refusal == (429, "quota_exceeded")
    assert answer.headers["Retry-After"] == str(12 * 3_600)
    assert len(cloud.rows()) == 2
    clock[0] = datetime(2026, 11, 23, tzinfo=UTC)
    assert submit(http, **POOR).status == 202


def test_concurrent_requests_do_not_exceed_the_quota(cloud, parts):
    """Threads stand for environments of the function, which share only the table."""
    caller = Caller(tenant="acme", key="aaaaaaaaaaaa", characters_a_day=25)
    quotas: Quotas = parts.quotas

    def spend(_):
        try:
            with quotas.spending(caller, 10):
                return True
        except Exception:  # noqa: BLE001
            return False

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(spend, range(20))) == 2


def test_rate_limit(http, clock):
    rate = {"requests_a_second": "2"}
    answers = [http("GET", "/v1/voices", **rate) for _ in range(3)]
    assert [one.status for one in answers] == [200, 200, 429]
    assert answers[2].refusal == (429, "rate_limited")
    assert answers[2].headers["Retry-After"] == "1"
    assert http("POST", "/v1/jobs", {"input": 5}, **rate).refusal == (429, "rate_limited")
    assert http("GET", "/v1/voices", key="another", **rate).status == 200
    clock[0] = clock[0].replace(second=1)
    assert http("GET", "/v1/voices", **rate).status == 200


def test_caller_without_a_rate_limit_needs_no_table(http, cloud):
    cloud.silence("dynamodb")
    assert http("GET", "/v1/voices").status == 200
    assert http("GET", "/v1/voices", requests_a_second="5").refusal == (503, "unavailable")


def test_usage(http, clock):
    submit(http, **POOR)
    clock[0] = datetime(2026, 11, 23, 1, tzinfo=UTC)
    spoken = http("POST", "/v1/audio/speech", {"input": TEXT}, **POOR)
    submit(http, "Noch was.", key="anotherskey2")
    # The header gives three significant digits.
    price = pytest.approx(float(spoken.headers["X-Herald-Price"]), rel=1e-2)
    assert http("GET", "/v1/usage?days=3", **POOR).json == {
        "object": "usage",
        "tenant": "default",
        "tier": "vip",
        "scopes": ["speech", "jobs", "batches"],
        "limits": {"characters_a_day": 25, "requests_a_second": None},
        "today": {"characters": 10, "characters_left": 15},
        "data": [
            {"day": "2026-11-23", "characters": 19, "requests": 2, "spend": price},
            {"day": "2026-11-22", "characters": 10, "requests": 1, "spend": 0.0},
            {"day": "2026-11-21", "characters": 0, "requests": 0, "spend": 0.0},
        ],
    }


def test_usage_of_a_token_is_separate_from_keys(http, clock):
    """The tenant's tokens share one quota, separate from its keys; `data` covers the whole tenant."""
    token = Caller(tenant="default", characters_a_day=25).context()
    submit(http)
    submit(http, context=token)
    usage = http("GET", "/v1/usage", context=token).json
    assert usage["today"] == {"characters": 10, "characters_left": 15}
    assert (usage["data"][0]["characters"], len(usage["data"])) == (20, 30)


@pytest.fixture
def tiny_answers(http, monkeypatch):
    monkeypatch.setenv("HERALD_MAX_ANSWER_BYTES", "10")
    vars(speech.handler).pop("function", None)


@pytest.mark.usefixtures("tiny_answers")
def test_synthesis_is_charged_even_if_the_audio_is_too_large(http, used, monkeypatch):
    """Otherwise a small quota would allow any amount of processor time."""
    monkeypatch.setattr(
        "herald.speech.limits.Limits.check_estimate", lambda *_: None
    )  # like an estimate that is too low
    assert http("POST", "/v1/audio/speech", {"input": TEXT}).refusal == (413, "audio_too_large")
    assert used() == (10, 1)


@pytest.mark.usefixtures("tiny_answers")
def test_refusal_by_an_estimate_is_not_charged(http, used):
    answer = http("POST", "/v1/audio/speech", {"input": TEXT})
    assert answer.refusal == (413, "audio_too_large")
    assert "/v1/jobs" in answer.json["error"]["message"]
    assert used() == (0, 0)


def test_usage_is_isolated_by_tenant(http):
    submit(http, tenant="acme")
    used = http("GET", "/v1/usage?days=1", tenant="mallory").json
    assert (used["tenant"], used["today"]["characters"], used["data"][0]["characters"]) == ("mallory", 0, 0)


@pytest.mark.parametrize("query", ["days=0", "days=91", "days=x", "days=", "tenant=acme", "days=1&days=2", "days=1.5"])
def test_invalid_query_is_refused(http, query):
    assert http("GET", f"/v1/usage?{query}").status == 400


def test_batch_stores_the_key_that_is_charged(http, cloud):
    fields = {"name": "b", "items": [{"text": "a"}]}
    assert http("POST", "/v1/batches", fields, characters_a_day="25").status == 202
    (row,) = cloud.rows()
    document = json.loads(row["document"]["S"])
    assert (document["key"], document["characters_a_day"], document["order"]["priority"]) == (ANYBODY.key, 25, "vip")
