"""Synthesize the sentences that several items of a batch share, before its chunks."""

from dataclasses import dataclass
from time import perf_counter

from herald.batches.batch_files import BatchFiles
from herald.batches.batch_ports import BatchTable, Objects, PackSpeaker
from herald.batches.chunk_items import TimeLeft
from herald.batches.chunk_runner import batch_of, is_running
from herald.batches.item_price import ItemPrices, ItemWork
from herald.batches.shared_sentences import PackNote, SharedPack
from herald.jobs.ports import AudioStore
from herald.pricing.resources import LOOKUP_READS


@dataclass(kw_only=True)
class PackRunner:
    """Synthesizes packs. Without one, chunks synthesize its sentences themselves."""

    table: BatchTable
    objects: Objects
    audio: AudioStore
    speaker: PackSpeaker
    prices: ItemPrices

    def speak(self, note: PackNote, *, time_left: TimeLeft) -> SharedPack:
        """Store a pack, unless it exists or the batch was made before. Raise the errors of a chunk."""
        started = perf_counter()
        batch = batch_of(self.table, note)
        folder = BatchFiles.of(self.objects, batch)
        first = folder.first_item()
        if not is_running(batch, 0) or first is None:
            return SharedPack()
        work = ItemWork(seconds=0.0, lookups=LOOKUP_READS)
        if self.audio.find(first.audio_key, keeper=batch.keeper):
            return SharedPack(price=str(self.prices.pack(work)))
        scripts = [sentence.script for sentence in folder.sentences(note)]
        spoken = self.speaker.speak_pack(note.key, scripts, tenant=batch.tenant, time_left=time_left)
        work = ItemWork(seconds=perf_counter() - started, lookups=LOOKUP_READS, sentences=spoken.traffic)
        return SharedPack(key=note.key, price=str(self.prices.pack(work)), spoken=spoken.spoken)
