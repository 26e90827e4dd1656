"""A lexicon of the deployed stack: in every kind of request, from the next request on, and for its tenant only."""

import httpx
import pytest

from tests.support.batch_runs import Sent
from tests.support.deployed_stack import deployed
from tests.support.stream_reader import PATH

deployed = pytest.fixture(deployed, scope="module")
TEXT = "Ask Xyloq about it."


@pytest.fixture
def put(api):
    """Store what is said for a word; the lexicon is deleted at the end."""

    def put(said):
        entries = [{"word": "Xyloq", "alias": said}]
        api.put("/v1/lexicons/e2e", json={"language": "en", "entries": entries}).raise_for_status()

    yield put
    api.delete("/v1/lexicons/e2e").raise_for_status()


def key_of(job):
    return httpx.URL(job["audio_url"]).path


def test_a_change_is_heard_in_the_next_request(api, stream, put):
    fields = {"input": TEXT, "response_format": "pcm", "lexicons": ["e2e"]}
    heard = []
    for said in ("silo", "zebra crossing"):
        put(said)
        whole = api.post(PATH, json=fields).raise_for_status().content
        assert len(stream.post(PATH, json=fields).raise_for_status().content) == len(whole)
        heard.append(whole)
    assert heard[0] != heard[1]
    reading = api.post("/v1/audio/reading", json={"input": TEXT, "lexicons": ["e2e"]}).json()
    assert reading["spoken"] == "Ask zebra crossing about it."


def test_a_change_changes_the_key_of_the_file(deployed, put):
    keys = []
    for said in ("silo", "zebra crossing", "silo"):
        put(said)
        job = deployed.ended(deployed.post(input=TEXT, lexicons=["e2e"])["id"])
        assert job["state"] == "done"
        keys.append(key_of(job))
    without = deployed.ended(deployed.post(input=TEXT, lexicons=[])["id"])
    assert keys[0] == keys[2]
    assert len({*keys, key_of(without)}) == 3


def test_another_tenant_does_not_see_it(api, another, put):
    put("silo")
    assert "e2e" not in [one["name"] for one in another.get("/v1/lexicons").json()["data"]]
    assert another.get("/v1/lexicons/e2e").status_code == 404
    answer = another.post(PATH, json={"input": TEXT, "lexicons": ["e2e"]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_lexicon")
    assert "e2e" in [one["name"] for one in api.get("/v1/lexicons").json()["data"]]


def test_a_batch_and_the_gpu_use_it(deployed, put):
    put("silo")
    batch = Sent(deployed, "name\nXyloq\n", template="Hello {name}.", lexicons=["e2e"])
    gpu = deployed.post(input=TEXT, quality="high", lexicons=["e2e"])["id"]
    assert batch.ended()["counts"]["done"] == 1
    assert deployed.ended(gpu)["state"] == "done"
