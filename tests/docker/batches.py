"""Batches in the states that functions under test expect."""

import json
from itertools import count

from herald.auth.caller import Caller
from herald.batches.batch_files import BatchFiles
from herald.batches.batch_ports import Run
from herald.batches.batch_request import BatchRequest
from herald.jobs.job import AudioFile
from tests.docker.herald import TENANT

SAMPLE_BATCH = "batch_01a20320a2005c2f8e91d07a4b36aa10"
"""The batch of the sample events."""
ROWS = [{"name": "Anna"}, {"name": "Bert"}, {"name": "Caesar"}]
GPU = {"voice": "kokoro:jf_alpha", "items": ROWS[:1]}
"""Fields of a batch with one item for the GPU."""

_numbers = count(1)


def submit(herald, **fields):
    """Create a batch of three rows, two per child, ready for planning, with unique texts."""
    order = {"name": "Reminders", "template": f"Hello {{name}}, this is batch {next(_numbers)}.", "items_per_child": 2}
    return herald.batches.batch_service.submit(
        BatchRequest(**order | {"items": ROWS} | fields), caller=Caller(tenant=TENANT)
    )


def run_of(herald, batch, run=0):
    """Return the state machine's input for a run."""
    client, machine = herald.parts.clients.stepfunctions, herald.parts.settings.batch_machine
    execution = f"{machine.replace(':stateMachine:', ':execution:')}:{batch.id}-{run}"
    return json.loads(client.describe_execution(executionArn=execution)["input"])


def plan(herald, **fields):
    """Create a planned batch."""
    batch = submit(herald, **fields)
    herald.batches.run_planner.plan(Run.model_validate(run_of(herald, batch)))
    return find(herald, batch.id)


def find(herald, batch_id):
    """Return the current state of a batch."""
    return herald.batches.batch_service.find(batch_id, tenant=TENANT)


def folder_of(herald, batch):
    """Return the files of a batch."""
    return BatchFiles.of(herald.batches.objects, batch)


def notes_of(herald, batch):
    """Return the inputs of the children of a batch's map."""
    return folder_of(herald, batch).notes(0, batch.chunks)


def speak_elsewhere(herald, item):
    """Store an item's file, as its GPU job would."""
    audio = b"ID3 and so on"
    file = AudioFile(key=item.audio_key, seconds=1.5, bytes=len(audio), sample_rate=24_000, media_type="audio/mpeg")
    herald.parts.audio.put(audio, file)
