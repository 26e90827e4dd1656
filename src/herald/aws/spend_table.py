"""The spend of tenants by day, in the DynamoDB table of jobs: rows spend#<tenant>#<day>, in no index.

It is not added to the rows of usage, so that workers need no access to the table of API keys, and requests do not wait
for each other's updates of one row. Its sum contains the prices of jobs and batches that ended on the day.
"""

from collections.abc import Iterable
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from herald.aws.clients import translate_errors
from herald.aws.dynamo import Change, DynamoTable, past_conflicts, read, read_rows
from herald.aws.usage_rows import PICODOLLARS, expiry_of, to_dollars, to_picodollars
from herald.errors import UnreadableRow
from herald.jobs.ports import Spend


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
                    past_conflicts(lambda: client.transact_write_items(TransactItems=writes))
                else:
                    past_conflicts(lambda: client.update_item(**writes[0]["Update"]))
            except client.exceptions.ConditionalCheckFailedException:
                return False
            except client.exceptions.TransactionCanceledException as error:
                reasons = error.response.get("CancellationReasons", [])
                if not any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons):
                    raise
                return False
        return True

    def _update_of(self, row_id: str, change: Change) -> dict[str, Any]:
        parameters = {"TableName": self._table, "Key": {"id": {"S": row_id}}, **change.parameters}
        return {name: value for name, value in parameters.items() if value}


class SpendTable(DynamoTable):
    """The spend of tenants, to read."""

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
