"""Keys over HTTP: authentication, scopes, quotas and privacy."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from herald.auth.api_keys import KeySettings, PlaintextKey
from herald.clock import utc_now
from local.keys import TENANT
from tests.e2e.test_jobs_private import events_of
from tests.local.tools import client_of, key_of, keys_of
from tests.support.deployed_stack import deployed

SPEECH = "/v1/audio/speech"
MARKER = "Zwackelmann"
BEHIND = [
    ("POST", SPEECH),
    ("GET", "/v1/jobs"),
    ("POST", "/v1/batches"),
    ("GET", "/v1/voices"),
    ("GET", "/v1/usage"),
    ("GET", "/v1/nowhere"),
]
FORGED = {
    "another secret": lambda key: f"Bearer {key[:-1]}{'0' if key[-1] != '0' else '1'}",
    "another id": lambda key: f"Bearer {PlaintextKey(id='aaaaaaaaaaaa', secret=key.rpartition('_')[2])}",
    "an id alone": lambda key: f"Bearer {key.rpartition('_')[0]}",
    "cut": lambda key: f"Bearer {key[:-1]}",
    "one more sign": lambda key: f"Bearer {key}0",
    "oversized": lambda _: f"Bearer hk_{'a' * 4_990}",
    "in capitals": lambda key: f"Bearer {key.upper()}",
    "no scheme": lambda key: key,
    "a foreign scheme": lambda key: f"Basic {key}",
    "a scheme alone": lambda _: "Bearer",
    "two in one": lambda key: f"Bearer {key}, Bearer {key}",
    "two after one scheme": lambda key: f"Bearer {key} {key}",
    "no letters": lambda _: "Bearer \u00e4\u00f6\u00fc".encode("latin-1"),
    "a forged token": lambda _: "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJsb2NhbCJ9.",
}

deployed = pytest.fixture(deployed, scope="module")


@pytest.fixture
def opened(stack):
    """Create a client with a key of the given settings, or with a given key."""
    clients = []

    def client(key=None, **settings):
        made = client_of(stack, key or key_of(stack, **{"tenant": "keys"} | settings))
        clients.append(made)
        return made

    yield client
    for one in clients:
        one.close()


def code_of(answer):
    """Return the code of an error response."""
    assert answer.headers["X-Request-Id"]
    return answer.status_code, answer.json()["error"]["code"]


def refusal_of(answer):
    """Return what a client sees of a refusal: its status, type, challenge and body."""
    assert answer.headers["X-Request-Id"]
    names = ("Content-Type", "WWW-Authenticate", "Cache-Control")
    return answer.status_code, [answer.headers.get(name) for name in names], answer.json()


def speak(client, text="Hello."):
    return client.post(SPEECH, json={"input": text, "response_format": "ulaw"})


# --- authentication ---


@pytest.mark.parametrize(("method", "path"), BEHIND)
def test_requests_without_a_key_are_rejected(keyless, method, path):
    assert code_of(keyless.request(method, path)) == (401, "missing_key")


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/docs", "/studio"])
def test_public_paths_need_no_key(keyless, path):
    assert keyless.get(path).status_code == 200
    assert keyless.get(path, headers={"Authorization": "Bearer nonsense"}).status_code == 200


def test_preflight_requests_reach_the_function(keyless):
    assert keyless.options("/v1/jobs").headers["X-Request-Id"]


@pytest.mark.parametrize(("method", "path"), BEHIND[:2])
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_key_is_rejected(stack, keyless, name, method, path):
    answer = keyless.request(method, path, headers={"Authorization": FORGED[name](stack.api_key)})
    assert code_of(answer) == (401, "invalid_key")


@pytest.mark.parametrize("name", [*FORGED, "nothing", "empty"])
def test_both_addresses_refuse_in_the_same_words(stack, keyless, name):
    known = {"nothing": {}, "empty": {"Authorization": ""}}
    headers = known[name] if name in known else {"Authorization": FORGED[name](stack.api_key)}
    asked = {"headers": headers, "json": {"input": "Hello."}}
    answers = [keyless.post(f"{url.rstrip('/')}{SPEECH}", **asked) for url in (stack.api_url, stack.stream_url)]
    assert refusal_of(answers[0]) == refusal_of(answers[1])
    assert code_of(answers[0]) == (401, "missing_key" if name in known else "invalid_key")


def test_a_path_of_another_vendors_api_is_not_found_with_heralds_key(stack, keyless):
    answer = keyless.get("/v1/voices/nova", headers={"Authorization": f"Bearer {stack.api_key}"})
    assert code_of(answer) == (404, "not_found")


def test_a_duplicate_header_is_rejected(stack, keyless):
    header = ("Authorization", f"Bearer {stack.api_key}")
    assert code_of(keyless.get("/v1/voices", headers=[header, header])) == (401, "invalid_key")


def test_the_scheme_is_case_insensitive(stack, keyless):
    assert keyless.get("/v1/voices", headers={"Authorization": f"bearer {stack.api_key}"}).status_code == 200


def test_a_failing_authorizer_rejects_requests(deployed, keyless):
    key = key_of(deployed.stack, tenant="keys")
    with deployed.function_with("AuthorizerFunction", HERALD_KEY_TABLE="no-such-table"):
        answer = keyless.get("/v1/voices", headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
    assert keyless.get("/v1/voices", headers={"Authorization": f"Bearer {key}"}).status_code == 200


# --- the life of a key ---


@pytest.mark.parametrize("path", ["/v1/voices", "/v1/jobs", "/v1/usage", "/v1/nowhere"])
def test_an_expired_key_is_reported_as_expired(stack, opened, path):
    yesterday = utc_now() - timedelta(days=1)
    settings = KeySettings(tenant="keys", expires_at=yesterday + timedelta(hours=1))
    _, shown = keys_of(stack, lambda: yesterday).create(settings)
    answer = opened(str(shown)).get(path)
    assert code_of(answer) == (401, "key_expired")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_key_is_reported_as_revoked(stack, opened):
    keys = keys_of(stack)
    key, shown = keys.create(KeySettings(tenant="keys"))
    keys.revoke(key.id)
    for answer in (opened(str(shown)).get("/v1/jobs"), speak(opened(str(shown)))):
        assert code_of(answer) == (401, "key_revoked")


def test_revocation_is_disclosed_only_with_the_secret(stack, keyless):
    keys = keys_of(stack)
    key, _ = keys.create(KeySettings(tenant="keys"))
    keys.revoke(key.id)
    guess = PlaintextKey(id=key.id, secret="0" * 48)
    answer = keyless.get("/v1/jobs", headers={"Authorization": f"Bearer {guess}"})
    assert code_of(answer) == (401, "invalid_key")


def test_both_keys_are_valid_after_rotation(stack, opened):
    keys = keys_of(stack)
    key, shown = keys.create(KeySettings(tenant="rotating"))
    _, _, other = keys.rotate(key.id)
    job = opened(str(shown)).post("/v1/jobs", json={"input": "Rotated."}).json()
    assert opened(str(other)).get(f"/v1/jobs/{job['id']}").status_code == 200


# --- scopes and tiers ---


@pytest.mark.parametrize(
    ("scope", "path", "method"),
    [("jobs", "/v1/jobs", "GET"), ("batches", "/v1/batches", "GET"), ("speech", SPEECH, "POST")],
)
def test_a_scope_that_is_missing(opened, scope, path, method):
    others = {"speech", "jobs", "batches"} - {scope}
    without, with_it = opened(scopes=others), opened(scopes={scope})
    body = {"json": {"input": "Hello."}} if method == "POST" else {}
    assert code_of(without.request(method, path, **body)) == (403, "scope_missing")
    assert with_it.request(method, path, **body).status_code == 200
    assert without.get("/v1/voices").status_code == 200


def test_a_key_has_the_priority_of_its_tier(opened):
    standard, vip = opened(), opened(tier="vip")
    asked = {"input": "By its tier."}
    assert [one.post("/v1/jobs", json=asked).json()["priority"] for one in (standard, vip)] == ["standard", "vip"]
    assert code_of(standard.post("/v1/jobs", json=asked | {"priority": "vip"})) == (403, "priority_not_allowed")
    assert vip.post("/v1/jobs", json=asked | {"priority": "standard"}).json()["priority"] == "standard"


# --- quotas ---


def test_the_daily_quota(opened):
    client = opened(tenant="daily", characters_a_day=20)
    assert speak(client, "Fifteen letters").status_code == 200
    refused = speak(client, "Six mo")
    assert code_of(refused) == (429, "quota_exceeded")
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400
    assert speak(client, "Five!").status_code == 200


def test_the_rate_limit(opened):
    client = opened(requests_a_second=1)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.get("/v1/voices"), range(40)))
    assert {answer.status_code for answer in answers} == {200, 429}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert code_of(refused) == (429, "rate_limited")
    assert refused.headers["Retry-After"] == "1"


def test_usage_counts(opened):
    client, other = opened(tenant="counting", characters_a_day=1_000), opened(tenant="counting")
    assert client.get("/v1/usage").json()["today"] == {"characters": 0, "characters_left": 1_000}
    assert speak(client, "Nine char").status_code == 200
    assert client.post("/v1/jobs", json={"input": "Ten chars."}).status_code == 202
    assert speak(other, "Eight ch").status_code == 200
    assert speak(other, "").status_code == 400
    used = client.get("/v1/usage").json()
    assert used["today"] == {"characters": 19, "characters_left": 981}
    assert used["data"][0].pop("spend") > 0
    assert used["data"][0] == {"day": datetime.now(UTC).date().isoformat(), "characters": 27, "requests": 3}


# --- tenants ---


def test_a_job_of_another_tenant_is_not_found(api, another):
    theirs = another.post("/v1/jobs", json={"input": "Not yours."}).json()["id"]
    never = f"{theirs[:-4]}{'0000' if theirs[-4:] != '0000' else '1111'}"
    asked = [("GET", ""), ("DELETE", ""), ("POST", "/retry"), ("PUT", "/retention")]
    check_same(api, asked, [f"/v1/jobs/{one}" for one in (theirs, never)])
    assert another.get(f"/v1/jobs/{theirs}").status_code == 200
    assert theirs not in {job["id"] for job in api.get("/v1/jobs", params={"limit": 100}).json()["data"]}


def test_a_batch_of_another_tenant_is_not_found(api, another):
    theirs = another.post("/v1/batches", json={"name": "Theirs", "template": "Hello {name}."}).json()["id"]
    never = f"{theirs[:-4]}{'0000' if theirs[-4:] != '0000' else '1111'}"
    asked = [("GET", ""), ("DELETE", ""), ("GET", "/items"), ("POST", "/start"), ("POST", "/redrive")]
    check_same(api, asked, [f"/v1/batches/{one}" for one in (theirs, never)])
    assert another.get(f"/v1/batches/{theirs}").status_code == 200


def check_same(client, asked, places):
    for method, below in asked:
        body = {"json": {"retention": "keep"}} if method == "PUT" else {}
        answers = [client.request(method, f"{place}{below}", **body) for place in places]
        assert [code_of(answer) for answer in answers] == [(404, "not_found")] * 2
        assert answers[0].json() == answers[1].json()


def test_idempotency_keys_are_per_tenant(api, another):
    asked = {"json": {"input": "Once each."}, "headers": {"Idempotency-Key": "of-two-tenants"}}
    ids = [client.post("/v1/jobs", **asked).json()["id"] for client in (api, another)]
    assert ids[0] != ids[1]
    assert api.post("/v1/jobs", **asked).json()["id"] == ids[0]


def test_files_are_stored_per_tenant(deployed, another):
    job = another.post("/v1/jobs", json={"input": "Where does it lie?"}).json()["id"]
    deployed.all_ended([job])
    url = another.get(f"/v1/jobs/{job}").json()["audio_url"]
    assert "/audio/another/" in url
    assert f"/audio/{TENANT}/" not in url
    assert httpx.get(url, trust_env=False).status_code == 200


# --- privacy ---


def test_logs_contain_no_key_or_text(deployed, opened, keyless):
    stack = deployed.stack
    fresh = key_of(stack, tenant="keys")
    guess = str(PlaintextKey.new())
    assert speak(opened(fresh), f"{MARKER} speaks.").status_code == 200
    assert opened(fresh).post("/v1/jobs", json={"input": f"{MARKER} waits.", "voice": "nobody"}).status_code == 400
    assert keyless.get("/v1/jobs", headers={"Authorization": f"Bearer {guess}"}).status_code == 401
    logs = {path.name: path.read_text(errors="replace") for path in Path(stack.folder).rglob("*.log")}
    groups = [name for logical_id, name in stack.resources.items() if logical_id.endswith(("LogGroup", "Logs"))]
    logs |= {group: "".join(events_of(deployed, group)) for group in groups}
    secrets = [key.rpartition("_")[2] for key in (fresh, guess, stack.api_key)]
    assert any(fresh.split("_")[1] in text for text in logs.values()), "the id of a key is logged"
    assert not [name for name, text in logs.items() if any(one in text for one in (MARKER, *secrets))]
