"""Run the stand-in for SageMaker's asynchronous runtime."""

import argparse

from local import calls
from local.asynchronous.endpoints import Endpoints
from local.asynchronous.instance import Instance
from local.asynchronous.server import Server
from local.clients import DIRECT, session


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(prog="python -m local.asynchronous", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--aws", required=True, metavar="URL", help="the emulator, for S3, SNS and Cloud Control")
    parser.add_argument("--container", metavar="URL", help="the container server; without one every invocation fails")
    return parser


def main() -> None:
    """Parse the command line and serve until terminated."""
    options = parser().parse_args()
    cloud_control = session().client("cloudcontrol", endpoint_url=options.aws, config=DIRECT)
    # The calls above are the stand-in's own; those from here on use the endpoint's role.
    calls.install("GpuRole")
    role = session()
    s3, sns = (role.client(service, endpoint_url=options.aws, config=DIRECT) for service in ("s3", "sns"))
    with Server(options.port, Endpoints(cloud_control), Instance(s3, sns, options.container)) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
