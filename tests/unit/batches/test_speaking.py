"""A chunk is processed once despite failures, and an invalid item does not affect the others."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event

import pytest

from herald.batches.batch import BatchState
from herald.batches.batch_ports import NO_TRAFFIC, Traffic
from herald.errors import BrokenInstallation, MalformedMessage, OutOfTime, Unavailable

ROWS = ("Ann,noon", "Ben,one", "Cy,two", "Di,three")


def results(batches, note):
    return batches.folder(batches.table.get(note.batch)).results(note.chunk, note.run)


def test_items_are_synthesized_stored_and_counted(batches):
    batch = batches.planned(*ROWS[:2], use_case="reminder")
    (note,) = batches.notes(batch)
    gained = batches.speak(note)
    assert (gained.done, gained.failed, gained.spoken, gained.reused) == (2, 0, 4, 0)
    row = batches.row(batch)
    assert (row.counts.done, row.audio_seconds, row.sentences_spoken) == (2, 3.0, 4)
    assert row.price == gained.price > 0
    for result in results(batches, note):
        assert batches.audio.files[result.key]
        assert result.key.startswith("audio/acme/")


def test_the_price_includes_sentence_traffic_and_waiting_time(batches, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("herald.batches.chunk_items.perf_counter", lambda: now[0])

    def price(name, *, traffic=NO_TRAFFIC, waits=0.0):
        batches.speaker.traffic = traffic
        monkeypatch.setattr(batches.audio, "find", lambda *_, **__: now.append(now.pop() + waits))
        batch = batches.planned(f"{name},noon")
        (note,) = batches.notes(batch)
        batches.speak(note)
        assert results(batches, note)[0].milliseconds == waits * 1_000
        return batches.row(batch).price

    usual = price("Ann")
    assert price("Ben", traffic=Traffic(read=4, written=3, bytes=400_000)) - usual > 3 * Decimal("0.000005")
    waited = price("Cy", waits=0.3) - usual
    assert waited == pytest.approx(Decimal(0.3 * 1_769 / 1_024 * 0.0000166667), abs=Decimal("1e-11"))


def test_a_repeated_batch_reuses_all_files(batches):
    batches.done(*ROWS)
    count = len(batches.speaker.spoken)
    repeated = batches.done(*ROWS)
    assert len(batches.speaker.spoken) == count
    assert (repeated.counts.done, repeated.sentences_spoken) == (4, 0)
    assert all(line["hit"] for line in batches.report(repeated).values())


def test_reused_files_are_renewed_even_if_they_are_not_looked_up(batches):
    batches.done(*ROWS)
    batches.time.move(89 * 86_400)
    batch = batches.done("New,noon", *ROWS, items_per_child=25)
    assert sum(line["hit"] for line in batches.report(batch).values()) == len(ROWS)
    assert set(batches.audio.written.values()) == {batches.time()}


def test_only_the_first_of_new_files_is_looked_up(batches):
    batches.done(*ROWS, items_per_child=25)
    assert batches.audio.calls["find"] == 1


def test_files_are_looked_up_once_one_existed(batches):
    batches.done(*ROWS)
    before, spoken = batches.audio.calls["find"], len(batches.speaker.spoken)
    new = [f"{name},noon" for name in ("Eve", "Flo", "Guy", "Hal", "Ida")]
    batch = batches.done(new[0], *ROWS * 2, *new[1:], items_per_child=25)
    assert batches.audio.puts == len(ROWS) + len(new)
    assert [line["hit"] for line in batches.report(batch).values()] == [False, *[True] * 8, *[False] * 4]
    assert batches.audio.calls["find"] - before < 10
    assert len(batches.speaker.spoken) - spoken <= len(new) + len(ROWS)


def test_files_are_stored_while_the_next_are_synthesized(batches, monkeypatch):
    """The first file is stored only once the second has been synthesized."""
    put, second = batches.audio.put, Event()

    def waiting(file, audio, **settings):
        assert second.wait(10)
        return put(file, audio, **settings)

    speak = batches.speaker.speak
    monkeypatch.setattr(batches.audio, "put", waiting)
    monkeypatch.setattr(batches.speaker, "speak", lambda *given, **more: _then(speak(*given, **more), second, batches))
    assert batches.done(*ROWS[:2]).counts.done == 2


def _then(made, second, batches):
    if len(batches.speaker.spoken) == 2:
        second.set()
    return made


def test_rows_with_the_same_text_share_a_file(batches):
    batch = batches.done("Ann,noon", "Ann,noon")
    assert len(batches.speaker.spoken) == 1
    lines = batches.report(batch)
    assert lines["r1"]["key"] == lines["r2"]["key"]
    assert [line["hit"] for line in lines.values()] == [False, True]


def test_an_invalid_text_fails_only_its_item(batches):
    batch = batches.done("Ann,noon", "unspeakable,one", "Cy,two", tolerated_failure_percent=50)
    assert batches.states(batch) == {"r1": "done", "r2": "failed", "r3": "done"}
    assert batches.report(batch)["r2"]["code"] == "invalid_text"
    assert batch.state is BatchState.DONE


def test_an_unexpected_error_of_one_item_does_not_stop_the_others(batches):
    batch = batches.planned("broken,noon", "Ben,one")
    (note,) = batches.notes(batch)
    with pytest.raises(RuntimeError):
        batches.speak(note)
    assert results(batches, note) is None
    assert batches.row(batch).counts.waiting == 2
    gained = batches.speak(note, last=True)
    assert (gained.done, gained.failed) == (1, 1)
    first, second = results(batches, note)
    assert (first.error.code, second.hit) == ("internal_error", True)
    assert "broken" not in first.error.message


@pytest.mark.parametrize("last", [False, True])
def test_an_unavailable_service_ends_the_attempt_and_a_retry_continues(batches, last):
    batch = batches.planned(*ROWS[:2])
    (note,) = batches.notes(batch)
    batches.audio.faults.before("put", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        batches.speak(note, last=last)
    batches.audio.faults.after("put", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        batches.speak(note, last=last)
    assert batches.speak(note).done == 2
    assert batches.audio.puts == 2
    assert [result.hit for result in results(batches, note)] == [True, True]  # the second was stored meanwhile


@pytest.mark.parametrize("when", ["before", "after"])
def test_results_are_counted_once_after_a_failed_count(batches, when):
    batch = batches.planned(*ROWS[:2])
    (note,) = batches.notes(batch)
    getattr(batches.table.faults, when)("add_totals", Unavailable("Not now."))
    with pytest.raises(Unavailable):
        batches.speak(note)
    for _ in range(2):
        assert batches.speak(note).done == 0
        assert batches.row(batch).counts.done == 2
    assert batches.finish(batch).counts.done == 2
    assert batches.row(batch).counts.done == 2


def test_concurrent_children_of_a_chunk_count_once(batches):
    batch = batches.planned(*ROWS)
    with ThreadPoolExecutor(8) as pool:
        gained = [*pool.map(batches.speak, batches.notes(batch) * 4)]
    assert sum(one.done for one in gained) == 4
    assert batches.row(batch).counts.done == batches.audio.puts == 4


def test_a_cancelled_batch_is_not_synthesized(batches):
    batch = batches.planned(*ROWS)
    first, second = batches.notes(batch)
    batches.speak(first)
    batches.batch_service.cancel(batch.id, tenant="acme")
    assert batches.speak(second).done == 0
    ended = batches.finish(batch)
    assert len(batches.speaker.spoken) == 2
    assert (ended.state, ended.counts.done, ended.counts.cancelled) == (BatchState.CANCELLED, 2, 2)
    assert batches.states(batch) == {"r1": "done", "r2": "done", "r3": "cancelled", "r4": "cancelled"}


def test_cancellation_is_checked_between_items(batches, monkeypatch):
    monkeypatch.setattr("herald.batches.chunk_items._CHECK_EVERY", 0)
    batch = batches.planned(*ROWS[:2])
    (note,) = batches.notes(batch)

    def cancel(method, when):
        if (method, when) == ("speak", "after"):
            batches.batch_service.cancel(batch.id, tenant="acme")

    batches.speaker.faults.on_call = cancel
    batches.speak(note)
    assert [result.state for result in results(batches, note)] == ["done", "cancelled"]
    assert batches.finish(batch).counts.cancelled == 1


def test_an_attempt_short_of_time_leaves_the_rest_to_a_retry(batches):
    batch = batches.planned(*ROWS[:2])
    (note,) = batches.notes(batch)
    left = iter([900.0, 5.0])
    with pytest.raises(Unavailable):
        batches.speaking.speak(note, last=False, time_left=lambda: next(left))
    assert batches.speak(note).done == 2
    assert len(batches.speaker.spoken) == 2


def test_an_item_that_needs_more_than_a_whole_attempt_fails(batches):
    batch = batches.planned("Ann,noon")
    (note,) = batches.notes(batch)
    batches.time_left = 5.0
    assert batches.speak(note).failed == 1
    assert results(batches, note)[0].error.code == OutOfTime.code


def test_an_item_that_needs_more_than_a_whole_attempt_fails_after_a_stored_one(batches):
    batch = batches.planned(*ROWS[:2])
    (note,) = batches.notes(batch)
    left = iter([900.0, 5.0])
    with pytest.raises(Unavailable):
        batches.speaking.speak(note, last=False, time_left=lambda: next(left))
    batches.time_left = 5.0
    gained = batches.speak(note)
    assert (gained.done, gained.failed) == (1, 1)
    assert results(batches, note)[1].error.code == OutOfTime.code


def test_a_plan_that_was_deleted_is_a_broken_installation(batches):
    batch = batches.planned("Ann,noon")
    (note,) = batches.notes(batch)
    del batches.objects.files[batches.folder(batch).key("items.jsonl")]
    with pytest.raises(BrokenInstallation, match=r"items\.jsonl was deleted before the batch ended"):
        batches.speak(note)


def test_a_chunk_of_another_tenants_batch_is_rejected(batches):
    batch = batches.planned("Ann,noon")
    (note,) = batches.notes(batch)
    with pytest.raises(MalformedMessage):
        batches.speak(note.model_copy(update={"tenant": "mallory"}))
    assert not batches.speaker.spoken


def test_a_redrive_processes_only_failed_items(batches):
    batch = batches.planned("Ann,noon", "broken,one", "Cy,two", "Di,three", tolerated_failure_percent=0)
    for note in batches.notes(batch):
        batches.speak(note, last=True)
    assert batches.finish(batch).state is BatchState.FAILED
    spoken = len(batches.speaker.spoken)
    before = batches.report(batch)
    redriven = batches.batch_service.redrive(batch.id, tenant="acme")
    assert (redriven.state, redriven.counts.done, redriven.counts.waiting, redriven.redrives) == (
        BatchState.SPEAKING,
        3,
        1,
        1,
    )
    assert batches.plan(batch).chunks == 1
    (note,) = batches.notes(batch)
    assert (note.run, note.chunk) == (1, 0)
    batches.speak(note, last=True)
    ended = batches.finish(batch)
    assert len(batches.speaker.spoken) == spoken
    assert batches.report(batch)["r1"] == before["r1"]
    assert batches.states(batch) == {"r1": "done", "r2": "failed", "r3": "done", "r4": "done"}
    assert (ended.counts.done, ended.counts.failed) == (3, 1)
    assert [event.redrives for event in batches.events.batches] == [0, 1]


def test_a_successful_redrive_ends_as_done(batches):
    batch = batches.planned("Ann,noon", "Ben,one", tolerated_failure_percent=0)
    (note,) = batches.notes(batch)
    batches.speaker.faults.before("speak", RuntimeError("once"))
    batches.speak(note, last=True)
    assert batches.finish(batch).state is BatchState.FAILED
    batches.batch_service.redrive(batch.id, tenant="acme")
    batches.plan(batch)
    batches.speak_all(batch)
    ended = batches.finish(batch)
    assert (ended.state, ended.counts.done, ended.error) == (BatchState.DONE, 2, None)
    assert [event.detail_type for event in batches.events.batches] == ["herald.batch.failed", "herald.batch.done"]


def test_a_late_chunk_of_an_earlier_run_speaks_nothing(batches):
    batch = batches.planned(*ROWS)
    first, second = batches.notes(batch)
    batches.speak(first)
    batches.finish(batch)
    batches.batch_service.redrive(batch.id, tenant="acme")
    spoken = [*batches.speaker.spoken]
    batches.speak(second)
    assert batches.speaker.spoken == spoken
    assert batches.row(batch).counts.done == 2
