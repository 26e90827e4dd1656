"""Store lexicons of tenants by name and version, and find those of a request. herald.speech.lexicons applies them."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict

from herald.clock import Clock
from herald.errors import HeraldError, InvalidRequest, Unavailable, UnknownLexicon
from herald.jobs.script import LexiconReference, check_tenant, lexicon_checksum
from herald.speech.lexicons.lexicon import EMOJI, MOST_LEXICONS, EmojiNames, Lexicon, emoji_names

NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
"""Names of lexicons. They include all names that Polly allows, which have up to 20 letters and digits."""
MOST_OF_A_TENANT = 100
_ATTEMPTS = 5
_EMOJI_REFERENCES: Mapping[LexiconReference, EmojiNames] = {
    f"{EMOJI}/{names.checksum}-{'0' * 16}": names for names in emoji_names()
}


class LexiconCard(BaseModel):
    """A stored lexicon without its entries."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    version: int
    """From 1; each change of the content adds one."""
    reference: LexiconReference
    language: str | None
    entries: int
    default: bool
    """Whether it applies to requests that name no lexicons."""
    updated_at: datetime

    @property
    def checksum(self) -> str:
        """The lexicon's own checksum, which is part of the keys of files."""
        return lexicon_checksum(self.reference)


class LexiconIndex(BaseModel):
    """The lexicons of a tenant by name. `revision` grows with each change; 0 before the first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    revision: int = 0
    cards: dict[str, LexiconCard] = {}

    @property
    def defaults(self) -> list[LexiconCard]:
        """The lexicons of requests that name none, by name."""
        return [card for _, card in sorted(self.cards.items()) if card.default]


class Chosen(NamedTuple):
    """A lexicon that applies to a request."""

    reference: LexiconReference
    lexicon: Lexicon


class LexiconStore(Protocol):
    """Stores the index of each tenant, and the contents of versions."""

    def index(self, tenant: str) -> LexiconIndex:
        """Return the current index of a tenant; an empty one if it has none."""
        ...

    def replace(self, tenant: str, index: LexiconIndex, *, before: int) -> bool:
        """Store an index if the current revision is `before`; return whether it was stored."""
        ...

    def put(self, reference: LexiconReference, lexicon: Lexicon) -> None:
        """Store the content of a version."""
        ...

    def get(self, reference: LexiconReference) -> Lexicon:
        """Return the content of a version; raise UnknownLexicon if it was deleted."""
        ...

    def release(self, reference: LexiconReference) -> None:
        """Make the content of a version expire that is no longer current. Jobs that use it can read it until then."""
        ...


@dataclass(kw_only=True)
class LexiconService:
    """The lexicons of tenants."""

    store: LexiconStore
    clock: Clock

    def list(self, tenant: str) -> list[LexiconCard]:
        """Return the tenant's lexicons, by name."""
        return [card for _, card in sorted(self.store.index(tenant).cards.items())]

    def find(self, tenant: str, name: str) -> tuple[LexiconCard, Lexicon]:
        """Return a lexicon; raise UnknownLexicon if the tenant has none of that name."""
        card = _card(self.store.index(tenant), name)
        return card, self.store.get(card.reference)

    def put(self, tenant: str, name: str, lexicon: Lexicon, *, default: bool | None = None) -> tuple[LexiconCard, bool]:
        """Store a lexicon under a name; return it, and whether the name is new.

        `default` None leaves this setting unchanged. Storing the same content again creates no new version. Raise
        InvalidRequest with the code too_many_lexicons for more than MOST_OF_A_TENANT lexicons, or more than
        MOST_LEXICONS defaults.
        """
        reference = f"{check_tenant(tenant)}/{lexicon.checksum}-{secrets.token_hex(8)}"
        stored = False

        def change(index: LexiconIndex) -> dict[str, LexiconCard]:
            nonlocal stored
            old = index.cards.get(name)
            applies = old is not None and old.default if default is None else default
            same = old is not None and old.checksum == lexicon.checksum
            if old is not None and same and old.default == applies:
                return index.cards
            card = LexiconCard(
                name=name,
                version=(old.version if old else 0) + (not same),
                reference=old.reference if old is not None and same else reference,
                language=lexicon.language,
                entries=len(lexicon.entries),
                default=applies,
                updated_at=self.clock(),
            )
            cards = index.cards | {name: card}
            _check_counts(cards)
            if not same and not stored:
                self.store.put(reference, lexicon)
                stored = True
            return cards

        try:
            before, after = self._change(tenant, change)
        except HeraldError as error:
            # After Unavailable, the index may contain the new version, whose content must not expire.
            if stored and not isinstance(error, Unavailable):
                self._release(reference)
            raise
        old, card = before.cards.get(name), after.cards[name]
        if stored and card.reference != reference:
            self._release(reference)  # another process stored the same content meanwhile
        if old is not None and old.reference != card.reference:
            self._release(old.reference)
        return card, old is None

    def delete(self, tenant: str, name: str) -> LexiconCard:
        """Delete a lexicon and return it; raise UnknownLexicon if the tenant has none of that name."""

        def change(index: LexiconIndex) -> dict[str, LexiconCard]:
            _card(index, name)
            return {other: card for other, card in index.cards.items() if other != name}

        before, _ = self._change(tenant, change)
        self._release(before.cards[name].reference)
        return before.cards[name]

    def chosen(self, tenant: str, names: Sequence[str] | None) -> tuple[Chosen, ...]:
        """Return the lexicons that a request names, in this order; if `names` is None, the tenant's defaults.

        Raise InvalidRequest with the code unknown_lexicon for a name that the tenant does not have.
        """
        if names is not None and not names:
            return ()
        # The lexicon for emoji is not in the table.
        index = self.store.index(tenant) if names is None or {*names} != {EMOJI} else LexiconIndex()
        for position, name in enumerate(names or ()):
            if name not in index.cards and name != EMOJI:
                raise InvalidRequest(
                    "There is no lexicon with that name. List those of your tenant: GET /v1/lexicons.",
                    param=f"lexicons.{position}",
                    code="unknown_lexicon",
                )
        if names is None:
            references = [card.reference for card in index.defaults]
        else:
            references = [
                reference
                for name in dict.fromkeys(names)
                for reference in (_EMOJI_REFERENCES if name == EMOJI else [index.cards[name].reference])
            ]
        return tuple(Chosen(reference, self.content(reference)) for reference in references)

    def content(self, reference: LexiconReference) -> Lexicon:
        """Return the content of a version; raise UnknownLexicon if it was deleted."""
        return _EMOJI_REFERENCES.get(reference) or self.store.get(reference)

    def _change(
        self, tenant: str, change: Callable[[LexiconIndex], dict[str, LexiconCard]]
    ) -> tuple[LexiconIndex, LexiconIndex]:
        """Change the index of a tenant; return it before and after. `change` is called again after a conflict."""
        for _ in range(_ATTEMPTS):
            before = self.store.index(tenant)
            cards = change(before)
            if cards == before.cards:
                return before, before
            after = LexiconIndex(revision=before.revision + 1, cards=cards)
            if self.store.replace(tenant, after, before=before.revision):
                return before, after
        raise Unavailable("Several requests are changing the lexicons of this tenant. Try again.")

    def _release(self, reference: LexiconReference) -> None:
        # The content stays if this fails, which costs a fraction of a cent.
        with suppress(Unavailable):
            self.store.release(reference)


def _card(index: LexiconIndex, name: str) -> LexiconCard:
    if name not in index.cards:
        raise UnknownLexicon("There is no lexicon with that name.")
    return index.cards[name]


def _check_counts(cards: dict[str, LexiconCard]) -> None:
    if len(cards) > MOST_OF_A_TENANT:
        raise InvalidRequest(
            f"Your tenant already has {MOST_OF_A_TENANT} lexicons, the limit. Delete one, or add words to one.",
            code="too_many_lexicons",
        )
    if sum(card.default for card in cards.values()) > MOST_LEXICONS:
        raise InvalidRequest(
            f"Your tenant already has {MOST_LEXICONS} lexicons that apply by default, the limit. Set default=false "
            "for one of them.",
            param="default",
            code="too_many_lexicons",
        )
