"""herald login, logout and env: the address and the key of deployments, as profiles or as environment variables."""

import json
import os
import shlex
import sys
from contextlib import suppress
from typing import Any

import click

from herald.cli.deployment import explained, find_deployment
from herald.cli.environment import DEFAULT_PROFILE, KEY, PROFILE, STREAM_URL, URL, profiles, profiles_file
from herald.cli.parameters import json_option, stack_option
from herald.errors import InvalidRequest, InvalidSettings

profile_argument = click.argument("profile", default=lambda: os.environ.get(PROFILE) or DEFAULT_PROFILE)


@click.command(
    epilog=f"Example: herald login staging --url https://…; then: {PROFILE}=staging herald speak hi. The commands use "
    f"the profile of {PROFILE}, else {URL}, else the local stack of make run, else the profile '{DEFAULT_PROFILE}'."
)
@profile_argument
@click.option("--url", help=f"address of Herald, the stack's output ApiUrl (default: {URL})")
@json_option
def login(profile: str, *, url: str | None, as_json: bool) -> None:
    """Check an address and a key, and store them in your configuration folder.

    The key is read from a prompt, or from standard input if that is not a terminal; it is not an option, because
    other users of a machine can see the options of commands.
    """
    from herald.cli.api_client import Api

    url = url or os.environ.get(URL)
    if not url:
        raise InvalidRequest(f"No address given. Set --url or {URL} to the stack's output ApiUrl.", code="no_address")
    if not profile.isprintable() or not profile.strip():
        raise click.BadParameter("A profile's name must be printable.")
    key = click.prompt(KEY, hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    key = key.strip()
    if not (key and key.isascii() and key.isprintable()):
        raise InvalidRequest(
            "The key is empty, or has characters that no key has. Copy the complete key again.", code="invalid_key"
        )
    api = Api(url, key)
    usage = api.get("/v1/usage", days=1)
    _write(profiles() | {profile: {"url": api.base, "key": key}})
    shown = {"profile": profile, "url": api.base, "tenant": usage["tenant"], "scopes": usage["scopes"]}
    print(json.dumps(shown) if as_json else f"{profile}: {api.base}, tenant {usage['tenant']}")


@click.command()
@profile_argument
@json_option
def logout(profile: str, *, as_json: bool) -> None:
    """Delete a stored profile. The key itself remains valid; herald keys revoke ends it."""
    stored = profiles()
    if profile not in stored:
        known = ", ".join(stored) or "none"
        raise InvalidRequest(f"There is no profile '{profile}'. Profiles: {known}.", code="unknown_profile")
    del stored[profile]
    _write(stored)
    print(json.dumps({"profile": profile}) if as_json else f"{profile}: deleted")


def _write(stored: dict[str, Any]) -> None:
    """Replace the file of profiles, which only its owner may read."""
    file = profiles_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        json.dump(stored, opened, indent=2)
    part.replace(file)


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
