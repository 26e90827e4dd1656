"""Container for synthesis on a GPU, behind an asynchronous SageMaker endpoint. Also runs without a GPU."""

import os

# onnxruntime 1.29 and later send telemetry unless this is set before the import.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
