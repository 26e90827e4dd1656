"""ElevenLabs' SDK makes, lists and deletes a custom voice. The consent is a file of its request, or a label."""

import io
import json

import httpx
import pytest
from elevenlabs import ElevenLabs
from elevenlabs.core.api_error import ApiError
from elevenlabs.errors import UnprocessableEntityError

from herald.auth.caller import ALL_SCOPES, Scope
from herald.functions import api, speech
from tests.support.enrolling import CONSENT, OTHER, SAMPLE, Enrolling
from tests.support.http_events import ANYBODY, event_of
from tests.unit.functions.conftest import Context

BOTH = [("Consent.WAV", CONSENT), ("sample.wav", SAMPLE)]


@pytest.fixture
def acme(gpu):
    return Enrolling(gpu)


@pytest.fixture
def client(acme):
    """Return a client of a tenant, with the api function as its server."""

    def client(tenant="acme", scopes=ALL_SCOPES):
        context = ANYBODY.model_copy(update={"scopes": frozenset(scopes)}).context() | {"tenant": tenant}

        def answer(request):
            sent = event_of(
                request.method, request.url.raw_path.decode(), dict(request.headers), request.read(), context
            )
            found = api.handler(sent, Context())
            return httpx.Response(int(found["statusCode"]), headers=found["headers"], content=found["body"])

        http = httpx.Client(transport=httpx.MockTransport(answer))
        return ElevenLabs(base_url="http://herald", api_key="hk_test", httpx_client=http)

    return client


@pytest.fixture
def labs(client):
    return client()


def refused(call, *given, **fields):
    """Return the status of an error, and its name."""
    with pytest.raises(ApiError) as raised:
        call(*given, **fields)
    return raised.value.status_code, raised.value.body["detail"]["status"]


def test_the_sdk_makes_a_voice_of_two_files(labs, acme):
    acme.sentence()
    assert labs.user.subscription.get().voice_slots_used == 0
    made = labs.voices.ivc.create(name="Ann", files=BOTH)
    assert made.requires_verification
    waiting = labs.voices.get(made.voice_id)
    assert (waiting.name, waiting.category, waiting.is_owner) == ("Ann", "generated", True)
    assert waiting.labels["state"] == "pending"
    assert waiting.fine_tuning.state == {"herald": "fine_tuning"}
    assert (waiting.voice_verification.requires_verification, waiting.voice_verification.is_verified) == (True, False)
    (request,) = acme.submit()
    acme.answer(request)
    ready = labs.voices.get(made.voice_id)
    assert (ready.labels["state"], ready.voice_verification.is_verified) == ("ready", True)
    assert ready.fine_tuning.state == {"herald": "fine_tuned"}
    assert f"/audio/acme/{made.voice_id}/" in ready.preview_url
    assert labs.voices.get_all().voices[0].voice_id == labs.voices.search().voices[0].voice_id == made.voice_id
    account = labs.user.subscription.get()
    assert (account.voice_slots_used, account.can_use_instant_voice_cloning) == (1, True)
    assert acme.job(made.voice_id).status == 202
    assert labs.voices.delete(made.voice_id).status == "ok"
    assert refused(labs.voices.get, made.voice_id) == (404, "voice_not_found")
    assert acme.job(made.voice_id).refusal == (400, "unknown_voice")
    assert made.voice_id not in {voice.voice_id for voice in labs.voices.get_all().voices}


def test_a_label_names_a_consent_that_was_stored_before(labs, acme):
    acme.sentence("de")
    consent = acme.consent(language="de-DE").json["id"]
    made = labs.voices.ivc.create(name="Ann", files=[SAMPLE], labels={"consent_id": consent, "method": "pocket"})
    assert acme.voice(made.voice_id)["consent"] == consent
    shown = labs.voices.get(made.voice_id)
    assert (shown.category, shown.labels["method"], shown.labels["language"]) == ("cloned", "pocket", "de")


def test_the_language_of_the_sentence_is_a_label(labs, acme):
    acme.sentence("fr")
    assert refused(labs.voices.ivc.create, name="Ann", files=BOTH) == (400, "no_sentence")
    made = labs.voices.ivc.create(name="Ann", files=BOTH, labels={"language": "fr"})
    assert acme.voice(made.voice_id)["language"] == "fr"


def test_files_of_open_file_objects_and_of_the_field_with_brackets(labs, acme):
    acme.sentence()
    files = [io.BytesIO(SAMPLE), io.BytesIO(CONSENT)]
    for file, name in zip(files, ("/home/ann/sample.wav", "/home/ann/consent.wav"), strict=True):
        file.name = name
    assert labs.voices.ivc.create(name="Ann", files=files).voice_id
    sent = acme.ask("POST", "/v1/voices/add", form={"name": "Ann"}, files=[("files[]", file) for file in BOTH])
    assert sent.status == 404, "without the header of ElevenLabs it is not Herald's path"


def test_no_voice_without_a_consent(labs, acme, gpu):
    acme.sentence()
    before = gpu.keys(), gpu.rows()
    with pytest.raises(ApiError) as raised:
        labs.voices.ivc.create(name="Ann", files=[("sample.wav", SAMPLE)])
    detail = raised.value.body["detail"]
    assert (raised.value.status_code, detail["status"]) == (400, "consent_required")
    assert "GET /v1/audio/voice_consents/sentence" in detail["message"]
    assert "consent.wav" in detail["message"]
    assert (gpu.keys(), gpu.rows()) == before


