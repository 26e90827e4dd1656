"""The batch services wired with fakes, and a state machine that tests drive manually."""

import json
from datetime import timedelta
from decimal import Decimal

from herald.auth.caller import Caller
from herald.auth.quotas import Quotas
from herald.batches.batch_files import BatchFiles
from herald.batches.batch_request import BatchRequest
from herald.batches.batch_service import BatchService
from herald.batches.chunk_runner import ChunkRunner, PackRunner
from herald.batches.finalizer import Finalizer
from herald.batches.gpu_items import GpuItems
from herald.batches.item_price import ItemPrices
from herald.batches.items import ChunkNote
from herald.batches.run_planner import RunPlanner
from herald.jobs.completion import Completion, RetentionService
from herald.jobs.job_price import PriceList
from herald.jobs.job_service import JobService, ServiceConfig
from herald.jobs.lexicon_service import LexiconService
from tests.support.batch_fakes import (
    MemoryBatchEvents,
    MemoryBatchTable,
    MemoryItemSpeaker,
    MemoryMachine,
    MemoryObjects,
    MemoryTasks,
)
from tests.support.batch_samples import POLICY
from tests.support.job_fakes import (
    MemoryAudioStore,
    MemoryCounters,
    MemoryJobTable,
    MemoryLexicons,
    MemoryQueues,
)
from tests.support.job_services import Time
from tests.support.voice_catalog import NAMES, VOICES

TEMPLATE = "Hello {name}. Please come at {time}."
HEADER = "id,name,time\n"


class Batches:
    """All batch services, sharing their fakes."""

    def __init__(self):
        self.time = Time()
        self.table, self.objects = MemoryBatchTable(), MemoryObjects()
        self.machine, self.tasks, self.events = MemoryMachine(), MemoryTasks(), MemoryBatchEvents()
        self.audio, self.speaker = MemoryAudioStore(clock=self.time), MemoryItemSpeaker()
        self.jobs, self.queues = MemoryJobTable(), MemoryQueues()
        self.time_left = 900.0
        self.lexicons = LexiconService(store=MemoryLexicons(), clock=self.time)
        config = ServiceConfig(
            names=NAMES,
            voices=VOICES,
            policy=POLICY,
            retention=timedelta(days=90),
            expected_price=lambda *_: Decimal(1),
        )
        files = {"table": self.table, "objects": self.objects}
        self.finalizer = Finalizer(**files, events=self.events, clock=self.time)
        self.batch_service = BatchService(
            config=config,
            max_characters=1_000,
            machine=self.machine,
            finalizer=self.finalizer,
            lexicons=self.lexicons,
            clock=self.time,
            **files,
        )
        self.counters = MemoryCounters()
        self.planning = RunPlanner(
            config=config,
            max_characters=1_000,
            max_concurrency=40,
            quotas=Quotas(self.counters, clock=self.time),
            lexicons=self.lexicons,
            clock=self.time,
            **files,
        )
        prices = ItemPrices(prices=PriceList())
        self.speaking = ChunkRunner(**files, audio=self.audio, speaker=self.speaker, prices=prices)
        self.packing = PackRunner(**files, audio=self.audio, speaker=self.speaker, prices=prices)
        self.completion = Completion(
            table=self.jobs,
            audio=self.audio,
            events=self.events,
            pricing=lambda *_: Decimal("0.25"),
            clock=self.time,
            tasks=self.tasks,
            retention=RetentionService(table=self.jobs, audio=self.audio, clock=self.time, retention=config.retention),
        )
        jobs = JobService(
            config=config,
            table=self.jobs,
            audio=self.audio,
            queues=self.queues,
            completion=self.completion,
            lexicons=self.lexicons,
            clock=self.time,
        )
        self.gpu_items = GpuItems(
            batches=self.table, objects=self.objects, jobs=jobs, tasks=self.tasks, clock=self.time
        )

    # --- caller ---

    def submit(self, *, tenant="acme", key=None, caller=None, **fields):
        request = {"name": "Reminders", "template": TEMPLATE, "items_per_child": 2} | fields
        return self.batch_service.submit(
            BatchRequest(**request), caller=caller or Caller(tenant=tenant, tier="vip"), key=key
        )

    def upload(self, batch, manifest):
        self.objects.files[self.folder(batch).upload_key] = manifest.encode()

    def send(self, *rows, **fields):
        """Return a started batch with CSV rows such as "Ann,noon"; their ids are r1, r2 and so on."""
        batch = self.submit(**fields)
        self.upload(batch, HEADER + "".join(f"r{at},{row}\n" for at, row in enumerate(rows, 1)))
        return self.batch_service.start(batch.id, tenant=batch.tenant)

    def planned(self, *rows, **fields):
        """Return a batch that has been started and planned."""
        batch = self.send(*rows, **fields)
        self.plan(batch)
        return batch

    # --- state machine ---

    def run(self, batch):
        """Return the latest run of a batch."""
        return [run for run in self.machine.started.values() if run.batch == batch.id][-1]

    def plan(self, batch):
        return self.planning.plan(self.run(batch))

    def notes(self, batch):
        """Return the inputs of the children of the latest run, as the map reads them."""
        lines = self.objects.files[self.folder(batch).notes_key(self.run(batch).run)].splitlines()
        return [ChunkNote.model_validate(json.loads(line)) for line in lines]

    def speak(self, note, *, last=False):
        return self.speaking.speak(note, last=last, time_left=lambda: self.time_left)

    def speak_all(self, batch):
        for note in self.notes(batch):
            self.speak(note)

    def finish(self, batch, *, stopped=False):
        run = self.run(batch)
        return self.finalizer.finish(run.batch, run.tenant, run=run.run, stopped=stopped)

    def done(self, *rows, **fields):
        """Return a batch that has been started, planned, synthesized and finished."""
        batch = self.planned(*rows, **fields)
        self.speak_all(batch)
        self.finish(batch)
        return self.row(batch)

    # --- results ---

    def row(self, batch):
        return self.table.get(batch.id)

    def folder(self, batch):
        return BatchFiles.of(self.objects, batch)

    def file(self, batch, name):
        return self.objects.files[self.folder(batch).key(name)].decode()

    def report(self, batch):
        """Return the lines of the report, by id or else by line number."""
        lines = [json.loads(line) for line in self.file(batch, "report/results.jsonl").splitlines()]
        return {line["id"] or line["line"]: line for line in lines}

    def states(self, batch):
        return {name: line["state"] for name, line in self.report(batch).items()}
