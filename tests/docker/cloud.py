"""A local AWS with the resources of the built template except functions, which run in containers."""

import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from local.clients import CREDENTIALS, DIRECT, REGION, session
from local.cloud import emulator_program, runtime_program
from local.process import Process, bare_environment, free_port
from tests.docker.relay import Relay
from tests.docker.sam import BUILD
from tests.docker.templates import as_output, built, variables_of, without_functions

STACK = "herald"
PARAMETERS = {"GpuImage": "local", "KokoroMemorySize": "3008", "WebhookHosts": "hooks.example.com"}
# Replaces the state machine that would call functions: it only keeps its input.
WAITING = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 86_400, "End": True}}}


@dataclass(frozen=True)
class Cloud:
    """The deployed resources."""

    variables: dict[str, str]
    """Environment variables of all functions in the template."""
    here: dict[str, str]
    """Address of AWS for this process."""
    in_containers: dict[str, str]
    """Address of AWS for containers."""

    def client(self, service):
        """Return a boto3 client."""
        return session().client(service, endpoint_url=self.here["AWS_ENDPOINT_URL"], config=DIRECT)


@contextmanager
def cloud_at(folder, gateway):
    """Yield a cloud with its logs in `folder`, which containers reach at the address `gateway`."""
    port, runtime_port = free_port(), free_port()
    environment = bare_environment(folder / "tmp")
    programs = {
        "emulator": (emulator_program(environment, port, runtime_port), port),
        "runtime": (runtime_program(environment, port, runtime_port, None), runtime_port),
    }
    with ExitStack() as running:
        for name, (program, at) in programs.items():
            process = Process(folder, name)
            running.callback(process.stop)
            process.begin(program, at)
            process.wait(program, at)
        relays = [running.enter_context(Relay(gateway, at)).url for at in (port, runtime_port)]
        here = endpoints(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{runtime_port}")
        yield deployed(Cloud({}, here, endpoints(*relays)))


def endpoints(aws, sagemaker):
    """Return the variables that set boto3's endpoints."""
    return {"AWS_ENDPOINT_URL": aws, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": sagemaker}


def deployed(cloud):
    """Deploy the resources to the cloud."""
    cloudformation = cloud.client("cloudformation")
    template = built()
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS.items()]
    body = json.dumps(without_functions(template))
    cloudformation.create_stack(StackName=STACK, TemplateBody=body, Parameters=given, Capabilities=["CAPABILITY_IAM"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    values = {name: outputs[as_output(name)] for name in variables_of(template)}
    name, role = values["HERALD_BATCH_MACHINE"].rpartition(":")[2], "arn:aws:iam::000000000000:role/nobody"
    cloud.client("stepfunctions").create_state_machine(name=name, roleArn=role, definition=json.dumps(WAITING))
    return Cloud(values, cloud.here, cloud.in_containers)


def environment_here(cloud):
    """Return the environment with which this process can act like a function in a container."""
    return {
        **cloud.variables,
        **cloud.here,
        **CREDENTIALS,
        "AWS_DEFAULT_REGION": REGION,
        "_LAMBDA_LAYERS_DIRS": str(BUILD / "VoiceLayer"),
        "NO_PROXY": "127.0.0.1",
    }
