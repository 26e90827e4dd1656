"""Write the log: one line of JSON per event, without customers' texts."""

import json
import logging

_LOG = logging.getLogger("herald.gpu")


def log(event: str, job: str | None, **values: object) -> None:
    """Log an event of a job, with its values."""
    _LOG.info(json.dumps({"event": event, "job": job, **values}))
