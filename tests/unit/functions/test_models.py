"""Models and voices, as clients of OpenAI's API list them before they speak."""

import pytest

from herald.web.model_routes import MODELS


def test_models_have_the_form_of_openai(http, cloud):
    listed = http("GET", "/v1/models").json
    assert listed["object"] == "list"
    assert [one["id"] for one in listed["data"]] == list(MODELS)
    assert all(one["object"] == "model" and one["owned_by"] and one["created"] >= 0 for one in listed["data"])
    assert http("GET", "/v1/audio/models").json == {"models": [{"id": name, "name": name} for name in MODELS]}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_lists_its_voices(http, cloud, name):
    model = http("GET", f"/v1/models/{name}").json
    assert model["id"] == name
    voices = [one["name"] for one in model["voices"]]
    assert voices == [one["id"] for one in http("GET", "/v1/audio/voices").json["voices"]]
    assert {"alloy", "reception"} <= set(voices)
    assert len(set(voices)) == len(voices)


def test_every_listed_voice_can_be_named(http, cloud):
    known = {one["id"]: one for one in http("GET", "/v1/voices").json["data"]}
    aliases = {name for one in known.values() for name in one["aliases"]}
    for one in http("GET", "/v1/audio/voices").json["voices"]:
        assert one["id"] in known or one["id"] in aliases
        assert one["id"] not in known or not known[one["id"]]["needs_gpu"]


@pytest.mark.parametrize("name", ["kokoro", "gpt-4o", "HERALD", "%00", "a" * 300])
def test_an_unknown_model_is_not_found(http, cloud, name):
    assert http("GET", f"/v1/models/{name}").refusal == (404, "not_found")
