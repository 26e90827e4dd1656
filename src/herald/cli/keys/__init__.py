"""herald keys: create, list, rotate and revoke API keys, with the operator's AWS credentials."""

from typing import TYPE_CHECKING

from herald.cli.keys import options

if TYPE_CHECKING:
    from herald.cli import Commands


def add(commands: "Commands") -> None:
    """Add the command and its subcommands to the parser."""
    parser = commands.add_parser(
        "keys",
        help="create, list, rotate and revoke API keys",
        description="Manage the API keys of a deployment. Needs boto3, and AWS credentials (AWS_PROFILE, AWS_REGION) "
        "with write access to its key table; the local stack of 'make run' has its own credentials.",
    )
    below = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    options.add_create(below)
    options.add_others(below)
