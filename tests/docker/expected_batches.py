"""Sample events of the functions of batches."""

import csv
import json

from herald.batches.batch import BatchState
from herald.jobs.job_messages import JobEnd
from herald.jobs.ports import JobFilter
from tests.docker import batches
from tests.docker.batches import GPU, ROWS, SAMPLE_BATCH
from tests.docker.expected import body_of, headers_of, of
from tests.docker.herald import EVENTS, TENANT
from tests.support.uploads import upload as post

MANIFEST = b"name\nAnna\nBert\nCaesar\n"


@of("api__submit_batch")
def a_batch_and_its_manifest_are_accepted(herald):
    answer = herald.call("api__submit_batch")
    batch = body_of(answer, 202)
    assert (headers_of(answer)["location"], batch["state"]) == (f"/v1/batches/{batch['id']}", "created")
    answer = post(batch["upload"], MANIFEST)
    assert answer.is_success, answer.text
    assert herald.read(f"uploads/{TENANT}/{batch['id']}/manifest") == MANIFEST


@of("api__preview_batch")
def a_list_is_checked(herald):
    shown = body_of(herald.call("api__preview_batch"), 200)
    assert (shown["rows"], shown["row_errors"]) == (2, 1)
    assert shown["examples"][0]["spoken"] == "Hello Ada, see you on March fourteenth."


@of("api__start_batch")
def a_batch_with_a_manifest_is_started(herald):
    batch = upload(herald)
    assert body_of(herald.call("api__start_batch", {SAMPLE_BATCH: batch.id}), 202)["state"] == "planning"
    run = batches.run_of(herald, batch)
    assert (run["batch"], run["run"], run["manifest"]["bytes"]) == (batch.id, 0, len(MANIFEST))


@of("api__get_batch")
def a_batch_is_returned(herald):
    batch = batches.plan(herald)
    shown = body_of(herald.call("api__get_batch", {SAMPLE_BATCH: batch.id}), 200)
    assert (shown["id"], shown["state"], shown["counts"]["waiting"]) == (batch.id, "speaking", 3)


@of("plan_batch__upload")
def a_manifest_is_planned(herald):
    batch = upload(herald)
    herald.batches.batch_service.start(batch.id, tenant=TENANT)
    run = batches.run_of(herald, batch)
    answer = herald.call("plan_batch__upload", {SAMPLE_BATCH: batch.id}, manifest=run["manifest"])
    assert answer["chunks"] == 2
    notes = [json.loads(line) for line in herald.read(answer["key"]).splitlines()]
    assert [(note["batch"], note["items"]) for note in notes] == [(batch.id, 2), (batch.id, 1)]
    assert batches.find(herald, batch.id).state is BatchState.SPEAKING


@of("plan_batch__redrive")
def unfinished_rows_are_planned_again(herald):
    batch = batches.plan(herald)
    herald.batches.finalizer.finish(batch.id, TENANT, run=0, stopped=True)
    herald.batches.batch_service.redrive(batch.id, tenant=TENANT)
    answer = herald.call("plan_batch__redrive", {SAMPLE_BATCH: batch.id})
    assert (answer["chunks"], answer["key"]) == (2, f"batches/{TENANT}/{batch.id}/chunks-1.jsonl")
    assert all(json.loads(line)["run"] == 1 for line in herald.read(answer["key"]).splitlines())


@of("speak_items__chunk")
def a_chunk_is_synthesized(herald):
    batch = batches.plan(herald)
    note = batches.notes_of(herald, batch)[0]
    assert herald.call("speak_items__chunk", note=note.model_dump()) == {"done": 2, "failed": 0}
    spoken = batches.find(herald, batch.id)
    results = batches.folder_of(herald, batch).results(0, 0)
    assert (spoken.counts.done, spoken.counts.waiting) == (2, 1)
    assert [len(herald.read(result.key)) for result in results] == [result.bytes for result in results]
    assert all(0.5 < result.seconds < 10 for result in results)


@of("speak_items__pack")
def a_pack_of_shared_sentences_is_stored(herald):
    batch = batches.plan(herald)
    folder = batches.folder_of(herald, batch)
    (note,) = folder.put_sentences([folder.items(batches.notes_of(herald, batch)[0])])
    answer = herald.call("speak_items__pack", pack=note.model_dump())
    assert (answer["key"], answer["spoken"] > 0, float(answer["price"]) > 0) == (note.key, True, True)
    assert len(herald.read(f"sentences/{TENANT}/{note.key}")) > 1_000


@of("speak_items__gpu_done")
def the_result_of_a_gpu_item_is_recorded(herald):
    batch = batches.plan(herald, **GPU)
    (note,) = batches.notes_of(herald, batch)
    (item,) = batches.folder_of(herald, batch).items(note)
    batches.speak_elsewhere(herald, item)
    assert herald.call("speak_items__gpu_done", note=note.model_dump()) == {"done": 1, "failed": 0}
    (result,) = batches.folder_of(herald, batch).results(0, 0)
    end = JobEnd.model_validate(json.loads(EVENTS["speak_items__gpu_done"])["end"])
    assert (result.key, result.price, result.milliseconds) == (item.audio_key, end.price, end.milliseconds)


@of("gpu_submit__item")
def an_item_for_the_gpu_becomes_a_job(herald):
    batch = batches.plan(herald, **GPU)
    (note,) = batches.notes_of(herald, batch)
    assert herald.call("gpu_submit__item", note=note.model_dump()) == {}
    (job,) = herald.parts.job_service.list(JobFilter(batch=batch.id), tenant=TENANT).jobs
    assert (job.route, job.task_token) == ("gpu", json.loads(EVENTS["gpu_submit__item"])["token"])
    assert job.id in herald.drain("gpu")


@of("finish_batch__all_spoken")
def a_batch_has_its_report(herald):
    batch = batches.plan(herald, **GPU)
    (note,) = batches.notes_of(herald, batch)
    (item,) = batches.folder_of(herald, batch).items(note)
    batches.speak_elsewhere(herald, item)
    end = JobEnd.model_validate(json.loads(EVENTS["speak_items__gpu_done"])["end"])
    herald.batches.chunk_runner(None).record(note, end)
    assert herald.call("finish_batch__all_spoken", {SAMPLE_BATCH: batch.id}) == {"state": "done"}
    (row,) = report(herald, batch)
    assert (row["state"], row["key"]) == ("done", item.audio_key)
    assert batches.find(herald, batch.id).published


@of("finish_batch__execution_aborted")
def an_aborted_batch_is_finished(herald):
    batch = batches.plan(herald)
    assert herald.call("finish_batch__execution_aborted", {SAMPLE_BATCH: batch.id}) == {"state": "failed"}
    failed = batches.find(herald, batch.id)
    assert (failed.error.code, failed.published) == ("execution_failed", True)
    assert len(report(herald, batch)) == len(ROWS)


def upload(herald):
    """Create a batch with an uploaded manifest, ready to be started."""
    batch = batches.submit(herald, items=None)
    form = herald.batches.batch_service.upload_form(batch, 60)
    post({"url": form.url, "fields": form.fields}, MANIFEST).raise_for_status()
    return batch


def report(herald, batch):
    """Return the rows of a batch's report."""
    text = herald.read(f"batches/{TENANT}/{batch.id}/report/results.csv").decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))
