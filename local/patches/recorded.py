"""Resources that are stored but not emulated: scaling and SageMaker.

Cloud Control, AWS's generic API for resources of any type, returns the properties from the template.
"""

import json
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudcontrol
from ministack.services.cloudformation import provisioners

type Json = dict[str, Any]

# Type: the property with its name, and the prefix of the name in its ARN.
SAGEMAKER = {
    "AWS::SageMaker::Model": ("ModelName", "model"),
    "AWS::SageMaker::EndpointConfig": ("EndpointConfigName", "endpoint-config"),
    "AWS::SageMaker::Endpoint": ("EndpointName", "endpoint"),
}
MAX_NAME = 63


def record_sagemaker() -> None:
    """Support SageMaker's models and endpoints: ministack rejects templates with unknown types."""
    for type_name, (name_property, kind) in SAGEMAKER.items():
        _register(type_name, _named(name_property, kind))


def record_scaling() -> None:
    """Support Application Auto Scaling's targets and policies, which ministack lacks."""
    _register("AWS::ApplicationAutoScaling::ScalableTarget", _scalable_target)
    _register("AWS::ApplicationAutoScaling::ScalingPolicy", _scaling_policy)


def _named(name_property: str, kind: str) -> Any:  # noqa: ANN401
    def describe(logical_id: str, props: Json, stack: str) -> tuple[str, Json]:
        name = props.get(name_property) or provisioners._physical_name(stack, logical_id, max_len=MAX_NAME)
        return _arn("sagemaker", f"{kind}/{name}"), {name_property: name}

    return describe


def _scalable_target(_logical_id: str, props: Json, _stack: str) -> tuple[str, Json]:
    target = "|".join(props[key] for key in ("ResourceId", "ScalableDimension", "ServiceNamespace"))
    return target, {"Id": target}


def _scaling_policy(_logical_id: str, props: Json, _stack: str) -> tuple[str, Json]:
    name = props["PolicyName"]
    arn = _arn("autoscaling", f"scalingPolicy:herald:{props.get('ScalingTargetId', '')}:policyName/{name}")
    return arn, {"Arn": arn, "PolicyName": name}


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{resource}"


def _register(type_name: str, describe: Any) -> None:  # noqa: ANN401
    def create(logical_id: str, props: Json, stack: str) -> tuple[str, Json]:
        identifier, attributes = describe(logical_id, props, stack)
        properties = json.dumps({**props, **attributes})
        record = {"TypeName": type_name, "Identifier": identifier, "Properties": properties}
        cloudcontrol._resources[cloudcontrol._resource_key(type_name, identifier)] = record
        return identifier, attributes

    def delete(identifier: str, _props: Json) -> None:
        cloudcontrol._resources.pop(cloudcontrol._resource_key(type_name, identifier), None)

    def update(identifier: str, old: Json, new: Json, stack: str, logical_id: str) -> tuple[str, Json]:
        delete(identifier, old)
        return create(logical_id, new, stack)

    handlers = {"create": create, "update": update, "delete": delete, "update_with_logical_id": True}
    provisioners._RESOURCE_HANDLERS[type_name] = handlers
