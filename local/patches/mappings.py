"""Event source mappings with numeric parameters."""

from typing import Any

from ministack.services.cloudformation import provisioners

type Json = dict[str, Any]


def read_concurrency_as_a_number() -> None:
    """Support a parameter as MaximumConcurrency: CloudFormation passes it as text, which stops ministack's poller."""
    mapping = provisioners._RESOURCE_HANDLERS["AWS::Lambda::EventSourceMapping"]
    create, update = mapping["create"], mapping["update"]

    def create_with_numbers(logical_id: str, props: Json, stack: str) -> tuple[str, Json]:
        identifier, attributes = create(logical_id, _with_numbers(props), stack)
        return identifier, attributes

    def update_with_numbers(identifier: str, old: Json, new: Json, stack: str) -> tuple[str, Json]:
        changed, attributes = update(identifier, _with_numbers(old), _with_numbers(new), stack)
        return changed, attributes

    mapping.update(create=create_with_numbers, update=update_with_numbers)


def _with_numbers(props: Json) -> Json:
    scaling = props.get("ScalingConfig")
    if not scaling:
        return props
    return {**props, "ScalingConfig": {name: int(value) for name, value in scaling.items()}}
