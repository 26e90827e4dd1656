"""Consents and custom voices: from the sentence to a job in the voice, refusals, limits and other tenants."""

import json
from datetime import timedelta

import pytest

from herald.auth.caller import Scope
from herald.aws.custom_voice_storage import AwsCustomVoiceStore
from herald.clock import utc_now
from herald.errors import Unavailable
from herald.jobs.custom_voice_records import change_voices, disable
from herald.jobs.job import JobError, State
from tests.support.enrolling import CONSENT, MIX, OTHER, SAMPLE, Enrolling, text_of
from tests.support.http_events import ANYBODY
from tests.support.moto_cloud import BUCKET
from tests.unit.functions.conftest import forget, logged

DENIED = {"refused": "missing_key"}


@pytest.fixture
def acme(gpu):
    return Enrolling(gpu)


def test_a_voice_is_enrolled_and_spoken(acme, parts, gpu):
    issued = acme.sentence()
    consent = acme.consent()
    assert consent.status == 201
    assert consent.json["sentences"] == [issued["sentence"]]
    assert (consent.json["state"], consent.json["created_by"]) == ("unchecked", "anybodyskey2")
    accepted = acme.create(consent.json["id"])
    assert (accepted.status, accepted.json["state"]) == (202, "pending")
    voice = accepted.json["id"]
    assert accepted.headers["Location"] == f"/v1/audio/voices/{voice}"
    (request,) = acme.submit()
    assert acme.voice(voice)["state"] == "checking"
    assert request["enrolment"] == {
        "voice": voice,
        "method": "matched",
        "sentences": [{"language": "en", "words": issued["words"]}],
        "consent": f"s3://{BUCKET}/recordings/acme/{consent.json['id']}",
        "sample": f"s3://{BUCKET}/recordings/acme/{voice}",
        "state": f"s3://{BUCKET}/voice-states/{voice}",
    }
    assert [line["voice"] for line in request["lines"]] == ["enrolled"]
    acme.answer(request)
    ready = acme.voice(voice)
    assert (ready["state"], ready["similarity"], ready["likeness"], ready["refusals"]) == ("ready", 0.81, 0.62, [])
    assert ready["check"]["sentence"] == issued["sentence"]
    assert f"/audio/acme/{voice}/" in ready["preview_url"]
    job = acme.job({"id": voice})
    assert (job.status, job.json["route"], job.json["voice"]) == (202, "gpu", voice)
    (request,) = acme.submit()
    assert ([line["voice"] for line in request["lines"]], "enrolment" in request) == ([MIX], False)
    acme.answer(request)
    done = parts.table.get(job.json["id"])
    assert (done.state, done.audio.key.rpartition("/")[0]) == (State.DONE, f"audio/acme/{voice}")
    assert acme.consent_record(consent.json["id"])["state"] == "accepted"
    assert [kind for kind, _ in gpu.events()] == ["herald.job.done", "herald.job.done"]


def test_recordings_are_refused_with_the_reasons(acme, parts, capsys):
    acme.sentence()
    voice = acme.create(acme.consent().json["id"]).json
    (request,) = acme.submit()
    acme.answer(request, refusals=["wrong_words", "recording_noisy"])
    assert [one["voices_refused"] for one in logged(capsys.readouterr().out) if "voices_refused" in one] == [1]
    refused = acme.voice(voice["id"])
    assert refused["state"] == "refused"
    assert [one["code"] for one in refused["refusals"]] == ["wrong_words", "recording_noisy"]
    job = parts.table.get(voice["job"])
    assert (job.state, job.error.code) == (State.FAILED, "voice_refused")
    assert acme.job(voice["id"]).refusal == (400, "voice_not_ready")
    assert acme.consent_record(voice["consent"])["state"] == "unchecked"
    # Nothing was accepted: the same recordings may be sent again.
    assert acme.create(voice["consent"]).status == 202


def test_a_check_that_refused_the_recordings_is_not_retried(acme):
    """A retry counts neither to the quota nor to the enrolments of the day, and the GPU would refuse them again."""
    acme.sentence()
    voice = acme.create(acme.consent().json["id"]).json
    (request,) = acme.submit()
    acme.answer(request, refusals=["recording_noisy"])
    assert acme.ask("POST", f"/v1/jobs/{voice['job']}/retry").refusal == (409, "job_not_failed")


