"""Turn rows into items, with the same validation and routing as a job, and group items into chunks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from herald.batches.batch_request import Order
from herald.batches.item import Chunk, Item, ItemRoute
from herald.batches.manifest_row import Row, RowError
from herald.batches.template import Template
from herald.errors import InvalidInput, InvalidRequest, TextTooLong
from herald.jobs.content import audio_key
from herald.jobs.resolve import Voices, check_readable
from herald.jobs.routing import Policy, decide_request
from herald.jobs.script import Script
from herald.jobs.voice_names import VoiceNames
from herald.speech.text import speakable

MOST_CHARACTERS = 100_000
"""Most characters of a chunk, at speed 1. By herald.jobs.estimate a worker needs 270 s, a third of its 15 min."""
_SHORT_TEXT = "a"
_MOST_RESOLUTIONS = 256

type _Resolution = tuple[Script, ItemRoute]


@dataclass(frozen=True, kw_only=True)
class ItemPlanner:
    """Plans one batch. Each combination of voice and format is resolved once, not for every row."""

    order: Order
    tenant: str
    names: VoiceNames
    voices: Voices
    policy: Policy
    max_characters: int

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that the manifest must have."""
        return self._template.fields if self._template else ("text",)

    def check(self) -> None:
        """Raise InvalidInput if the batch's default voice, format and sample rate are not a valid combination."""
        self._resolved("", "")

    def plan(self, rows: Iterable[Row | RowError]) -> Iterator[Chunk | RowError]:
        """Yield each chunk once it is full, and each error where it occurs."""
        number = 0
        for part in self._parts(rows):
            if isinstance(part, RowError):
                yield part
            else:
                yield Chunk(number=number, items=part)
                number += 1

    def item(self, row: Row) -> Item | RowError:
        """Return the item of a row, or the reason why the row is invalid."""
        try:
            return self._item(row)
        except InvalidInput as error:
            return row.refused(error)

    def _parts(self, rows: Iterable[Row | RowError]) -> Iterator[list[Item] | RowError]:
        """Group items by count and characters. A GPU item forms its own chunk, because each is a separate call."""
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
        """Return the row's own `text`, if set and not a field of the template, else the rendered template."""
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
            raise TextTooLong(f"The text has {characters} characters; the limit is {self.max_characters}.")

    def _script(self, text: str, voice: str, response_format: str) -> _Resolution:
        """Resolve a row as decide_request does. Only a text over `longform_characters` can change the route."""
        if len(text) > self.policy.longform_characters:
            return self._decided(text, voice, response_format)
        try:
            script, route = self._resolved(voice, response_format)
        except InvalidInput:
            # Repeat with the real text, so that the row reports the same error as a job with several faults.
            return self._decided(text, voice, response_format)
        speakable(text)
        check_readable(text, self.voices[script.lines[0].voice])
        line = script.lines[0].model_copy(update={"text": text})
        return script.model_copy(update={"lines": (line,)}), route

    def _decided(self, text: str, voice: str, response_format: str) -> _Resolution:
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
    def _resolved(self) -> Callable[[str, str], _Resolution]:
        """Return a cached function from voice and format to the script and route of a short text."""
        return lru_cache(maxsize=_MOST_RESOLUTIONS)(
            lambda voice, response_format: self._decided(_SHORT_TEXT, voice, response_format)
        )


def _weight(item: Item) -> float:
    """Return the number of characters that take as long at speed 1 as this item at its own speed."""
    return item.characters / item.speed


def _missing(what: str) -> InvalidRequest:
    return InvalidRequest(f"The row has no value for {what}.", code="missing_value")
