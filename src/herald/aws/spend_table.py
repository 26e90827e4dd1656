"""The spend of tenants by day, in the DynamoDB table of jobs: rows spend#<tenant>#<day>, in no index.

It is not added to the rows of usage, so that workers need no access to the table of API keys, and requests do not wait
for each other's updates of one row. Its sum contains the prices of jobs and batches that ended on the day.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

from herald.aws.clients import translate_errors
from herald.aws.dynamo import Change, DynamoTable, read, read_rows
from herald.aws.usage_rows import PICODOLLARS, expiry_of, to_dollars, to_picodollars
from herald.errors import Unavailable, UnreadableRow
from herald.jobs.ports import Ledger

logger = logging.getLogger(__name__)


class DynamoLedger(DynamoTable, Ledger):
    """Implements Ledger."""

    def add(self, tenant: str, price: Decimal, at: datetime) -> None:
        """Add the price of work that ended at `at`. A failure is logged: the work itself has ended."""
        day = at.astimezone(UTC).date()
        change = Change()
        change.add({PICODOLLARS: to_picodollars(price)})
        change.set({"expires": expiry_of(day)})
        change.apply_once()
        try:
            with translate_errors("DynamoDB"), suppress(self._dynamodb.exceptions.ConditionalCheckFailedException):
                self._dynamodb.update_item(
                    TableName=self._table, Key={"id": {"S": _row_id(tenant, day)}}, **change.parameters
                )
        except Unavailable as error:
            logger.error("US$ %s of the tenant %s on %s were not added: %s", price, tenant, day, error.message)  # noqa: TRY400

    def days(self, tenant: str, days: Iterable[date]) -> dict[date, Decimal]:
        """Return the sum of each day that has one."""
        ids = {_row_id(tenant, day): day for day in days}
        spent = {}
        for row in read_rows(self._dynamodb, self._table, ids, attributes=("id", PICODOLLARS)):
            try:
                picodollars = read("spend", row, lambda row: int(row[PICODOLLARS]["N"]))
            except UnreadableRow as error:
                self._unreadable(error)
            else:
                spent[ids[row["id"]["S"]]] = to_dollars(picodollars)
        return spent


def _row_id(tenant: str, day: date) -> str:
    return f"spend#{tenant}#{day.isoformat()}"
