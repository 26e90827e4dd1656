"""The worker as a long-running process, for containers on Kubernetes: see docs/jobs.md.

It consumes the same queues with the same code as the function `worker`, and can run in addition to it.
"""