def test_an_accepted_recording_or_sentence_is_not_accepted_again(acme):
    voice = acme.enrol()
    acme.sentence()
    assert acme.consent().refusal == (400, "replayed_recording")
    other = acme.consent(b"fLaC another consent").json
    assert acme.create(other["id"]).refusal == (400, "replayed_recording")
    assert acme.create(voice["consent"], OTHER).status == 202
    acme.ask("DELETE", f"/v1/audio/voices/{voice['id']}")
    assert acme.create(other["id"]).refusal == (400, "replayed_recording")
    elsewhere = Enrolling(acme.cloud, "other")
    elsewhere.sentence()
    assert elsewhere.consent().refusal == (400, "replayed_recording")


def test_a_consent_that_is_sent_again_is_the_same(acme):
    acme.sentence()
    first = acme.consent().json
    assert acme.consent(name="Retried").json == first


def test_of_two_consents_to_one_sentence_only_one_is_accepted(acme):
    acme.sentence()
    one, other = acme.consent().json, acme.consent(b"fLaC another consent").json
    voices = [acme.create(one["id"]).json, acme.create(other["id"], OTHER).json]
    requests = acme.submit()
    for request in requests:
        acme.answer(request)
    states = sorted(acme.voice(one["id"])["state"] for one in voices)
    assert states == ["ready", "refused"]
    refused = next(found for one in voices if (found := acme.voice(one["id"]))["state"] == "refused")
    assert [one["code"] for one in refused["refusals"]] == ["replayed_recording"]


def test_a_sentence_that_was_not_issued_to_the_consent_is_refused(acme):
    acme.sentence()
    voice = acme.create(acme.consent().json["id"]).json
    acme.sentence()
    (request,) = acme.submit()
    later = text_of({"language": "en", "words": ["river", "window", "garden", "yellow"]})
    acme.answer(request, sentence=later)
    assert [one["code"] for one in acme.voice(voice["id"])["refusals"]] == ["replayed_recording"]


def test_a_consent_needs_a_valid_sentence_of_its_language(acme, monkeypatch):
    assert acme.consent().refusal == (400, "no_sentence")
    acme.sentence("de")
    assert acme.consent().refusal == (400, "no_sentence")
    assert acme.consent(language="de-AT").status == 201
    assert acme.ask("GET", "/v1/audio/voice_consents/sentence?language=tlh").error["param"] == "language"


def test_a_consent_in_a_language_that_the_method_does_not_speak_is_refused(acme, gpu, parts):
    acme.sentence("de")
    consent = acme.consent(language="de-AT").json["id"]
    before = everything(gpu)
    refused = acme.create(consent, method="matched")
    assert refused.refusal == (400, "unsupported_language")
    assert refused.error["param"] == "method"
    assert "Supported languages: en-US" in refused.error["message"]
    assert everything(gpu) == before
    assert acme.submit() == []


@pytest.mark.parametrize("change", [{"created_at": utc_now() - timedelta(days=7)}, {"sentences": ()}])
def test_a_consent_whose_recording_or_sentence_has_gone_makes_no_voice(acme, parts, change):
    acme.sentence()
    consent = acme.consent().json["id"]

    def age(before):
        return before.model_copy(update={"consents": {consent: before.consents[consent].model_copy(update=change)}})

    change_voices(parts.custom_voice_store, "acme", age)
    refused = acme.create(consent)
    assert refused.refusal == (400, "consent_gone")
    assert "Record a new consent" in refused.error["message"]


def test_only_the_newest_sentences_are_valid(acme):
    issued = [acme.sentence()["sentence"] for _ in range(10)]
    assert acme.consent().json["sentences"] == issued[2:]


def test_without_a_gpu_nothing_is_stored(http, cloud):
    caller = Enrolling(cloud)
    caller.sentence()
    consent = caller.consent().json["id"]
    before = cloud.keys(), cloud.rows()
    assert caller.create(consent).refusal == (400, "gpu_not_deployed")
    assert (cloud.keys(), cloud.rows()) == before


