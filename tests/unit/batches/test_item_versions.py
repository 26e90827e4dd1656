"""Items that are spoken by another version of the voice than the one that the plan was made with."""

from dataclasses import replace

import pytest

from herald.errors import Unavailable
from herald.jobs.job_messages import JobEnd
from herald.jobs.script import audio_key
from tests.support.voice_catalog import VOICES

OTHER = {name: replace(info, checksum="0ther") for name, info in VOICES.items()}
ROWS = ("Ann,noon", "Ben,one", "Ann,noon")


def items_of(batches, batch):
    folder = batches.folder(batch)
    return [item for note in batches.notes(batch) for item in folder.items(note)]


def keys_of(batches, batch, voices):
    return [audio_key(item.script, batch.tenant, voices) for item in items_of(batches, batch)]


def test_files_have_the_keys_of_the_voice_that_spoke_them(batches):
    batches.speaker.voices = OTHER
    batch = batches.done(*ROWS, items_per_child=25)
    keys = keys_of(batches, batch, OTHER)
    assert [line["key"] for line in batches.report(batch).values()] == keys
    assert set(batches.audio.files) == {*keys}
    assert len({*keys}) == batches.audio.puts == 2
    assert not {*keys} & {item.audio_key for item in items_of(batches, batch)}


def test_the_next_batch_gets_the_voice_of_its_plan(batches):
    batches.speaker.voices = OTHER
    batches.done(*ROWS, items_per_child=25)
    batches.speaker.voices = VOICES
    batch = batches.done(*ROWS, items_per_child=25)
    report = batches.report(batch)
    assert [line["key"] for line in report.values()] == [item.audio_key for item in items_of(batches, batch)]
    assert [line["hit"] for line in report.values()] == [False, False, True]


def test_kept_files_belong_to_the_batch(batches):
    batches.speaker.voices = OTHER
    batch = batches.done(*ROWS, items_per_child=25, retention="keep")
    kept = {key.replace("audio/", "kept/", 1) for key in keys_of(batches, batch, OTHER)}
    assert batches.audio.keepers == dict.fromkeys(kept, batch.id)


def test_an_archive_has_the_key_of_the_voice_that_spoke_it(batches):
    batches.speaker.voices = OTHER
    first = batches.report(batches.done(*ROWS, items_per_child=25, delivery="zip"))
    batches.speaker.voices = VOICES
    second = batches.report(batches.done(*ROWS, items_per_child=25, delivery="zip"))
    assert not any(line["hit"] for line in second.values())
    assert not {line["key"] for line in first.values()} & {line["key"] for line in second.values()}
    assert {line["key"] for line in [*first.values(), *second.values()]} == set(batches.audio.files)


def test_an_attempt_that_fails_after_storing_an_archive_finds_it_by_its_key(batches):
    batch = batches.planned(*ROWS, items_per_child=25, delivery="zip")
    (note,) = batches.notes(batch)
    batches.speaker.voices = OTHER
    batches.audio.faults.after("put", Unavailable("The response is lost."))
    with pytest.raises(Unavailable):
        batches.speak(note)
    assert batches.speak(note).done == 3
    assert batches.audio.puts == 1


def test_a_gpu_item_has_the_key_that_its_job_ended_with(batches):
    batch = batches.planned("Ann,noon", voice="kokoro:jf_alpha", retention="keep")
    (note,) = batches.notes(batch)
    batches.gpu_items.submit(note, "token")
    (job,) = batches.jobs.rows.values()
    key = audio_key(job.script, "acme", OTHER)
    file = batches.speaker.speak(job.script, tenant="acme", time_left=lambda: 1.0).file
    stored = batches.audio.put(file.file, file.stored_at(key), keeper=job.keeper).file
    batches.completion.complete(job.model_copy(update={"audio_key": key}), stored)
    end = batches.tasks.completed["token"]
    assert batches.speaking.record(note, JobEnd.model_validate_json(end.model_dump_json())).done == 1
    batches.finish(batch)
    assert batches.report(batch)["r1"]["key"] == stored.key


def test_the_end_of_an_earlier_version_has_the_planned_key(batches):
    batch = batches.planned("Ann,noon", voice="kokoro:jf_alpha")
    (note,) = batches.notes(batch)
    (item,) = items_of(batches, batch)
    file = batches.speaker.speak(item.script, tenant="acme", time_left=lambda: 1.0).file
    batches.audio.put(file.file, file.stored_at(item.audio_key))
    end = JobEnd.model_validate({"state": "done", "price": "0.25", "error": None})
    assert batches.speaking.record(note, end).done == 1
