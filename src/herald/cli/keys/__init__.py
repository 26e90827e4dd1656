"""herald keys: makes, lists, replaces and ends the keys of a Herald, with the operator's AWS credentials."""

from typing import TYPE_CHECKING

from herald.cli.keys import options

if TYPE_CHECKING:
    from herald.cli import Commands


def add(commands: "Commands") -> None:
    """Describe the command and those below it."""
    parser = commands.add_parser(
        "keys",
        help="make, list, rotate and revoke the keys of a Herald",
        description="Keys of callers, in the table of a Herald: for its operator. Needs boto3 and AWS credentials that "
        "may write the table, as boto3 finds them (AWS_PROFILE, AWS_REGION ...); the stack of 'make run' has its own.",
    )
    below = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    options.add_create(below)
    options.add_others(below)
