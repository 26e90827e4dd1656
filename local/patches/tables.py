"""Settings of DynamoDB tables."""

from typing import Any

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

type Json = dict[str, Any]


def keep_settings() -> None:
    """Apply a table's TTL, point-in-time recovery and encryption: ministack's CloudFormation drops them."""
    table = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    create, update = table["create"], table["update"]

    def create_with_settings(logical_id: str, props: Json, stack: str) -> tuple[str, Json]:
        name, attributes = create(logical_id, props, stack)
        _apply(name, {}, props)
        return name, attributes

    def update_with_settings(name: str, old: Json, new: Json, stack: str, logical_id: str) -> tuple[str, Json]:
        name, attributes = update(name, old, new, stack, logical_id)
        _apply(name, old, new)
        return name, attributes

    table.update(create=create_with_settings, update=update_with_settings)


def _apply(name: str, old: Json, new: Json) -> None:
    if ttl := new.get("TimeToLiveSpecification"):
        dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": ttl})
    elif old.get("TimeToLiveSpecification"):
        dynamodb._ttl_settings.pop(name, None)
    recovery = new.get("PointInTimeRecoverySpecification", {})
    dynamodb._update_continuous_backups({"TableName": name, "PointInTimeRecoverySpecification": recovery})
    dynamodb._tables[name]["SSEDescription"] = dynamodb._sse_description_from_spec(_encryption(new))


def _encryption(props: Json) -> Json:
    """Return a table's encryption in the API's format; templates use SSEEnabled instead of Enabled."""
    specification = dict(props.get("SSESpecification", {}))
    return {"Enabled": specification.pop("SSEEnabled"), **specification} if specification else {}
