"""SQS's message move tasks, which ministack lacks, for redriving dead letters."""

import time
from typing import Any

from ministack.core.concurrency import esm_wake
from ministack.core.responses import new_uuid
from ministack.services import sqs

type Json = dict[str, Any]

KNOWN = {"SourceArn", "DestinationArn"}


def move_messages() -> None:
    """Support StartMessageMoveTask and ListMessageMoveTasks; tasks complete synchronously."""
    sqs._HANDLERS.update(StartMessageMoveTask=_start, ListMessageMoveTasks=_list)


def _start(data: Json, _url: str) -> Json:
    if unknown := data.keys() - KNOWN:
        raise sqs._Err(
            "InvalidParameterValue", f"local/patches/redrive.py does not support {', '.join(sorted(unknown))}"
        )
    source = _queue(data["SourceArn"])
    visible = [message for message in source["messages"] if message["visible_at"] <= time.time()]
    moves = [(message, _destination(message, data.get("DestinationArn"))) for message in visible]
    for message, destination in moves:
        source["messages"].remove(message)
        destination["messages"].append(_resent(message))
    esm_wake.set()
    task = {"TaskHandle": new_uuid(), "Status": "COMPLETED", "ApproximateNumberOfMessagesMoved": len(moves)}
    task |= {**data, "ApproximateNumberOfMessagesToMove": len(moves), "StartedTimestamp": int(time.time() * 1000)}
    source.setdefault("herald_move_tasks", []).insert(0, task)
    return {"TaskHandle": task["TaskHandle"]}


def _list(data: Json, _url: str) -> Json:
    tasks = _queue(data["SourceArn"]).get("herald_move_tasks", [])
    return {"Results": tasks[: int(data.get("MaxResults", 1))]}


def _queue(arn: str) -> Json:
    queue: Json | None = sqs._queue_by_arn(arn)
    if queue is None:
        raise sqs._Err("ResourceNotFoundException", f"There is no queue {arn}.")
    return queue


def _destination(message: Json, given: str | None) -> Json:
    arn = given or message["sys"].get("DeadLetterQueueSourceArn")
    if arn is None:
        raise sqs._Err("CouldNotDetermineMessageSource", "A message was not put here by a redrive policy.")
    return _queue(arn)


def _resent(message: Json) -> Json:
    """Return a message as AWS moves it: with a new id and time, and a receive count of 0."""
    now = time.time()
    kept = {key: value for key, value in message["sys"].items() if key != "DeadLetterQueueSourceArn"}
    return {
        **message,
        "id": new_uuid(),
        "sys": {**kept, "SentTimestamp": str(int(now * 1000))},
        "sent_at": now,
        "visible_at": now,
        "receive_count": 0,
        "first_receive_at": None,
        "receipt_handle": None,
    }