def test_a_failed_job_ends_its_voice(acme, parts):
    acme.sentence()
    voice = acme.create(acme.consent().json["id"]).json
    assert acme.ask("DELETE", f"/v1/jobs/{voice['job']}").json["state"] == "cancelled"
    failed = acme.voice(voice["id"])
    assert (failed["state"], [one["code"] for one in failed["refusals"]]) == ("failed", ["cancelled"])
    again = acme.create(voice["consent"])
    assert again.status == 202


def test_a_failed_enrolment_can_be_retried_as_a_job(acme, parts):
    acme.sentence()
    voice = acme.create(acme.consent().json["id"]).json
    acme.submit()
    job = parts.table.get(voice["job"])
    parts.completion.fail(job, JobError(code="gpu_silent", message="No answer."))
    assert acme.voice(voice["id"])["state"] == "failed"
    assert acme.ask("POST", f"/v1/jobs/{voice['job']}/retry").status == 202
    (request,) = acme.submit()
    acme.answer(request)
    assert acme.voice(voice["id"])["state"] == "ready"


def test_other_tenants_neither_see_nor_speak_a_voice(acme):
    voice = acme.enrol()
    other = Enrolling(acme.cloud, "other")
    assert other.job(voice["id"]).refusal == (400, "unknown_voice")
    for path in (f"/v1/audio/voices/{voice['id']}", f"/v1/audio/voice_consents/{voice['consent']}"):
        for method in ("GET", "DELETE"):
            assert other.ask(method, path).refusal == (404, "not_found")
    assert other.ask("GET", "/v1/audio/voices").json["data"] == []
    assert other.create(voice["consent"]).refusal == (400, "unknown_consent")


def test_the_list_of_names_has_custom_voices_for_a_caller_with_a_key(acme):
    voice = acme.enrol()
    public = acme.ask("GET", "/v1/audio/voices", context=DENIED)
    assert (public.status, list(public.json)) == (200, ["voices"])
    assert voice["id"] not in public.body
    mine = acme.ask("GET", "/v1/audio/voices").json
    assert mine["voices"] == [{"id": voice["id"], "name": "Ann"}, *public.json["voices"]]
    assert [one["id"] for one in mine["data"]] == [voice["id"]]


def test_the_list_has_stock_voices_only_for_a_key_without_the_scope_of_speech(acme):
    voice = acme.enrol()
    context = ANYBODY.model_copy(update={"scopes": frozenset({Scope.JOBS})}).context() | {"tenant": acme.tenant}
    answer = acme.ask("GET", "/v1/audio/voices", context=context)
    assert (answer.status, list(answer.json)) == (200, ["voices"])
    assert voice["id"] not in answer.body


def test_the_list_says_which_methods_are_deployed(acme, monkeypatch, tmp_path):
    assert acme.ask("GET", "/v1/audio/voices").json["methods"] == ["matched"]
    card = tmp_path / "voices" / "pocket" / "voice.json"
    card.parent.mkdir(parents=True)
    about = {
        "id": "pocket", "language": "en", "language_name": "English", "sample_rate": 24_000, "quality": "high",
        "licence": "CC-BY-4.0", "engine": "pocket",
    }  # fmt: skip
    card.write_text(json.dumps({"voice": about, "checksums": {}}), encoding="utf-8")
    monkeypatch.setenv("_LAMBDA_LAYERS_DIRS", str(tmp_path))
    forget()
    assert acme.ask("GET", "/v1/audio/voices").json["methods"] == ["matched", "pocket"]
    listed = acme.ask("GET", "/v1/voices").json["data"]
    assert "pocket" not in {voice["id"] for voice in listed}, "a model is not a voice"
    assert acme.job("pocket").refusal == (400, "unknown_voice")


def test_no_method_is_deployed_without_a_gpu(http, cloud):
    assert Enrolling(cloud).ask("GET", "/v1/audio/voices").json["methods"] == []


def test_creating_a_voice_requires_a_key(acme):
    form = {"name": "Ann", "consent": "cons_1"}
    answer = acme.ask("POST", "/v1/audio/voices", context=DENIED, form=form, files={"audio_sample": ("s.wav", SAMPLE)})
    assert answer.refusal == (401, "missing_key")


