"""The container that speaks on a GPU, behind a SageMaker asynchronous endpoint. Runs without a GPU as well."""

import os

# From 1.29 on onnxruntime tells its makers about each use, unless this is set before it is loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
