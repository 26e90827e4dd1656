"""The root of the command line. A command is imported when it is used, so that `herald --help` stays fast."""

from collections.abc import Callable
from typing import NamedTuple

import click

from herald import __version__

COMPLETION = "_HERALD_COMPLETE"
"""Environment variable with which a shell asks for completions."""


class Listed(NamedTuple):
    """A command as `herald --help` lists it, and the function that imports it."""

    summary: str
    load: Callable[[], click.Command]


def load_say() -> click.Command:
    """Import a command."""
    from herald.cli.say import say

    return say


def load_read() -> click.Command:
    """Import a command."""
    from herald.cli.read_command import read

    return read


def load_voices() -> click.Command:
    """Import a command."""
    from herald.cli.voice_commands import voices

    return voices


def load_speak() -> click.Command:
    """Import a command."""
    from herald.cli.server_commands import speak

    return speak


def load_jobs() -> click.Command:
    """Import a command."""
    from herald.cli.server_commands import jobs

    return jobs


def load_usage() -> click.Command:
    """Import a command."""
    from herald.cli.server_commands import usage

    return usage


def load_lexicon() -> click.Command:
    """Import a command."""
    from herald.cli.lexicon_commands import lexicon

    return lexicon


def load_batch() -> click.Command:
    """Import a command."""
    from herald.cli.batch_commands import batch

    return batch


def load_cost() -> click.Command:
    """Import a command."""
    from herald.cli.cost_command import cost

    return cost


def load_keys() -> click.Command:
    """Import a command."""
    from herald.cli.key_commands import keys

    return keys


def load_doctor() -> click.Command:
    """Import a command."""
    from herald.cli.doctor_command import doctor

    return doctor


def load_env() -> click.Command:
    """Import a command."""
    from herald.cli.profile_commands import env

    return env


def load_link() -> click.Command:
    """Import a command."""
    from herald.cli.server_commands import link

    return link


def load_login() -> click.Command:
    """Import a command."""
    from herald.cli.profile_commands import login

    return login


def load_logout() -> click.Command:
    """Import a command."""
    from herald.cli.profile_commands import logout

    return logout


def load_verify() -> click.Command:
    """Import a command."""
    from herald.cli.disclosure_commands import verify

    return verify


def load_disclosure() -> click.Command:
    """Import a command."""
    from herald.cli.disclosure_commands import disclosure

    return disclosure


def load_completion() -> click.Command:
    """Return the command that this file defines."""
    return completion


COMMANDS = {
    "say": Listed("synthesize a text on this machine", load_say),
    "read": Listed("show how a text will be said, word by word, without speaking it", load_read),
    "voices": Listed("list, add, prepare, publish, check and enrol voices", load_voices),
    "verify": Listed("show what a file states about its origin, and whether that is proven", load_verify),
    "disclosure": Listed("make a certificate, and sign files as synthetic speech", load_disclosure),
    "speak": Listed("synthesize a text with Herald in AWS", load_speak),
    "jobs": Listed("synthesize texts in the background; list, await and cancel jobs", load_jobs),
    "lexicon": Listed("store, list, get and delete lexicons of a deployment", load_lexicon),
    "batch": Listed("synthesize a list of messages with Herald in AWS", load_batch),
    "cost": Listed("estimate monthly costs, and compare them with Polly, ElevenLabs and OpenAI", load_cost),
    "keys": Listed("create, list, rotate and revoke API keys", load_keys),
    "usage": Listed("show the usage and limits of a key", load_usage),
    "link": Listed("print a new link to the file of a job", load_link),
    "login": Listed("store the address and the key of a deployment", load_login),
    "logout": Listed("delete a stored address and key", load_logout),
    "env": Listed("print a deployment's addresses as environment variables", load_env),
    "doctor": Listed("check a deployment, with advice for each failure", load_doctor),
    "completion": Listed("print the completion script of a shell", load_completion),
}


class LazyGroup(click.Group):
    """A group of COMMANDS, which are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the names of the commands, in the order of --help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command by its name, or None."""
        return COMMANDS[cmd_name].load() if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of a command line; raise UsageError with the most similar name for an unknown one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            if similar := get_close_matches(args[0], COMMANDS, n=1):
                raise click.UsageError(f"{error.message} Did you mean '{similar[0]}'?", ctx) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands with their summaries."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, listed.summary) for name, listed in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "show_default": True},
    epilog="Exit status: 0 success, 1 error, 2 invalid command line, 3 the watched batch or awaited job failed or was "
    "cancelled, a checked batch would fail, a checked or enrolled voice is refused, a job has no file to link to, or a "
    "verified file has no valid manifest, 130 interrupted by Ctrl-C.",
)
@click.version_option(__version__, message="herald %(version)s")
def root() -> None:
    """Synthesize voice messages on this machine, or with a deployment of Herald in AWS."""


@click.command(epilog='Example for bash: eval "$(herald completion bash)" in ~/.bashrc.')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes commands and options in a shell."""
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    found = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}[shell]
    print(found(root, {}, "herald", COMPLETION).source())
