"""finish_batch: writes a batch's report, ends the batch and publishes its event."""

import os
from typing import Any

from herald.batches.batch_ports import Run
from herald.runtime.batch_runtime import BatchDependencies
from herald.runtime.function import Event, EventFunction, Handler
from herald.runtime.metrics import record_batch
from herald.runtime.settings import Settings


class FinishBatchFunction(EventFunction):
    """The last task of the state machine. For executions that ended before it, EventBridge invokes the function."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._finalizer = BatchDependencies(self.parts, lambda batch: record_batch(self.meter, batch)).finalizer

    def handle_event(self, event: Event, context: Any) -> Event:  # noqa: ANN401, ARG002
        """Finish a run."""
        ended_early = event.get("detail-type") == "Step Functions Execution Status Change"
        run = Run.model_validate_json(event["detail"]["input"]) if ended_early else Run.model_validate(event)
        self.logger.append_keys(batch=run.batch, tenant=run.tenant, run=run.run)
        self.annotate(batch=run.batch)
        stopped = ended_early or "error" in event
        if stopped:
            # Log the name of the error or the execution's status. The cause is in the execution's history.
            detail = event.get("error") or event.get("detail", {})
            why = str(detail.get("Error") or detail.get("error") or detail.get("status"))
            self.logger.error("stopped", extra={"why": why})
        batch = self._finalizer.finish(run.batch, run.tenant, run=run.run, stopped=stopped)
        self.logger.info("finished", state=batch.state.value, counts=batch.counts.model_dump())
        return {"state": batch.state.value}


handler = Handler(lambda: FinishBatchFunction(Settings.read(os.environ, {"table", "bucket", "bus"})))
