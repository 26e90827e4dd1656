"""An AWS on this machine with all that the built template has, but for the functions: those run in containers."""

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
PARAMETERS = {"GpuImage": "local"}
# In the place of the one that would call functions: it tells what it was given, and does nothing.
WAITING = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 86_400, "End": True}}}


@dataclass(frozen=True)
class Cloud:
    """What is deployed."""

    variables: dict[str, str]
    """What the template gives to every function."""
    here: dict[str, str]
    """Where AWS answers, for this process."""
    in_containers: dict[str, str]
    """The same for a container."""

    def client(self, service):
        """A client of boto3."""
        return session().client(service, endpoint_url=self.here["AWS_ENDPOINT_URL"], config=DIRECT)


@contextmanager
def cloud_at(folder, gateway):
    """A cloud whose logs lie in a folder, and which containers reach at the address `gateway` of this machine."""
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
    """How boto3 is told where AWS answers."""
    return {"AWS_ENDPOINT_URL": aws, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": sagemaker}


def deployed(cloud):
    """The cloud with everything in it."""
    cloudformation = cloud.client("cloudformation")
    template = built()
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS.items()]
    body = json.dumps(without_functions(template))
    cloudformation.create_stack(StackName=STACK, TemplateBody=body, Parameters=given, Capabilities=["CAPABILITY_IAM"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    told = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    values = {name: told[as_output(name)] for name in variables_of(template)}
    name, role = values["HERALD_BATCH_MACHINE"].rpartition(":")[2], "arn:aws:iam::000000000000:role/nobody"
    cloud.client("stepfunctions").create_state_machine(name=name, roleArn=role, definition=json.dumps(WAITING))
    return Cloud(values, cloud.here, cloud.in_containers)


def environment_here(cloud):
    """What a function of this process needs to do what a container's does."""
    return {
        **cloud.variables,
        **cloud.here,
        **CREDENTIALS,
        "AWS_DEFAULT_REGION": REGION,
        "_LAMBDA_LAYERS_DIRS": str(BUILD / "VoiceLayer"),
        "NO_PROXY": "127.0.0.1",
    }
