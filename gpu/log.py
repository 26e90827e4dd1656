"""The log: a line of JSON for each event, without any of a customer's text."""

import json
import logging

_LOG = logging.getLogger("herald.gpu")


def log(event: str, job: str | None, **values: object) -> None:
    """Write an event of a job."""
    _LOG.info(json.dumps({"event": event, "job": job, **values}))