def test_a_dialogue_mixes_custom_voices_with_others(acme):
    voice = acme.enrol()
    lines = [{"input": "Hello.", "voice": voice["id"]}, {"input": "Hi.", "voice": "kokoro:am_adam"}]
    job = acme.ask("POST", "/v1/jobs", fields={"dialogue": lines})
    assert job.status == 202
    (request,) = acme.submit()
    assert [line["voice"] for line in request["lines"]] == [MIX, "kokoro:am_adam"]


def test_a_disabled_voice_is_silent_at_once(acme, parts):
    voice = acme.enrol()
    accepted = acme.job(voice["id"]).json
    disable(parts.custom_voice_store, "acme", voice["id"], disabled=True)
    assert acme.job(voice["id"]).refusal == (403, "voice_disabled")
    assert acme.submit() == []
    assert parts.table.get(accepted["id"]).error.code == "voice_disabled"
    assert acme.voice(voice["id"])["disabled"]
    disable(parts.custom_voice_store, "acme", voice["id"], disabled=False)
    disable(parts.custom_voice_store, "acme", None, disabled=True)
    assert acme.job(voice["id"]).refusal == (403, "voice_disabled")
    disable(parts.custom_voice_store, "acme", None, disabled=False)
    assert acme.job(voice["id"]).status == 202


def test_a_disabled_voice_is_refused_in_any_case(acme, parts):
    voice = acme.enrol()["id"]
    wanted = {"items": [{"text": "Hello."}], "voice": voice.upper()}
    assert acme.ask("POST", "/v1/batches/preview", fields=wanted).json["error"] is None
    disable(parts.custom_voice_store, "acme", voice, disabled=True)
    assert acme.ask("POST", "/v1/batches/preview", fields=wanted).refusal == (403, "voice_disabled")


def test_a_voice_disabled_during_the_work_is_not_delivered(acme, parts, gpu):
    voice = acme.enrol()
    accepted = acme.job(voice["id"]).json
    (request,) = acme.submit()
    disable(parts.custom_voice_store, "acme", voice["id"], disabled=True)
    before = gpu.keys("audio/")
    acme.answer(request)
    assert parts.table.get(accepted["id"]).error.code == "voice_disabled"
    assert gpu.keys("audio/") == before


def test_nobody_can_request_sentences_until_one_fits_an_older_recording(acme, parts):
    for _ in range(40):
        acme.sentence()
    refused = acme.ask("GET", "/v1/audio/voice_consents/sentence?language=en")
    assert refused.refusal == (429, "too_many_sentences")
    assert int(refused.headers["Retry-After"]) > 0
    yesterday = utc_now().date() - timedelta(days=1)
    change_voices(parts.custom_voice_store, "acme", lambda before: before.model_copy(update={"issued_on": yesterday}))
    acme.sentence()


def test_limits_of_a_tenant(acme, monkeypatch):
    monkeypatch.setattr("herald.jobs.voice_service.MOST_A_DAY", 2)
    acme.sentence()
    consent = acme.consent().json["id"]
    for number in range(2):
        assert acme.create(consent, b"OggS %d" % number).status == 202
    refused = acme.create(consent, b"OggS 3")
    assert refused.refusal == (429, "too_many_enrolments")
    assert int(refused.headers["Retry-After"]) > 0
    monkeypatch.setattr("herald.jobs.voice_service.MOST_VOICES", 2)
    assert acme.create(consent, b"OggS 3").refusal == (400, "too_many_voices")
    monkeypatch.setattr("herald.jobs.voice_service.MOST_CONSENTS", 1)
    assert acme.consent(b"OggS 4").refusal == (400, "too_many_consents")


def used(parts, tenant="acme"):
    (today,) = parts.quotas.used(tenant, 1).values()
    return today.characters


def test_the_characters_of_the_preview_count(acme, parts):
    voice = acme.enrol()
    job = parts.table.get(voice["job"])
    assert used(parts) == job.characters > 0
    acme.sentence()
    consent = acme.consent(b"fLaC another consent").json["id"]
    assert acme.create(consent).refusal == (400, "replayed_recording")
    assert used(parts) == job.characters, "a refused request is free"


