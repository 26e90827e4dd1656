"""herald batch: submit manifests to a Herald deployment, watch batches, download their audio."""

from typing import TYPE_CHECKING

from herald.cli.batch import options

if TYPE_CHECKING:
    from herald.cli import Commands


def add(commands: "Commands") -> None:
    """Add the command and its subcommands to the parser."""
    parser = commands.add_parser(
        "batch",
        help="synthesize a list of messages with Herald in AWS",
        description="Synthesize one audio file per row of a manifest, with a deployment in AWS or with the local stack "
        "of 'make run'.",
    )
    below = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    options.add_send(below)
    options.add_others(below)
