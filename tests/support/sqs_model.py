"""A minimal model of SQS and of the functions that consume its queues."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from herald.jobs.job_messages import JobMessage
from herald.jobs.job_worker import Postpone, backoff
from tests.support.job_services import VISIBILITY, KilledWorker

MOST_RECEIPTS = 5
"""After so many receives, SQS moves a message to the dead-letter queue, as in template.yaml."""


@dataclass(eq=False)
class Delivery:
    """A message in a queue."""

    queue: str
    message: JobMessage
    visible_at: datetime
    receipts: int = 0
    fresh: bool = True


class Sqs:
    """The queues: at-least-once delivery, no order, dead letters after MOST_RECEIPTS."""

    def __init__(self, services):
        self.services = services
        self.letters = []

    def collect(self):
        """Collect the messages sent since the last call."""
        for queue, sent in self.services.queues.sent.items():
            while sent:
                body, delay = sent.pop(0)
                at = self.services.time.now + timedelta(seconds=delay)
                self.letters.append(Delivery(queue, JobMessage.parse(body), at))

    def visible(self):
        self.collect()
        return [letter for letter in self.letters if letter.visible_at <= self.services.time.now]

    def deliver(self, letter, *, lose_the_answer=False):
        """Deliver a message, and handle the outcome as the functions do."""
        now = self.services.time.now
        if letter.receipts == MOST_RECEIPTS and letter.queue != "dead":
            letter.queue, letter.receipts = "dead", 0
        letter.receipts += 1
        letter.visible_at = now + timedelta(seconds=VISIBILITY)
        try:
            later = self._function(letter)
        except KilledWorker:
            return
        except Exception:  # noqa: BLE001  like the functions
            letter.visible_at = self.services.time.now + timedelta(seconds=backoff(letter.receipts))
            return
        if isinstance(later, Postpone):
            letter.visible_at = self.services.time.now + timedelta(seconds=later.seconds)
        elif not lose_the_answer and letter in self.letters:
            self.letters.remove(letter)

    def _function(self, letter):
        services = self.services
        if letter.queue == "dead":
            return services.dead_letters.fail_dead_letter(letter.message)
        if letter.queue == "gpu":
            return services.gpu.submit(letter.message, name=services.name())
        return services.worker.work(
            letter.message, name=services.name(), time_left=lambda: services.time_left, fresh=letter.fresh
        )
