"""The rows that count a tenant's usage, in the DynamoDB table of API keys, and its spend by day, in the table of jobs.

Rows: usage#<tenant>#<day>, rate#<account>#<second> (requests), batch#<id> (a batch that was counted). All have
`expires`, the time to live. The first contain `characters`, `requests`, and `key_<account>`, the characters of each
caller. `picodollars` is the price of the day's responses. It is added by the update that closes their entry, so that it
costs no write of its own.

An update that counts an entry sets the mark open_<id>, on condition that the mark does not exist, so that a repeated
request changes nothing. Closing the entry removes the mark. If repeated requests may still be in flight, closing also
sets shut_<id> for a minute, which stops them. A mark older than the time limit of any function belongs to a process
that died.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from herald.auth.caller import Caller
from herald.auth.quotas import DayOfUse, UsageEntry
from herald.aws.clients import translate_errors
from herald.aws.dynamo import Change, DynamoTable, Row, Value, read, read_rows, retry_conflicts
from herald.errors import UnreadableRow
from herald.jobs.ports import Spend

_OF_ACCOUNT, _OPEN, _SHUT = "key_", "open_", "shut_"
_ABANDONED = timedelta(minutes=20)
"""Age at which an open entry counts as abandoned: functions run for at most 15 minutes, plus clock skew."""
_SHUT_FOR = timedelta(minutes=1)
"""The time for which a repeated request may be in flight. One that arrives later becomes an abandoned entry."""
_MOST_SHUT = 100
"""Most marks of closed entries in a row, to keep it small while DynamoDB is slow."""
_STALE_AT_ONCE = 50
"""Most stale marks that one update removes."""
_KEPT = timedelta(days=400)
"""Lifetime of a row, enough to bill a year."""
PICODOLLARS = "picodollars"
"""Attribute with a sum of prices. Prices have 12 decimal places, so the sum is an integer, and exact."""
_DIGITS = 12


def row_id(tenant: str, day: date) -> str:
    """Return the id of the row of a tenant's day."""
    return f"usage#{tenant}#{day.isoformat()}"


def row_of(entry: UsageEntry) -> str:
    """Return the id of the row that counts an entry."""
    return row_id(entry.caller.tenant, entry.day)


def open_mark(entry: UsageEntry) -> str:
    """Return the name of the attribute that marks an open entry."""
    return f"{_OPEN}{entry.id}"


def adding(caller: Caller, day: date, characters: int, requests: int = 1) -> Change:
    """Return the update that adds to the sums, on condition that the caller's daily quota is not exceeded."""
    change = Change()
    account = f"{_OF_ACCOUNT}{caller.account}"
    change.add({"characters": characters, "requests": requests, account: characters})
    change.set({"expires": expiry_of(day)})
    if caller.characters_a_day is not None and characters > 0:
        change.require(change.at_most(account, caller.characters_a_day - characters))
    return change


def counting(entry: UsageEntry) -> Change:
    """Return the update that counts an entry once and sets its mark."""
    change = adding(entry.caller, entry.day, entry.characters)
    note = f"{int(entry.at.timestamp())} {entry.characters} {entry.caller.account}"
    change.set({open_mark(entry): {"S": note}})
    change.require(change.lacks(open_mark(entry)))
    change.require(change.lacks(_shut(entry)))
    return change


def uncounting(entry: UsageEntry, *, retried: bool = False) -> Change:
    """Return the update that subtracts an entry and removes its mark, on condition that the mark exists."""
    change = adding(entry.caller, entry.day, -entry.characters, -1)
    change.remove([open_mark(entry)])
    change.require(change.has(open_mark(entry)))
    return _shutting(change, entry) if retried else change


def keeping(entry: UsageEntry, stale: list[str], *, retried: bool, spend: Decimal = Decimal(0)) -> Change:
    """Return the update that closes an entry, which stays counted, adds its price, and removes stale marks."""
    change = Change()
    change.remove([open_mark(entry), *(name for name in stale if name != _shut(entry))])
    if spend:
        change.add({PICODOLLARS: to_picodollars(spend)})
        change.require(change.has(open_mark(entry)))  # a repeated request adds nothing
    return _shutting(change, entry) if retried else change


def barring(entry: UsageEntry) -> Change:
    """Return the update that prevents an entry from being counted if its request arrives late."""
    change = Change()
    change.require(change.lacks(open_mark(entry)))
    return _shutting(change, entry)


def is_barred(entry: UsageEntry, row: Row) -> bool:
    """Return whether a row blocks repeated requests of an entry."""
    return _shut(entry) in row


