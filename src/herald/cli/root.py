"""The root of the command line. A command is imported when it is used, so that `herald --help` stays fast."""

from importlib import import_module
from typing import NamedTuple

import click

from herald import __version__

COMPLETION = "_HERALD_COMPLETE"
"""Environment variable with which a shell asks for completions."""


class Listed(NamedTuple):
    """A command as `herald --help` lists it, and where it is defined: "module:name"."""

    summary: str
    place: str


COMMANDS = {
    "say": Listed("synthesize a text on this machine", "herald.cli.say:say"),
    "read": Listed("show how a text will be said, word by word, without speaking it", "herald.cli.read_command:read"),
    "voices": Listed("list, add, prepare, publish, check and enrol voices", "herald.cli.voice_commands:voices"),
    "verify": Listed(
        "show what a file states about its origin, and whether that is proven", "herald.cli.disclosure_commands:verify"
    ),
    "disclosure": Listed(
        "make a certificate, and sign files as synthetic speech", "herald.cli.disclosure_commands:disclosure"
    ),
    "speak": Listed("synthesize a text with a deployment", "herald.cli.server_commands:speak"),
    "jobs": Listed(
        "synthesize texts in the background; list, await, cancel, retry and keep jobs",
        "herald.cli.server_commands:jobs",
    ),
    "lexicon": Listed("store, list, get and delete lexicons of a deployment", "herald.cli.lexicon_commands:lexicon"),
    "batch": Listed("synthesize a list of messages with a deployment", "herald.cli.batch_commands:batch"),
    "cost": Listed(
        "estimate monthly costs, and compare them with Polly, ElevenLabs and OpenAI", "herald.cli.cost_command:cost"
    ),
    "keys": Listed("create, list, rotate and revoke API keys; print webhook secrets", "herald.cli.key_commands:keys"),
    "usage": Listed("show the usage and limits of a key", "herald.cli.server_commands:usage"),
    "link": Listed("print a new link to the file of a job", "herald.cli.server_commands:link"),
    "login": Listed("store the address and the key of a deployment", "herald.cli.profile_commands:login"),
    "logout": Listed("delete a stored address and key", "herald.cli.profile_commands:logout"),
    "env": Listed("print the addresses of a deployment as environment variables", "herald.cli.profile_commands:env"),
    "doctor": Listed("check a deployment, with advice for each failure", "herald.cli.doctor_command:doctor"),
    "completion": Listed("print the completion script of a shell", "herald.cli.root:completion"),
}


class LazyGroup(click.Group):
    """A group of COMMANDS, which are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the names of the commands, in the order of --help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return a command by its name, or return None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

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
