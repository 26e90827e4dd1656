"""plan_batch: reads a batch's manifest and writes the plan of its items."""

import os
from dataclasses import asdict
from typing import Any

from herald.batches.batch_ports import Run
from herald.runtime.batch_runtime import BatchDependencies
from herald.runtime.function import Event, EventFunction, Handler
from herald.runtime.settings import MANIFESTS, PRICES, ROUTING, Settings


class PlanBatchFunction(EventFunction):
    """The first task of the state machine."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._planner = BatchDependencies(self.parts).run_planner

    def handle_event(self, event: Event, context: Any) -> Event:  # noqa: ANN401, ARG002
        """Plan a run."""
        run = Run.model_validate(event)
        self.logger.append_keys(batch=run.batch, tenant=run.tenant, run=run.run)
        self.annotate(batch=run.batch)
        plan = self._planner.plan(run)
        self.logger.info("planned", chunks=plan.chunks, packs=len(plan.packs))
        return asdict(plan) | {"packs": [pack.model_dump() for pack in plan.packs]}


handler = Handler(
    lambda: PlanBatchFunction(
        Settings.read(os.environ, ROUTING, MANIFESTS, PRICES, {"table", "bucket", "key_table", "batch_concurrency"})
    )
)