def test_a_voice_needs_what_is_left_of_the_quota(acme, gpu, parts):
    acme.sentence()
    consent = acme.consent().json["id"]
    objects, rows = everything(gpu)
    context = ANYBODY.model_copy(update={"tenant": "acme", "characters_a_day": 20}).context()
    form, files = {"name": "Ann", "consent": consent}, {"audio_sample": ("s.wav", SAMPLE)}
    refused = acme.ask("POST", "/v1/audio/voices", context=context, form=form, files=files)
    assert refused.refusal == (429, "quota_exceeded")
    assert everything(gpu) == (objects, rows)
    assert used(parts) == 0


def test_characters_are_given_back_if_nothing_was_stored(acme, parts, monkeypatch):
    acme.sentence()
    consent = acme.consent().json["id"]

    def fail(*_, **__):
        raise Unavailable("S3 did not respond.")

    monkeypatch.setattr("herald.auth.quotas.DECIDE_AFTER", timedelta(0))
    monkeypatch.setattr(AwsCustomVoiceStore, "put_recording", fail)
    assert acme.create(consent).refusal == (503, "unavailable")
    assert used(parts) == 0


def everything(cloud):
    """Return the keys of all objects, and all rows, except those of usage."""
    rows = [row for table in ("jobs", "keys") for row in cloud.clients.dynamodb.scan(TableName=table)["Items"]]
    kept = {row["id"]["S"]: json.dumps(row) for row in rows if not row["id"]["S"].startswith(("usage#", "rate#"))}
    return set(cloud.keys()), kept


def test_deletion_leaves_nothing_but_the_record(acme, parts, gpu):
    before, rows_before = everything(gpu)
    voice = acme.enrol()
    for fields in ({}, {"retention": "keep", "input": "Kept."}):
        acme.job(voice["id"], **fields)
        acme.answer(acme.submit()[0])
    gpu.write(f"s3://{BUCKET}/voice-states/{voice['id']}", b"state")
    kept = everything(gpu)[0]
    assert {key.split("/")[0] for key in kept if voice["id"] in key} == {"audio", "kept", "recordings", "voice-states"}
    assert acme.ask("DELETE", f"/v1/audio/voice_consents/{voice['consent']}").refusal == (409, "consent_in_use")
    deleted = acme.ask("DELETE", f"/v1/audio/voices/{voice['id']}")
    assert deleted.json == {"id": voice["id"], "object": "audio.voice.deleted", "deleted": True}
    assert acme.ask("DELETE", f"/v1/audio/voice_consents/{voice['consent']}").status == 200
    objects, rows = everything(gpu)
    assert {key for key in objects - before if not key.startswith("gpu/")} == set()
    named = {key for key, row in rows.items() if voice["id"] in row and key not in rows_before}
    assert {key.partition("#")[0].partition("_0")[0] for key in named} <= {"voice_record", "recording", "job"}
    assert not any(MIX in row for row in rows.values())
    record = acme.voice(voice["id"])
    assert (record["state"], record["check"], record["deleted_at"] > 0) == ("deleted", voice["check"], True)
    assert acme.consent_record(voice["consent"])["state"] == "deleted"
    assert acme.job(voice["id"]).refusal == (400, "unknown_voice")
    assert acme.ask("DELETE", f"/v1/audio/voices/{voice['id']}").json == deleted.json
    assert acme.ask("GET", "/v1/audio/voice_consents").json["data"] == []


def test_a_voice_deleted_during_its_check_stays_deleted(acme, parts, gpu):
    acme.sentence()
    voice = acme.create(acme.consent().json["id"]).json
    (request,) = acme.submit()
    acme.ask("DELETE", f"/v1/audio/voices/{voice['id']}")
    gpu.write(request["enrolment"]["state"], b"state")
    acme.answer(request)
    assert acme.voice(voice["id"])["state"] == "deleted"
    assert parts.table.get(voice["job"]).state is State.FAILED
    assert gpu.keys("audio/") == gpu.keys("voice-states/") == []


