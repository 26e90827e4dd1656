"""Deployment to the emulator with `sam deploy`, and its addresses for clients."""

import hashlib
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from local import ROOT, calls, stream
from local.clients import CREDENTIALS, DIRECT, REGION, session
from local.cloud import Cloud
from local.keys import make_key
from local.process import Identity
from local.progress import Failure, tail

BUILD = ROOT / ".local" / "build"
CONFIG = ROOT / "samconfig.toml"
# Not copied by `sam build`.
MACHINES = ROOT / "statemachines"
STACK_NAME = "herald"
NESTED = "AWS::CloudFormation::Stack"
# Types of resources to list; not roles, versions and permissions.
NAMED = {
    "AWS::ApiGatewayV2::Api",
    "AWS::DynamoDB::Table",
    "AWS::Events::EventBus",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::EndpointConfig",
    "AWS::SecretsManager::Secret",
    "AWS::StepFunctions::StateMachine",
}


@dataclass(frozen=True)
class Deployment:
    """A deployment, as written to stack.json."""

    api_url: str
    api_key: str = field(repr=False)
    """A key of the tenant "local" with all scopes."""
    stream_url: str
    """Address for streaming POST /v1/audio/speech."""
    aws_endpoint_url: str
    sagemaker_runtime_url: str
    """Address of the stand-in for InvokeEndpointAsync; tests control it at /_behaviour and /_notices."""
    region: str
    stack_name: str
    credentials: dict[str, str]
    resources: dict[str, str]
    """Physical ids by logical id: names, URLs or ARNs, as returned by Ref."""
    folder: str
    """Folder with the logs and temporary files of its processes."""
    instance: str
    fingerprint: str

    @property
    def bucket(self) -> str:
        """The bucket for audio."""
        return self.resources["AudioBucket"]


def fingerprint() -> str:
    """Return a digest of all inputs of a deployment."""
    digest = hashlib.blake2b(digest_size=16)
    for path in [CONFIG, *sorted(MACHINES.rglob("*")), *sorted(BUILD.rglob("*"))]:
        if path.is_file():
            digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def deploy(emulator: Identity, cloud: Cloud) -> Deployment:
    """Deploy the build output with `sam deploy`, and read the stack's resources."""
    if not (BUILD / "template.yaml").exists():
        raise Failure(f"{BUILD.relative_to(ROOT)} contains no build. Run: make .local/build/template.yaml")
    with ThreadPoolExecutor(1) as other:
        built = other.submit(fingerprint)
        _run_sam(emulator.url, cloud)
    resources = _resources(emulator.url)
    calls.note(resources=resources)
    stream_url = stream.start(cloud, emulator.url, resources["SpeechStreamFunction"])
    stream.announce(emulator.url, resources["ApiFunction"], stream_url)
    return Deployment(
        # the stage $default is omitted from addresses
        api_url=f"{emulator.url}/_aws/execute-api/{resources['HttpApi']}",
        stream_url=stream_url,
        api_key=make_key(emulator.url, resources["KeyTable"]),
        aws_endpoint_url=emulator.url,
        sagemaker_runtime_url=cloud.runtime_url,
        region=REGION,
        stack_name=STACK_NAME,
        credentials=CREDENTIALS,
        resources=resources,
        folder=str(cloud.folder),
        instance=emulator.instance,
        fingerprint=built.result(),
    )


def _run_sam(endpoint: str, cloud: Cloud) -> None:
    log = cloud.folder / "deploy.log"
    parameters = ["--parameter-overrides", cloud.parameters] if cloud.parameters else []
    template = ["--template-file", str(BUILD / "template.yaml")]
    config = ["--config-file", str(CONFIG), "--config-env", "local"]
    with log.open("wb") as output:
        done = subprocess.run(  # noqa: S603
            [sam_program(), "deploy", *template, *config, *parameters, "--no-progressbar"],
            env=sam_environment(endpoint, cloud.folder / "tmp"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise Failure(f"`sam deploy` failed. The end of {log}:\n{tail(log.read_text())}")


def sam_program() -> str:
    """Return the path of the SAM CLI; Failure if it is not installed."""
    found = shutil.which(ROOT / ".tools" / "sam" / "bin" / "sam") or shutil.which("sam")
    if not found:
        raise Failure("The SAM CLI is not installed. `make run` installs it into .tools/sam.")
    return found


def sam_environment(endpoint: str, temporary: Path) -> dict[str, str]:
    """Return the environment in which the SAM CLI deploys to the emulator."""
    shell = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **shell,
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        # ignore the user's profiles
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.3",  # seconds; 5 without it
        # the emulator checks neither; what awscrt signs is read in small pieces
        "BOTO_DISABLE_CRT": "true",
        "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
        "PYTHONPATH": str(Path(__file__).with_name("faster_sam")),
        "TMPDIR": str(temporary),
    }


def _resources(endpoint: str) -> dict[str, str]:
    """Return the physical ids of the resources of the stack and its nested stacks."""
    client = session().client("cloudformation", endpoint_url=endpoint, config=DIRECT)
    found: dict[str, str] = {}
    stacks = [STACK_NAME]
    while stacks:
        pages = client.get_paginator("list_stack_resources").paginate(StackName=stacks.pop())
        for resource in (resource for page in pages for resource in page["StackResourceSummaries"]):
            logical_id, physical_id = resource["LogicalResourceId"], resource["PhysicalResourceId"]
            if resource["ResourceType"] == NESTED:
                stacks.append(physical_id)
            elif resource["ResourceType"] in NAMED:
                if logical_id in found:
                    raise Failure(f"Two templates define a resource {logical_id}. Rename one of them.")
                found[logical_id] = physical_id
    return found
