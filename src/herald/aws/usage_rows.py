"""Usage of a tenant's day as a row of DynamoDB: what it holds, and the writes that change it.

The row usage#<tenant>#<day> has characters, requests, and key_<account> for the characters of each caller.

A write that counts leaves a mark, open_<id>, in the row, on condition that the mark is not there: a second copy of the
write changes nothing. Closing the entry removes the mark. If copies may still be on their way, closing leaves shut_<id>
for a minute, which stops them too. A mark that is older than any function runs was left by a process that died.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from herald.aws.changes import Change
from herald.aws.rows import Row, Value
from herald.jobs.caller import Caller
from herald.jobs.quotas import DayOfUse, Entry

_OF_ACCOUNT, _OPEN, _SHUT = "key_", "open_", "shut_"
_ABANDONED = timedelta(minutes=20)
"""Age of an open entry that nobody will close: functions run for 15 minutes at most, and their clocks differ."""
_SHUT_FOR = timedelta(minutes=1)
"""How long a copy of a write may be on its way; one that comes even later is given back as an abandoned entry."""
_MOST_SHUT = 100
"""Marks of closed entries in a row at most, so that it stays small while DynamoDB is slow."""
_STALE_AT_ONCE = 50
"""Old marks that one write removes."""
_KEPT = timedelta(days=400)
"""Life of a row, for bills of a year."""


def place(tenant: str, day: date) -> str:
    """The id of the row of a tenant's day."""
    return f"usage#{tenant}#{day.isoformat()}"


def place_of(entry: Entry) -> str:
    """The id of the row in which an entry counts."""
    return place(entry.caller.tenant, entry.day)


def mark_of(entry: Entry) -> str:
    """The attribute that an open entry has in its row."""
    return f"{_OPEN}{entry.id}"


def adding(caller: Caller, day: date, characters: int, requests: int = 1) -> Change:
    """Add to the sums, if the caller's quota has room for that."""
    change = Change()
    account = f"{_OF_ACCOUNT}{caller.account}"
    change.add({"characters": characters, "requests": requests, account: characters})
    change.set({"expires": _number(start_of(day + _KEPT))})
    if caller.characters_a_day is not None and characters > 0:
        change.require(change.at_most(account, caller.characters_a_day - characters))
    return change


def counting(entry: Entry) -> Change:
    """Count an entry, once, and leave its mark."""
    change = adding(entry.caller, entry.day, entry.characters)
    note = f"{int(entry.at.timestamp())} {entry.characters} {entry.caller.account}"
    change.set({mark_of(entry): {"S": note}})
    change.require(change.lacks(mark_of(entry)))
    change.require(change.lacks(_shut(entry)))
    return change


def uncounting(entry: Entry, *, retried: bool = False) -> Change:
    """Take an entry out of the sums, if its mark is there, and remove that."""
    change = adding(entry.caller, entry.day, -entry.characters, -1)
    change.remove([mark_of(entry)])
    change.require(change.has(mark_of(entry)))
    return _shutting(change, entry) if retried else change


def keeping(entry: Entry, stale: list[str], *, retried: bool) -> Change:
    """Close an entry that stays counted, and remove old marks."""
    change = Change()
    change.remove([mark_of(entry), *(name for name in stale if name != _shut(entry))])
    return _shutting(change, entry) if retried else change


def barring(entry: Entry) -> Change:
    """Keep an entry that has not arrived from being counted when it does."""
    change = Change()
    change.require(change.lacks(mark_of(entry)))
    return _shutting(change, entry)


def is_barred(entry: Entry, row: Row) -> bool:
    """Whether a row stops copies of an entry."""
    return _shut(entry) in row


def abandoned(row: Row, now: datetime) -> Iterator[Entry]:
    """The entries that have been open for too long: their processes died."""
    for name, value in row.items():
        if not name.startswith(_OPEN):
            continue
        try:
            second, characters, account = value["S"].split()
            at, counted = datetime.fromtimestamp(int(second), UTC), int(characters)
        except (LookupError, ValueError):  # damaged, or written by a newer version, which closes it
            continue
        if now - at > _ABANDONED:
            tenant = row["id"]["S"].split("#")[1]
            caller = Caller(tenant=tenant, key=None if account == tenant else account)
            yield Entry(id=name.removeprefix(_OPEN), caller=caller, at=at, characters=counted)


def stale_marks(row: Row, now: datetime) -> list[str]:
    """Marks of closed entries that are needed no more, or are too many."""
    shut = sorted((int(value["N"]), name) for name, value in row.items() if name.startswith(_SHUT) and "N" in value)
    spare = len(shut) - _MOST_SHUT
    until = (now - _SHUT_FOR).timestamp()
    return [name for at, (second, name) in enumerate(shut) if second < until or at < spare][:_STALE_AT_ONCE]


def day_of_use(row: Row, now: datetime) -> DayOfUse:
    """What a row says, without abandoned entries."""
    numbers = {name: int(value["N"]) for name, value in row.items() if "N" in value}
    for entry in abandoned(row, now):
        numbers["characters"] -= entry.characters
        numbers["requests"] -= 1
        numbers[f"{_OF_ACCOUNT}{entry.caller.account}"] -= entry.characters
    accounts = {name.removeprefix(_OF_ACCOUNT): it for name, it in numbers.items() if name.startswith(_OF_ACCOUNT)}
    return DayOfUse(characters=numbers["characters"], requests=numbers["requests"], by_account=accounts)


def start_of(day: date) -> int:
    """The beginning of a day (UTC), in seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _shut(entry: Entry) -> str:
    return f"{_SHUT}{entry.id}"


def _shutting(change: Change, entry: Entry) -> Change:
    change.set({_shut(entry): _number(int(entry.at.timestamp()))})
    return change


def _number(value: int) -> Value:
    return {"N": str(value)}
