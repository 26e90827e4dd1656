"""herald env: addresses and key of a deployment as environment variables."""

import json
import shlex
from contextlib import suppress

import click

from herald.cli.deployment import explained, find_deployment
from herald.cli.environment import KEY, STREAM_URL, URL
from herald.cli.parameters import json_option, stack_option
from herald.errors import InvalidSettings


@click.command(epilog='Example: eval "$(herald env)". A key of a stack in AWS is created by herald keys create.')
@stack_option
@click.option(
    "--worker", is_flag=True, help="the environment of workers in a cluster instead: lines NAME=VALUE for containers"
)
@json_option
def env(stack: str | None, *, worker: bool, as_json: bool) -> None:
    """Print the addresses of a deployment as commands for the shell, and the key of a local stack."""
    with explained("herald env"):
        from herald.aws.stacks import Inspection, variables_of

        deployment = find_deployment(stack)
        if worker:
            function = deployment.resource("WorkerFunction")
            values = variables_of(deployment.clients.lambda_, function)
            values |= {"AWS_REGION": deployment.clients.lambda_.meta.region_name}
            with suppress(InvalidSettings):  # only with WorkerPlatform
                values["HERALD_CHUNK_QUEUE"] = deployment.resource("ChunkQueue")
            lines = [json.dumps(values, indent=2)] if as_json else [f"{name}={values[name]}" for name in sorted(values)]
            print("\n".join(lines))
            return
        if deployment.record:
            found = {URL: "api_url", STREAM_URL: "stream_url", KEY: "api_key"}
            known = {name: deployment.record.get(recorded) for name, recorded in found.items()}
        else:
            outputs = Inspection(deployment.clients, deployment.stack).stack().outputs
            known = {URL: outputs.get("ApiUrl"), STREAM_URL: outputs.get("StreamUrl")}
    values = {name: str(value).rstrip("/") for name, value in known.items() if value}
    if as_json:
        print(json.dumps(values, indent=2))
        return
    for name, value in values.items():
        print(f"export {name}={shlex.quote(value)}")
