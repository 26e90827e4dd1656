"""Plan the items of a batch: validate its rows, and group them in blocks.

A row is validated and routed like a job.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from herald.batches.archive import EXPECTED_ARCHIVE_BYTES
from herald.batches.batch_request import Order
from herald.batches.chunking import LEAST_SECONDS, MOST_SECONDS, Block
from herald.batches.items import SPOKEN_FIELDS, Item, ItemRoute
from herald.batches.rows import DecimalText, Row, RowError, Template, check_length, own_text, row_text
from herald.errors import GpuNotDeployed, InvalidInput
from herald.jobs.job_price import file_bytes
from herald.jobs.job_request import text_length
from herald.jobs.lexicon_service import Chosen
from herald.jobs.request_fields import format_of
from herald.jobs.resolve import Resolver, check_readable, check_speakable
from herald.jobs.script import Script, audio_key
from herald.pricing.pace import pace_of
from herald.speech.reading.languages import decimal_mark

_BLOCK = 10
"""Items of a block. Chunks of equal expected time are joined from blocks."""
_SHORT_TEXT, _SHORT_DOCUMENT = "a", "<speak>a</speak>"
_MOST_RESOLUTIONS = 256

type _Resolution = tuple[Script, ItemRoute]


@dataclass(frozen=True, kw_only=True)
class ItemPlanner:
    """Plans the items of one batch. Each combination of voice and format is resolved once, not for every row."""

    order: Order
    tenant: str
    resolver: Resolver
    max_characters: int
    lexicons: Sequence[Chosen] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that the manifest must have."""
        return self._template.fields if self._template else ("text",)

    def check(self) -> None:
        """Raise InvalidInput if the batch's default voice, format and sample rate are not a valid combination."""
        self._resolved("", "")

    def plan(self, rows: Iterable[Row | RowError]) -> Iterator[list[Item] | RowError]:
        """Yield each block of items once it is full, and each error where it occurs.

        With `items_per_child` in the order, blocks are the chunks: limited by their items, by the expected time of the
        synthesis and by the size of an archive. A GPU item forms its own block, because each is a separate call.
        """
        held: list[Item] = []
        seconds, size = 0.0, 0
        most, longest = (
            self.order.items_per_child or _BLOCK,
            MOST_SECONDS if self.order.items_per_child else LEAST_SECONDS,
        )
        for row in rows:
            item = self.item(row) if isinstance(row, Row) else row
            if isinstance(item, RowError):
                yield item
                continue
            if item.route == "gpu":
                yield [item]
                continue
            added, bytes_added = self._expected(item)
            if held and (len(held) == most or seconds + added > longest or size + bytes_added > EXPECTED_ARCHIVE_BYTES):
                yield held
                held, seconds, size = [], 0.0, 0
            held.append(item)
            seconds, size = seconds + added, size + bytes_added
        if held:
            yield held

    def block(self, items: list[Item], size: int) -> Block:
        """Return the description of a block that `plan` has yielded and that has `size` bytes in the plan."""
        seconds, audio_bytes = zip(*map(self._expected, items), strict=True)
        return Block(items[0].route, len(items), size, sum(seconds), sum(audio_bytes))

    def _expected(self, item: Item) -> tuple[float, int]:
        """Return the expected processor seconds of an item, and the size of its file in an archive in bytes."""
        voices = [item.voice, *(member.voice for member in item.cast.values())]
        pace = max(
            (pace_of(self.resolver.voices[voice].engine) for voice in voices), key=lambda pace: pace.processor_seconds
        )
        audio = item.characters / item.speed / pace.characters
        return audio * pace.processor_seconds, file_bytes(item, audio) if self.order.delivery == "zip" else 0

    def item(self, row: Row) -> Item | RowError:
        """Return the item of a row, or the reason why the row is invalid."""
        voice, response_format = (row.values.get(name, "").strip() for name in ("voice", "format"))
        try:
            text = self._text(self._in_language(row.values, voice))
            self._check_length(text)
            script, route = self._script(text, voice, response_format)
        except InvalidInput as error:
            return row.refused(error)
        return Item(
            line=row.line,
            id=row.id,
            text=text,
            voice=script.lines[0].voice,
            speaker=script.lines[0].speaker,
            **{name: getattr(script, name) for name in SPOKEN_FIELDS},
            route=route,
            audio_key=audio_key(script, self.tenant, self.resolver.voices),
            characters=script.characters,
        )

    def size(self, row: Row) -> int:
        """Return the number of characters that `item` processes for a row, including the template and its tags."""
        own = own_text(self._template, row.values)
        return self._template.size(row.values) if self._template and own is None else len(own or "")

    def value_error(self, row: Row) -> RowError | None:
        """Return why the values of a row are invalid, or None. Voice, format, letters and SSML are not checked.

        The template is not rendered, which takes time for a long one.
        """
        try:
            if self._template and own_text(self._template, row.values) is None:
                self._template.check(row.values, self.max_characters)
            else:
                self._check_length(self._text(row.values))
        except InvalidInput as error:
            return row.refused(error)
        return None

    def _text(self, values: dict[str, str]) -> str:
        return row_text(self._template, values, most=self.max_characters, input_type=self.order.input_type)

    def _in_language(self, values: dict[str, str], voice: str) -> dict[str, str]:
        """Return the values of a row with the decimal mark of its voice's language: German reads 1.500 as 1500."""
        decimals = {name: value for name, value in values.items() if isinstance(value, DecimalText) and "." in value}
        if not decimals:
            return values
        info = self.resolver.voices[self._resolved(voice, "")[0].lines[0].voice]
        if len(info.languages) > 1:
            return values
        mark = decimal_mark(info.language)
        return values | {name: value.with_mark(mark) for name, value in decimals.items()}

    def _check_length(self, text: str) -> None:
        check_length(text_length(text, self.order.input_type), self.max_characters)

    def _script(self, text: str, voice: str, response_format: str) -> _Resolution:
        """Resolve a row as a job would be. Only a text over `longform_characters` can change the route."""
        if len(text) > self.resolver.policy.longform_characters:
            return self._resolve(text, voice, response_format)
        try:
            text_format = format_of(text, self.order.text_format, self.order.input_type)
            if text_format == "ssml":
                return self._resolve(text, voice, response_format)
            script, route = self._resolved(voice, response_format)
        except InvalidInput:
            # Repeat with the real text, so that the row reports the same error as a job with several faults.
            return self._resolve(text, voice, response_format)
        line = script.lines[0]
        info = self.resolver.voices[line.voice]
        check_speakable(text, info, text_format, self.lexicons, line.language)
        check_readable(text, info, text_format, self.lexicons)
        return script.model_copy(
            update={"lines": (line.model_copy(update={"text": text}),), "text_format": text_format}
        ), route

    def _resolve(self, text: str, voice: str, response_format: str) -> _Resolution:
        request = self.order.job(text, voice=voice, response_format=response_format)
        script, decision = self.resolver.resolve(request, waiting=False, lexicons=self.lexicons)
        if decision.route == "kokoro":
            raise GpuNotDeployed(
                f"In a batch, the voice {script.lines[0].voice} needs the GPU, which is not deployed (GpuImage). "
                "On CPU, it speaks single jobs.",
                param="voice",
            )
        return script, "gpu" if decision.route == "gpu" else "queue"

    @cached_property
    def _template(self) -> Template | None:
        return self.order.parsed_template

    @cached_property
    def _resolved(self) -> Callable[[str, str], _Resolution]:
        """Return a cached function from voice and format to the script and route of a short text."""
        return lru_cache(maxsize=_MOST_RESOLUTIONS)(
            lambda voice, response_format: self._resolve(
                _SHORT_DOCUMENT if self.order.input_type == "ssml" else _SHORT_TEXT, voice, response_format
            )
        )