def abandoned(row: Row, now: datetime) -> Iterator[UsageEntry]:
    """Yield the entries of processes that died: those open for longer than _ABANDONED."""
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
            yield UsageEntry(id=name.removeprefix(_OPEN), caller=caller, at=at, characters=counted)


def stale_marks(row: Row, now: datetime) -> list[str]:
    """Return marks of closed entries that have expired or exceed the limit."""
    shut = sorted((int(value["N"]), name) for name, value in row.items() if name.startswith(_SHUT) and "N" in value)
    spare = len(shut) - _MOST_SHUT
    until = (now - _SHUT_FOR).timestamp()
    return [name for at, (second, name) in enumerate(shut) if second < until or at < spare][:_STALE_AT_ONCE]


def day_of_use(row: Row, now: datetime) -> DayOfUse:
    """Return the usage in a row, without abandoned entries."""
    numbers = {name: int(value["N"]) for name, value in row.items() if "N" in value}
    for entry in abandoned(row, now):
        numbers["characters"] -= entry.characters
        numbers["requests"] -= 1
        numbers[f"{_OF_ACCOUNT}{entry.caller.account}"] -= entry.characters
    accounts = {
        name.removeprefix(_OF_ACCOUNT): characters
        for name, characters in numbers.items()
        if name.startswith(_OF_ACCOUNT)
    }
    return DayOfUse(
        characters=numbers["characters"],
        requests=numbers["requests"],
        by_account=accounts,
        spend=to_dollars(numbers.get(PICODOLLARS, 0)),
    )


def expiry_of(day: date) -> Value:
    """Return the time to live of a row of a day."""
    return _number(start_of(day + _KEPT))


def to_picodollars(price: Decimal) -> int:
    """Return a price in US dollars as it is stored."""
    return int(price.scaleb(_DIGITS).to_integral_value())


def to_dollars(picodollars: int) -> Decimal:
    """Return a stored price in US dollars."""
    return Decimal(picodollars).scaleb(-_DIGITS)


def start_of(day: date) -> int:
    """Return the start of a day in UTC, in Unix seconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _shut(entry: UsageEntry) -> str:
    return f"{_SHUT}{entry.id}"


def _shutting(change: Change, entry: UsageEntry) -> Change:
    change.set({_shut(entry): _number(int(entry.at.timestamp()))})
    return change


def _number(value: int) -> Value:
    return {"N": str(value)}


class SpendingTable(DynamoTable):
    """A table whose rows are changed together with the spend of a tenant."""

    def _write(self, row_id: str, change: Change, spend: Spend | None) -> bool:
        """Change a row and add a spend in one transaction; return False if the condition of the change does not hold.

        botocore repeats a transaction whose response was lost with the same token, which DynamoDB applies once.
        """
        writes = [{"Update": self._update_of(row_id, change)}]
        if spend:
            added, day = Change(), spend.at.astimezone(UTC).date()
            added.add({PICODOLLARS: to_picodollars(spend.price)})
            added.set({"expires": expiry_of(day)})
            writes.append({"Update": self._update_of(_row_id(spend.tenant, day), added)})
        client: Any = self._dynamodb
        with translate_errors("DynamoDB"):
            try:
                if spend:
                    retry_conflicts(lambda: client.transact_write_items(TransactItems=writes))
                else:
                    retry_conflicts(lambda: client.update_item(**writes[0]["Update"]))
            except client.exceptions.ConditionalCheckFailedException:
                return False
            except client.exceptions.TransactionCanceledException as error:
                reasons = error.response.get("CancellationReasons", [])
                if not any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons):
                    raise
                return False
        return True

    def _update_of(self, row_id: str, change: Change) -> dict[str, Any]:
        return {"TableName": self._table, "Key": {"id": {"S": row_id}}, **change.parameters}


class SpendTable(DynamoTable):
    """Reads the spend of tenants by day: rows spend#<tenant>#<day>, in no index.

    A row contains the sum of the prices of jobs and batches that ended on the day. It is separate from the row of
    usage, so that workers need no access to the table of API keys, and requests do not wait for each other's updates of
    one row.
    """

    def days(self, tenant: str, days: Iterable[date]) -> dict[date, Decimal]:
        """Return the sum of each day that has one."""
        ids = {_row_id(tenant, day): day for day in days}
        spent = {}
        for row in read_rows(self._dynamodb, self._table, ids, attributes=("id", PICODOLLARS)):
            with suppress(UnreadableRow):
                picodollars = read("spend", row, lambda row: int(row[PICODOLLARS]["N"]), self._unreadable)
                spent[ids[row["id"]["S"]]] = to_dollars(picodollars)
        return spent


def _row_id(tenant: str, day: date) -> str:
    return f"spend#{tenant}#{day.isoformat()}"
