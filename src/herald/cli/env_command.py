"""herald env: addresses and key of a deployment as environment variables."""

import json
import shlex

import click

from herald.cli.deployment import explained, find_deployment
from herald.cli.environment import KEY, STREAM_URL, URL
from herald.cli.parameters import json_option, stack_option


@click.command(epilog='Example: eval "$(herald env)". A key of a stack in AWS is created by herald keys create.')
@stack_option
@json_option
def env(stack: str | None, *, as_json: bool) -> None:
    """Print the addresses of a deployment as commands for the shell, and the key of a local stack."""
    with explained("herald env"):
        from herald.aws.stacks import Inspection

        deployment = find_deployment(stack)
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