@pytest.mark.parametrize(
    ("files", "labels", "code"),
    [
        ([("consent.wav", CONSENT), ("consent.mp3", OTHER), ("s", SAMPLE)], {}, "consent_required"),
        (BOTH, {"consent_id": "cons_1"}, "consent_required"),
        ([("s", SAMPLE)], {"consent_id": "cons_1"}, "unknown_consent"),
        ([*BOTH, ("more.wav", OTHER)], {}, "several_samples"),
        ([("consent.wav", CONSENT), ("s", b"no audio")], {}, "unsupported_recording"),
        ([("consent.wav", b"no audio"), ("s", SAMPLE)], {}, "unsupported_recording"),
        ([("consent.wav", CONSENT), ("s", CONSENT)], {}, "same_recording"),
    ],
)
def test_refusals_store_nothing(labs, acme, files, labels, code):
    acme.sentence()
    before = acme.cloud.keys()
    assert refused(labs.voices.ivc.create, name="Ann", files=files, labels=labels) == (400, code)
    assert acme.cloud.keys() == before
    assert acme.ask("GET", "/v1/audio/voice_consents").json["data"] == []


def test_a_consent_that_was_stored_before_outlives_a_refused_voice(labs, acme):
    acme.sentence()
    consent = acme.consent().json["id"]
    assert refused(labs.voices.ivc.create, name="Ann", files=[BOTH[0], ("s", CONSENT)]) == (400, "same_recording")
    assert acme.consent_record(consent)["state"] == "unchecked"


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"files": [("consent.wav", CONSENT)]}, ["body", "files"]),
        ({"name": ""}, ["body", "name"]),
        ({"labels": {"language": "?"}}, ["body", "language"]),
        ({"labels": {"method": "magic"}}, ["body", "method"]),
        ({"labels": "none"}, ["body", "labels"]),
    ],
)
def test_an_invalid_field_is_422_with_its_place(labs, acme, fields, place):
    acme.sentence()
    with pytest.raises(UnprocessableEntityError) as raised:
        labs.voices.ivc.create(**{"name": "Ann", "files": BOTH} | fields)
    assert raised.value.body["detail"][0]["loc"] == place


def test_labels_that_are_no_json_are_422(acme):
    acme.sentence()
    request = httpx.Request(
        "POST", "http://herald/v1/voices/add", data={"name": "Ann", "labels": "{language"}, files=[("files", BOTH[0])]
    )
    headers = {**request.headers, "xi-api-key": "hk_test"}
    context = ANYBODY.context() | {"tenant": acme.tenant}
    answer = api.handler(event_of("POST", "/v1/voices/add", headers, request.read(), context), Context())
    assert answer["statusCode"] == 422
    assert "send a JSON object" in answer["body"]


def test_fields_without_effect_are_named_in_a_header(labs, acme):
    acme.sentence()
    labels = {"language": "en", "accent": "scottish", "evil\nheader": "x"}
    made = labs.voices.ivc.with_raw_response.create(
        name="Ann", files=BOTH, labels=labels, description="A calm voice.", remove_background_noise=True
    )
    warning = "No effect: description, labels, labels.accent, remove_background_noise."
    assert made.headers["x-herald-warning"] == warning


def test_a_refused_voice_says_why(labs, acme):
    acme.sentence()
    made = labs.voices.ivc.create(name="Ann", files=BOTH)
    (request,) = acme.submit()
    acme.answer(request, refusals=["recording_noisy"])
    shown = labs.voices.get(made.voice_id)
    assert shown.labels["state"] == "refused"
    assert shown.fine_tuning.state == {"herald": "failed"}
    assert shown.voice_verification.verification_failures == ["recording_noisy"]
    assert "Record it again." in shown.fine_tuning.message["herald"]


def test_voices_belong_to_their_tenant_and_stock_voices_stay(labs, acme, client):
    voice = acme.enrol()["id"]
    other = client("other")
    assert voice not in {one.voice_id for one in other.voices.get_all().voices}
    for call in (other.voices.get, other.voices.delete):
        assert refused(call, voice) == (404, "voice_not_found")
    assert refused(labs.voices.delete, "de_DE-tiny-low") == (404, "voice_not_found")
    assert labs.voices.get(voice).voice_id == voice


def test_custom_voices_need_the_scope_of_speech(acme, client):
    voice = acme.enrol()["id"]
    labs = client(scopes={Scope.JOBS})
    assert voice not in {one.voice_id for one in labs.voices.get_all().voices}
    for call, given in ((labs.voices.get, voice), (labs.voices.delete, voice)):
        assert refused(call, given) == (403, "missing_permissions")
    assert refused(labs.voices.ivc.create, name="Ann", files=BOTH) == (403, "missing_permissions")


def test_real_time_names_jobs(acme):
    voice = acme.enrol()["id"]
    headers = {"xi-api-key": "hk_test", "Content-Type": "application/json"}
    context = ANYBODY.context() | {"tenant": "acme"}
    sent = event_of("POST", f"/v1/text-to-speech/{voice}", headers, b'{"text": "Hello."}', context)
    answer = speech.handler(sent, Context())
    detail = json.loads(answer["body"])["detail"]
    assert (answer["statusCode"], detail["status"]) == (400, "not_realtime")
    assert "POST /v1/jobs" in detail["message"]
