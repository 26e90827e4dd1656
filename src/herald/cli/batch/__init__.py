"""herald batch: sends a list of people and a template to a Herald, watches it, fetches what it spoke."""

from typing import TYPE_CHECKING

from herald.cli.batch import options

if TYPE_CHECKING:
    from herald.cli import Commands


def add(commands: "Commands") -> None:
    """Describe the command and those below it."""
    parser = commands.add_parser(
        "batch",
        help="have a Herald in AWS speak a list of messages",
        description="One template, one list of people, one file for each. Works with the stack that 'make run' starts "
        "here and with one in AWS.",
    )
    below = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    options.add_send(below)
    options.add_others(below)
