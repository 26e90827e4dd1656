"""`sam deploy` to the emulator, and what a client must know to use the result."""

import hashlib
import os
import shutil
import subprocess
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
# `sam build` leaves them where they are.
MACHINES = ROOT / "statemachines"
STACK_NAME = "herald"
NESTED = "AWS::CloudFormation::Stack"
# What callers and tests name; not the roles, versions and permissions around them.
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
    "AWS::StepFunctions::StateMachine",
}


@dataclass(frozen=True)
class Deployment:
    """A deployed Herald, as written to stack.json."""

    api_url: str
    api_key: str = field(repr=False)
    """Of the tenant "local", for everything."""
    stream_url: str
    """Where POST /v1/audio/speech is answered while it is spoken."""
    aws_endpoint_url: str
    sagemaker_runtime_url: str
    """Where InvokeEndpointAsync is answered; tests tell it how to behave at its /_behaviour and /_notices."""
    region: str
    stack_name: str
    credentials: dict[str, str]
    resources: dict[str, str]
    """Tables, queues, functions and the like, by the template's logical ids: names, URLs or ARNs, as Ref gives them."""
    folder: str
    """Where its processes have their logs and temporary files."""
    instance: str
    fingerprint: str

    @property
    def bucket(self) -> str:
        """Where audio is stored."""
        return self.resources["AudioBucket"]

    @property
    def speech_function(self) -> str:
        """The function that speaks while the caller waits."""
        return self.resources["SpeechFunction"]


def fingerprint() -> str:
    """Return a digest of all that a deployment is made from."""
    if not (BUILD / "template.yaml").exists():
        raise Failure(f"Nothing is built in {BUILD.relative_to(ROOT)}. Run: make .local/build/template.yaml")
    digest = hashlib.blake2b(digest_size=16)
    for path in [CONFIG, *sorted(MACHINES.rglob("*")), *sorted(BUILD.rglob("*"))]:
        if path.is_file():
            digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def deploy(emulator: Identity, cloud: Cloud) -> Deployment:
    """Deploy the build output with the real `sam deploy` and read what the stack holds."""
    built = fingerprint()
    _run_sam(emulator.url, cloud)
    resources = _resources(emulator.url)
    calls.note(resources=resources)
    return Deployment(
        # the stage is $default, which an address may leave out
        api_url=f"{emulator.url}/_aws/execute-api/{resources['HttpApi']}",
        stream_url=stream.start(cloud, emulator.url, resources["SpeechStreamFunction"]),
        api_key=make_key(emulator.url, resources["KeyTable"]),
        aws_endpoint_url=emulator.url,
        sagemaker_runtime_url=cloud.runtime_url,
        region=REGION,
        stack_name=STACK_NAME,
        credentials=CREDENTIALS,
        resources=resources,
        folder=str(cloud.folder),
        instance=emulator.instance,
        fingerprint=built,
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
        raise Failure("The SAM CLI is not here. `make run` installs it into .tools/sam.")
    return found


def sam_environment(endpoint: str, temporary: Path) -> dict[str, str]:
    """Return the environment in which the SAM CLI deploys to the emulator."""
    shell = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **shell,
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        # nobody's own profiles
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "SAM_CLI_TELEMETRY": "0",
        "TMPDIR": str(temporary),
    }


def _resources(endpoint: str) -> dict[str, str]:
    """Return the physical ids of the stack's resources, those of nested stacks included."""
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
                    raise Failure(f"Two templates name a resource {logical_id}. Rename one of them.")
                found[logical_id] = physical_id
    return found
