"""Stand-in for SageMaker's asynchronous runtime: InvokeEndpointAsync, in front of the real container server."""
