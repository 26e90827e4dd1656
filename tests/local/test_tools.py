"""Helpers of other tests."""

from types import SimpleNamespace

from tests.local.conftest import client
from tests.local.tools import workers


def test_workers_are_those_of_one_function_in_one_stack(emulator, jobs):
    process, identity = emulator
    client(identity, "lambda").invoke(FunctionName=jobs["Door"], Payload="{}")
    stack = SimpleNamespace(folder=process.folder, resources=jobs)
    assert workers(stack, "Door")
    assert not set(workers(stack, "Door")) & set(workers(stack, "Worker"))
    assert not workers(SimpleNamespace(folder="/elsewhere", resources=jobs), "Door")
