"""A plan uses one version of the manifest and is deterministic; an invalid manifest fails the batch."""

from datetime import timedelta

import pytest

from herald.batches.batch import BatchState
from herald.errors import BrokenInstallation, Unavailable
from herald.speech.lexicons import Entry, Lexicon
from tests.support.batch_services import HEADER

BAD = {
    b"": "manifest_empty",
    HEADER.encode(): "manifest_empty",
    HEADER.encode("utf-32-le"): "manifest_encoding",
    b"id,name\n1,Ann\n": "missing_column",
    b"id,name,name,time\n": "invalid_manifest",
    b"\x1f\x8b": "manifest_compressed",
}


def files_of(batches):
    return {key: body for key, body in batches.objects.files.items() if "chunks" in key or "items.jsonl" in key}


def test_rows_become_chunks(batches):
    batch = batches.send("Ann,noon", "Ben,one", "Cy,two")
    plan = batches.plan(batch)
    row = batches.row(batch)
    assert (plan.chunks, plan.max_concurrency, plan.key) == (2, 40, batches.folder(batch).notes_key(0))
    assert (row.state, row.counts.rows, row.counts.waiting) == (BatchState.SPEAKING, 3, 3)
    items = [[item.text for item in batches.folder(batch).items(note)] for note in batches.notes(batch)]
    assert items == [
        ["Hello Ann. Please come at noon.", "Hello Ben. Please come at one."],
        ["Hello Cy. Please come at two."],
    ]
    assert batches.folder(batch).notes(1, 1) == batches.notes(batch)[1:]


def test_invalid_rows_become_row_errors(batches):
    batch = batches.planned("Ann,noon", "Ben", ",one", "Cy,two", tolerated_failure_percent=50)
    errors = [(error.line, error.id, error.code) for _, error in batches.folder(batch).row_errors()]
    assert errors == [(3, "r2", "ragged_row"), (4, "r3", "missing_value")]
    assert (batches.row(batch).counts.row_errors, batches.row(batch).counts.waiting) == (2, 2)


def test_too_many_invalid_rows_fail_the_batch(batches):
    batch = batches.send("Ann,noon", "Ben", tolerated_failure_percent=10)
    assert batches.plan(batch).chunks == 0
    batches.finish(batch)
    row = batches.row(batch)
    assert (row.state, row.error.code, row.published) == (BatchState.FAILED, "too_many_failures", True)
    assert batches.states(batch) == {"r1": "cancelled", "r2": "row_error"}


@pytest.mark.parametrize(("manifest", "code"), BAD.items())
def test_an_invalid_manifest_fails_the_batch(batches, manifest, code):
    batch = batches.submit()
    batches.objects.files[batches.folder(batch).upload_key] = manifest or b"\n"
    batches.batch_service.start(batch.id, tenant="acme")
    assert batches.plan(batch).chunks == 0
    batches.finish(batch)
    assert (batches.row(batch).state, batches.row(batch).error.code) == (BatchState.FAILED, code)
    assert [event.detail_type for event in batches.events.batches] == ["herald.batch.failed"]


def test_planning_is_deterministic(batches):
    batch = batches.send("Ann,noon", "Ben", "Cy,two", tolerated_failure_percent=50)
    first = batches.plan(batch)
    files, row = files_of(batches), batches.row(batch)
    assert batches.plan(batch) == first
    assert (files_of(batches), batches.row(batch)) == (files, row)


