"""Endpoints as defined by the template, read through Cloud Control."""

import json
from dataclasses import dataclass
from typing import Any

from local.clients import Client

type Json = dict[str, Any]

# Concurrency of an instance without MaxConcurrentInvocationsPerInstance.
DEFAULT_CONCURRENCY = 4


class UnknownEndpoint(Exception):
    """There is no asynchronous endpoint with this name."""


class UnknownSetting(Exception):
    """An endpoint uses a setting of SageMaker that the stand-in does not support."""


@dataclass(frozen=True)
class Endpoint:
    """An asynchronous endpoint; paths are s3:// prefixes and topics are ARNs, or None."""

    name: str
    output_path: str
    failure_path: str | None
    success_topic: str | None
    error_topic: str | None
    concurrency: int


class Endpoints:
    """The deployed endpoints."""

    def __init__(self, cloud_control: Client) -> None:
        self._cloud_control = cloud_control

    def find(self, name: str) -> Endpoint:
        """Return the endpoint with this name; raise UnknownEndpoint."""
        endpoint = self._read("AWS::SageMaker::Endpoint", "EndpointName", name)
        config = self._read("AWS::SageMaker::EndpointConfig", "EndpointConfigName", endpoint["EndpointConfigName"])
        if "AsyncInferenceConfig" not in config:
            raise UnknownEndpoint(f"Endpoint {name} is not asynchronous.")
        return from_config(name, config["AsyncInferenceConfig"])

    def _read(self, type_name: str, name_property: str, name: str) -> Json:
        resources = self._cloud_control.list_resources(TypeName=type_name)["ResourceDescriptions"]
        for properties in (json.loads(resource["Properties"]) for resource in resources):
            if properties[name_property] == name:
                found: Json = properties
                return found
        raise UnknownEndpoint(f"{type_name.rpartition('::')[2]} {name} of account 000000000000 not found.")


def from_config(name: str, config: Json) -> Endpoint:
    """Parse an AsyncInferenceConfig; raise UnknownSetting for unsupported settings."""
    output, client = dict(config["OutputConfig"]), dict(config.get("ClientConfig", {}))
    topics = dict(output.pop("NotificationConfig", {}))
    endpoint = Endpoint(
        name=name,
        output_path=output.pop("S3OutputPath").rstrip("/"),
        failure_path=output.pop("S3FailurePath", "").rstrip("/") or None,
        success_topic=topics.pop("SuccessTopic", None),
        error_topic=topics.pop("ErrorTopic", None),
        concurrency=int(client.pop("MaxConcurrentInvocationsPerInstance", DEFAULT_CONCURRENCY)),
    )
    output.pop("KmsKeyId", None)  # no encryption locally
    if unknown := {**output, **topics, **client}.keys():
        raise UnknownSetting(
            f"endpoint {name} sets {', '.join(sorted(unknown))}, which local/asynchronous does not support"
        )
    return endpoint
