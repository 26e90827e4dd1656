"""From rows to items, each exactly as a job of its text would be, and from items to chunks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from herald.errors import InvalidInput, InvalidRequest, TextTooLong
from herald.jobs.batches.items import Chunk, Item, ItemRoute
from herald.jobs.batches.request import Order
from herald.jobs.batches.rows import Row, RowError
from herald.jobs.batches.template import Template
from herald.jobs.content import audio_key
from herald.jobs.intake import Voices
from herald.jobs.route import Policy, decide_request
from herald.jobs.script import Script
from herald.jobs.voices import VoiceNames
from herald.speech.text import speakable

MOST_CHARACTERS = 100_000
"""Of a chunk, at speed 1: 270 s of a worker by herald.jobs.estimate, less than a third of the 15 min that it has."""
_ANYTHING = "a"
_MOST_MANNERS = 256

type _Manner = tuple[Script, ItemRoute]


@dataclass(frozen=True, kw_only=True)
class Planner:
    """Plans one batch. What repeats from row to row, voices and formats, is resolved once."""

    order: Order
    tenant: str
    names: VoiceNames
    voices: Voices
    policy: Policy
    max_characters: int

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that the manifest has to have."""
        return self._template.fields if self._template else ("text",)

    def check(self) -> None:
        """InvalidInput where the batch's own voice, format and sample rate do not go together."""
        self._manner("", "")

    def plan(self, rows: Iterable[Row | RowError]) -> Iterator[Chunk | RowError]:
        """Chunks as they fill, and errors as they come."""
        number = 0
        for part in self._parts(rows):
            if isinstance(part, RowError):
                yield part
            else:
                yield Chunk(number=number, items=part)
                number += 1

    def item(self, row: Row) -> Item | RowError:
        """The item of a row, or why it is none."""
        try:
            return self._item(row)
        except InvalidInput as error:
            return row.refused(error)

    def _parts(self, rows: Iterable[Row | RowError]) -> Iterator[list[Item] | RowError]:
        """An item of the GPU is a chunk of its own, as its call is."""
        held: list[Item] = []
        weight = 0.0
        for row in rows:
            item = self.item(row) if isinstance(row, Row) else row
            if isinstance(item, RowError):
                yield item
            elif item.route == "gpu":
                yield [item]
            else:
                if held and (len(held) == self.order.items_per_child or weight + _weight(item) > MOST_CHARACTERS):
                    yield held
                    held, weight = [], 0.0
                held.append(item)
                weight += _weight(item)
        if held:
            yield held

    def _item(self, row: Row) -> Item:
        text = self._text(row.values)
        self._check_length(len(text))
        script, route = self._script(text, row.values.get("voice", "").strip(), row.values.get("format", "").strip())
        return Item(
            line=row.line,
            id=row.id,
            text=text,
            voice=script.lines[0].voice,
            speaker=script.lines[0].speaker,
            response_format=script.response_format,
            sample_rate=script.sample_rate,
            speed=script.speed,
            route=route,
            audio_key=audio_key(script, self.tenant, self.voices),
            characters=script.characters,
        )

    def _text(self, values: dict[str, str]) -> str:
        """What a row says: its own text, where the template has no use for that; else the template with its values."""
        own = values.get("text", "")
        if own.strip() and "text" not in self._template_fields:
            return own
        if self._template is None:
            raise _missing("`text`")
        if empty := self._template.empty_field(values):
            raise _missing(f"field {empty} of the template")
        self._check_length(self._template.length(values))
        return self._template.render(values)

    def _check_length(self, characters: int) -> None:
        if characters > self.max_characters:
            raise TextTooLong(f"The text has {characters} characters; at most {self.max_characters} are spoken.")

    def _script(self, text: str, voice: str, response_format: str) -> _Manner:
        """As decide_request would have it: only a text over this length can change the route."""
        if len(text) > self.policy.longform_characters:
            return self._decided(text, voice, response_format)
        try:
            script, route = self._manner(voice, response_format)
        except InvalidInput:
            # Of all that is wrong, a job tells one thing; so does its row.
            return self._decided(text, voice, response_format)
        speakable(text)
        line = script.lines[0].model_copy(update={"text": text})
        return script.model_copy(update={"lines": (line,)}), route

    def _decided(self, text: str, voice: str, response_format: str) -> _Manner:
        request = self.order.job(text, voice=voice, response_format=response_format)
        script, decision = decide_request(request, self.names, self.voices, self.policy, waiting=False)
        return script, "gpu" if decision.route == "gpu" else "queue"

    @cached_property
    def _template(self) -> Template | None:
        return self.order.parsed_template

    @cached_property
    def _template_fields(self) -> frozenset[str]:
        return frozenset(self._template.fields if self._template else ())

    @cached_property
    def _manner(self) -> Callable[[str, str], _Manner]:
        """Script and route of any short text, by voice and format."""
        return lru_cache(maxsize=_MOST_MANNERS)(
            lambda voice, response_format: self._decided(_ANYTHING, voice, response_format)
        )


def _weight(item: Item) -> float:
    """Characters, as many as take the same time at speed 1."""
    return item.characters / item.speed


def _missing(what: str) -> InvalidRequest:
    return InvalidRequest(f"The row has nothing for {what}.", code="missing_value")
