"""The monthly cost of other ways to host Herald: workers on Kubernetes, and requests through a load balancer.

docs/kubernetes.md and docs/load-balancer.md explain them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from herald.cli.idle_cost import MONTH
from herald.cli.monthly_cost import Question, total
from herald.jobs.job_price import HANDLING_SECONDS, PriceList, audio_seconds, file_bytes
from herald.pricing.pace import pace_of, speaking_seconds
from herald.pricing.resources import Usage, memory, response_usage
from herald.web.http_rules import BALANCED_BYTES

NODE_PROCESSORS = 2
"""Of the node type that Prices.node_hour is for."""


@dataclass(frozen=True, kw_only=True)
class ClusterCost:
    """The cost of a month's jobs with workers in a cluster, in US dollars."""

    cluster: Decimal
    """The control plane, whatever it runs."""
    nodes: Decimal
    """The nodes, for the time that the jobs need."""
    rest: Decimal
    """What does not depend on where workers run: API, queues, rows, files, metrics, and what is idle."""
    from_messages: int | None
    """The number of messages a month from which a cluster is cheaper than the function, or None."""

    @property
    def total(self) -> Decimal:
        """Return the cost of the month."""
        return self.cluster + self.nodes + self.rest

    @classmethod
    def of(cls, question: Question, prices: PriceList, utilisation: float) -> Self:
        """Return the cost of jobs of the route queue; nodes synthesize in the fraction `utilisation` of their time.

        Cold starts of the function, and nodes that start, are not counted.
        """
        audio = audio_seconds(question.script, question.engine)
        processor = audio * pace_of(question.engine).processor_seconds + HANDLING_SECONDS
        node_hours = Decimal(str(processor / NODE_PROCESSORS / utilisation)) / 3_600
        on_node = node_hours * prices.prices.node_hour
        megabytes = prices.deployment.worker_megabytes
        seconds = speaking_seconds(audio, question.engine, megabytes) + HANDLING_SECONDS
        on_lambda = prices.total(memory(seconds, megabytes) + Usage(function_call=1))  # logs cost the same on nodes
        cluster = prices.prices.cluster_hour * MONTH / 3_600
        synthesized = question.messages * Decimal(str(1 - question.remembered))
        part = Decimal(str(1 - question.remembered)) * (on_lambda - on_node)
        return cls(
            cluster=cluster,
            nodes=on_node * synthesized,
            rest=total(question, prices) - on_lambda * synthesized,
            from_messages=int(cluster / part) + 1 if part > 0 else None,
        )

    def lines(self, question: Question) -> Iterator[str]:
        """Yield the cost as lines of text."""
        parts = (
            f"${self.nodes:,.2f} for nodes, ${self.cluster:,.2f} for the cluster, ${self.rest:,.2f} for everything else"
        )
        yield f"With workers on Kubernetes nodes: ${self.total:,.2f} a month ({parts})."
        if self.from_messages is None:
            yield "They are never cheaper than the function: a node of this price and utilisation costs more a message."
        else:
            yield (
                f"They are cheaper than the function from {self.from_messages:,} messages of {question.characters:,} "
                "characters a month on; in a cluster that you pay for anyway, from the first one."
            )


_LCU_GIGABYTES = Decimal("0.4")
"""GB an hour that one capacity unit (LCU) processes if the target is a function; 1 for other targets."""
_LCU_CONNECTIONS = 25 * 3_600
"""New connections an hour. Each request is assumed to be one."""
_GIGABYTE = Decimal(2**30)


@dataclass(frozen=True, kw_only=True)
class LoadBalancerCost:
    """The cost of a month's requests, in US dollars, without the functions themselves."""

    hours: Decimal
    """The load balancer, whatever it does."""
    capacity: Decimal
    """Its capacity units, for the requests."""
    http_api: Decimal
    """The same requests through the HTTP API."""
    from_messages: int | None
    """The number of messages a month from which the load balancer is cheaper, or None."""
    fits: bool
    """Whether the response is within the limit of a load balancer."""

    @property
    def total(self) -> Decimal:
        """Return the cost of the load balancer."""
        return self.hours + self.capacity

    @classmethod
    def of(cls, question: Question, prices: PriceList) -> Self:
        """Return the costs for evenly spread requests, each on a connection of its own."""
        size = file_bytes(question.script, audio_seconds(question.script, question.engine))
        units = max(size / _GIGABYTE / _LCU_GIGABYTES, 1 / Decimal(_LCU_CONNECTIONS))
        each = units * prices.prices.capacity_unit_hour
        in_api = prices.total(response_usage(size, streamed=False))
        hours = prices.prices.load_balancer_hour * MONTH / 3_600
        return cls(
            hours=hours,
            capacity=each * question.messages,
            http_api=in_api * question.messages,
            from_messages=int(hours / (in_api - each)) + 1 if in_api > each else None,
            fits=size <= BALANCED_BYTES,
        )

    def lines(self, question: Question) -> Iterator[str]:
        """Yield the cost as lines of text."""
        parts = f"${self.hours:,.2f} for its hours, ${self.capacity:,.2f} for capacity units"
        yield (
            f"Through an Application Load Balancer: ${self.total:,.2f} a month ({parts}), instead of "
            f"${self.http_api:,.2f} for the HTTP API and nothing for the Function URL."
        )
        if not self.fits:
            yield (f"Its responses are larger than a load balancer sends from a function: {BALANCED_BYTES:,} bytes.")
        if self.from_messages is None:
            yield "It is never cheaper than the HTTP API: its capacity units for a response of this size cost more."
        else:
            yield (
                f"It is cheaper than the HTTP API from {self.from_messages:,} messages of {question.characters:,} "
                "characters a month on."
            )