def test_planning_can_be_retried_after_a_failure(batches):
    batch = batches.send("Ann,noon", "Ben,one", "Cy,two")
    batches.objects.faults.after("write", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        batches.plan(batch)
    assert batches.row(batch).state is BatchState.PLANNING
    assert batches.plan(batch).chunks == 2


def test_a_later_attempt_plans_the_same_chunks_for_a_deadline(batches):
    rows = [f"Ann,{f'{minute} minutes past {minute} ' * 10}" for minute in range(300)]
    deadline = batches.time() + timedelta(minutes=1)
    batch = batches.send(*rows, items_per_child=None, max_concurrency=1, deadline=deadline)
    batches.counters.faults.before("count_once", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        batches.plan(batch)
    files = files_of(batches)
    batches.time.move(40)
    assert batches.plan(batch).chunks > 1
    assert files_of(batches) == files


def test_a_replaced_manifest_in_another_bucket_fails_the_batch(batches):
    location = ("theirs", "acme/people.csv")
    batches.objects.files[location] = (HEADER + "".join(f"r{at},Ann,noon\n" for at in range(300))).encode()
    batch = batches.submit(manifest="s3://theirs/acme/people.csv")
    batches.objects.files[location] = (HEADER + "1,Mallory,noon\n").encode()
    assert batches.plan(batch).chunks == 0
    assert batches.row(batch).error.code == "manifest_replaced"
    assert not files_of(batches)


@pytest.mark.parametrize("planned", [False, True])
def test_an_upload_after_the_start_is_not_read(batches, planned):
    batch = batches.send("Ann,noon")
    if planned:
        batches.plan(batch)
    batches.upload(batch, HEADER + "1,Mallory,noon\n")
    batches.plan(batch)
    batches.speak_all(batch)
    batches.finish(batch)
    assert batches.speaker.spoken == ["Hello Ann. Please come at noon."]


def test_a_cancelled_batch_is_not_planned(batches):
    batch = batches.send("Ann,noon")
    batches.batch_service.cancel(batch.id, tenant="acme")
    assert batches.plan(batch).chunks == 0
    batches.finish(batch)
    assert batches.row(batch).state is BatchState.CANCELLED
    assert [event.detail_type for event in batches.events.batches] == ["herald.batch.cancelled"]


def test_max_concurrency_is_limited_by_the_deployment(batches):
    for requested, effective in ((3, 3), (1_000, 40), (None, 40)):
        assert batches.plan(batches.send("Ann,noon", max_concurrency=requested)).max_concurrency == effective


def test_a_run_without_a_manifest_fails_the_batch(batches):
    batch = batches.send("Ann,noon")
    assert batches.planning.plan(batches.run(batch).model_copy(update={"manifest": None})).chunks == 0
    assert (batches.row(batch).state, batches.row(batch).error.code) == (BatchState.FAILED, "manifest_missing")


def test_a_missing_order_is_a_broken_installation(batches):
    batch = batches.send("Ann,noon")
    del batches.objects.files[batches.folder(batch).key("order.json")]
    with pytest.raises(BrokenInstallation):
        batches.plan(batch)


def test_a_late_plan_of_an_earlier_run_has_no_chunks(batches):
    batch = batches.planned("unspeakable,noon", "Ann,one", tolerated_failure_percent=100)
    first = batches.run(batch)
    batches.speak_all(batch)
    batches.finish(batch)
    batches.batch_service.redrive(batch.id, tenant="acme")
    assert batches.planning.plan(first).chunks == 0


def test_short_rows_share_a_chunk(batches):
    """Each chunk costs a child execution and a call of a function."""
    assert batches.plan(batches.send(*["Ann,noon"] * 100, items_per_child=None)).chunks < 10


def test_items_have_the_lexicons_of_the_batch(batches):
    batches.lexicons.put("acme", "names", Lexicon((Entry("Ann", alias="Anne"),), "en"))
    batch = batches.planned("Ann,noon", lexicons=["names"])
    (item,) = batches.folder(batch).items(batches.notes(batch)[0])
    assert item.lexicons == batches.row(batch).lexicons != ()


def test_a_lexicon_that_was_deleted_before_the_plan_fails_the_batch(batches):
    batches.lexicons.put("acme", "names", Lexicon((Entry("Ann", alias="Anne"),), "en"))
    batch = batches.send("Ann,noon", lexicons=["names"])
    batches.lexicons.store.contents.clear()
    assert batches.plan(batch).chunks == 0
    assert (batches.row(batch).state, batches.row(batch).error.code) == (BatchState.FAILED, "not_found")
