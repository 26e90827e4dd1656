"""Find the sentences that several rows of a batch share. They are synthesized first, each by one function only.

Functions that process chunks read them in packs: files of many encoded sentences, which cost one write each.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from herald.batches.chunking import MOST_SECONDS
from herald.batches.items import Item
from herald.jobs.job_price import file_bytes
from herald.jobs.script import Voices, audio_key
from herald.pricing.pace import pace_of

SENTENCE_END = re.compile(
    r"(?<=[^\W\d][.])(?<!\b\w[.])(?<!\b(?:Mr|Ms|Dr|St|Fr|Sr|Jr|No|Nr)[.])(?<!\b(?:Mrs|Sra|Mme)[.])(?<!\bProf[.])\s+"
    r"|(?<=[!?…])\s+"
)
"""The approximate end of a sentence: not after an abbreviation, a letter or a digit. A missed end only shares less."""
MOST_PACKS = 40
"""Step Functions runs at most 40 iterations of an inline map at once."""
PACK_SECONDS = 5.0
"""Expected seconds of a pack, and the time that packs must save at least."""
_MOST_COUNTED = 50_000
"""Sentences that are counted at once, about 15 MB; the rarest are dropped."""
_LONGEST = 500
"""Characters of the longest sentence that is counted."""
_MOST_BYTES = 40 << 20
"""Expected size of all packs: a function keeps 64 MB of sentences for each tenant."""

type _Kind = tuple[str, str | None, str, int]


class PackNote(BaseModel):
    """The input of the function that synthesizes one pack."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    batch: str
    tenant: str
    pack: int
    """From 0."""
    key: str
    """A digest of everything that affects the sound of the sentences."""
    start: int
    """The byte offset of its sentences in sentences.jsonl."""
    size: int


class Shared(NamedTuple):
    """The sentences that several rows of a plan share."""

    packs: list[list[Item]]
    """The sentences to synthesize first, as items; none if that would not save time."""
    new: float
    """The share of the text that no other row contains."""


class SentenceCounter:
    """Counts the sentences of a plan's items, in bounded memory."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[_Kind, str]] = Counter()
        self._items: dict[_Kind, Item] = {}
        self._characters = 0
        self._dropped_at = 1

    def add(self, item: Item) -> None:
        """Count the sentences of an item."""
        if item.route != "queue":
            return
        self._characters += len(item.text)
        if item.text_format != "plain":
            return
        kind = (item.voice, item.speaker, item.response_format, item.sample_rate)
        self._items.setdefault(kind, item)
        self._counts.update((kind, part) for part in SENTENCE_END.split(item.text) if 0 < len(part) <= _LONGEST)
        while len(self._counts) > _MOST_COUNTED:
            self._counts = Counter({key: count for key, count in self._counts.items() if count > self._dropped_at})
            self._dropped_at += len(self._counts) > _MOST_COUNTED // 2

    def shared(self, voices: Voices, *, tenant: str, processes: int) -> Shared:
        """Return the sentences of at least two items, most frequent first.

        At most `processes` functions synthesize at once; without packs, each would synthesize a sentence once.
        """
        chosen: list[Item] = []
        seconds = saved = covered = 0.0
        size = 0
        processes = min(processes, MOST_PACKS)
        for (kind, text), count in self._counts.most_common():
            if count == 1:
                break
            item = self._items[kind].model_copy(update={"text": text, "id": "", "line": len(chosen) + 1})
            item = item.model_copy(update={"audio_key": audio_key(item.script, tenant, voices)})
            pace = pace_of(voices[item.voice].engine)
            audio = len(text) / pace.characters / item.speed
            covered += len(text) * count
            if (size := size + file_bytes(item, audio)) > _MOST_BYTES or seconds > processes * MOST_SECONDS:
                break
            chosen.append(item)
            seconds += audio * pace.processor_seconds
            saved += audio * pace.processor_seconds * (min(count, processes) - 1)
        new = max(0.0, 1 - covered / self._characters) if self._characters else 1.0
        if saved < PACK_SECONDS:
            return Shared([], new)
        packs = max(1, min(processes, len(chosen), round(seconds / PACK_SECONDS)))
        return Shared([chosen[at::packs] for at in range(packs)], new)


def pack_key(sentences: Sequence[Item]) -> str:
    """Return the key of a pack in the cache of its tenant."""
    return f"pack-{sha256('\n'.join(sentence.audio_key for sentence in sentences).encode()).hexdigest()}"


class SharedPack(BaseModel):
    """The result of a pack, which is passed to each chunk."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str | None = None
    """None if there is no such pack."""
    price: str = "0"
    """US dollars, divided among all items of the batch."""
    spoken: int = 0
    """Sentences that were synthesized; the first chunk counts them."""


@dataclass(frozen=True)
class SharedBefore:
    """The packs of a batch that were synthesized before its chunks."""

    packs: Sequence[SharedPack] = ()
    items: int = 1
    """Items of the batch, which share the price of the packs."""

    @property
    def keys(self) -> list[str]:
        """The keys of the packs that exist."""
        return [pack.key for pack in self.packs if pack.key]

    @property
    def price(self) -> Decimal:
        """The share of an item in US dollars."""
        return sum((Decimal(pack.price) for pack in self.packs), Decimal(0)) / max(1, self.items)

    @property
    def spoken(self) -> int:
        """Sentences that were synthesized."""
        return sum(pack.spoken for pack in self.packs)


NO_PACKS = SharedBefore()