def test_a_voice_whose_deletion_was_interrupted_is_silent_and_can_be_deleted_again(acme, monkeypatch, gpu):
    voice = acme.enrol()
    accepted = acme.job(voice["id"]).json

    def fail(*_, **__):
        raise Unavailable("S3 did not respond.")

    with monkeypatch.context() as interrupted:
        interrupted.setattr(AwsCustomVoiceStore, "erase", fail)
        assert acme.ask("DELETE", f"/v1/audio/voices/{voice['id']}").refusal == (503, "unavailable")
    assert acme.job(voice["id"]).refusal == (400, "unknown_voice")
    assert acme.submit() == []
    assert acme.ask("GET", f"/v1/jobs/{accepted['id']}").json["error"]["code"] == "unknown_voice"
    assert acme.ask("DELETE", f"/v1/audio/voices/{voice['id']}").json["deleted"]
    assert not [key for key in [*gpu.keys("audio/"), *gpu.keys("recordings/")] if voice["id"] in key]
    assert acme.voice(voice["id"])["state"] == "deleted"


def test_lists_have_pages(acme):
    acme.sentence()
    ids = [acme.consent(b"OggS %d" % number).json["id"] for number in range(3)][::-1]
    first = acme.ask("GET", "/v1/audio/voice_consents?limit=2").json
    assert ([one["id"] for one in first["data"]], first["has_more"]) == (ids[:2], True)
    rest = acme.ask("GET", f"/v1/audio/voice_consents?after={first['last_id']}").json
    assert ([one["id"] for one in rest["data"]], rest["has_more"]) == (ids[2:], False)


@pytest.mark.parametrize(
    ("form", "files", "refusal"),
    [
        ({"language": "en"}, {"name": (None, b"Ann")}, (400, "missing_field")),
        ({"name": "Ann"}, {"recording": ("c", CONSENT)}, (400, "missing_field")),
        ({"name": "Ann", "language": "en"}, {"sample": ("c", CONSENT)}, (400, "unknown_field")),
        ({"name": "Ann", "language": "en", "recording": "text"}, {"name": ("c", b"x")}, (400, "invalid_request")),
        ({"name": "Ann", "language": "en"}, {"recording": ("c", b"")}, (400, "unsupported_recording")),
        (
            {"name": "Ann", "language": "en"},
            {"recording": ("c", b"\x1aE\xdf\xa3 webm")},
            (400, "unsupported_recording"),
        ),
        ({"name": "a\nb", "language": "en"}, {"recording": ("c", CONSENT)}, (400, "invalid_request")),
        ({"name": "Ann", "language": "en"}, {"recording": ("c", bytes(4_500_000))}, (413, "body_too_large")),
    ],
)
def test_faults_of_a_form(acme, form, files, refusal):
    acme.sentence()
    answer = acme.ask("POST", "/v1/audio/voice_consents", form=form, files=files)
    assert answer.refusal == refusal


def test_json_is_not_a_form(acme):
    assert acme.ask("POST", "/v1/audio/voices", fields={"name": "Ann"}).refusal == (415, "unsupported_media_type")


def test_real_time_names_jobs_as_the_way_to_speak_a_custom_voice(acme, http):
    voice = acme.enrol()
    fields = {"input": "Good morning.", "voice": voice["id"]}
    assert http("POST", "/v1/audio/speech", fields, tenant="acme").refusal == (400, "not_realtime")
    assert http("POST", "/v1/audio/speech", fields, tenant="other").refusal == (400, "unknown_voice")
    accepted = http("POST", "/v1/audio/speech", fields, tenant="acme", headers={"Prefer": "respond-async"})
    assert (accepted.status, accepted.json["route"]) == (202, "gpu")


def test_a_batch_names_a_custom_voice_in_its_rows(acme):
    voice = acme.enrol()
    fields = {
        "template": "Hello {name}.",
        "tolerated_failure_percent": 100,
        "sample": f"name,voice\nAnn,{voice['id']}\n",
    }
    shown = acme.ask("POST", "/v1/batches/preview", fields=fields)
    assert shown.status == 200, shown.body
    assert [one["voice"] for one in shown.json["examples"]] == [voice["id"]]
    other = Enrolling(acme.cloud, "other").ask("POST", "/v1/batches/preview", fields=fields).json
    assert [one["code"] for one in other["errors"]] == ["unknown_voice"]
