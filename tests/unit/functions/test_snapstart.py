"""SnapStart's hooks are registered with the runtime, if it supports them."""

import sys
from types import SimpleNamespace

from herald.runtime.function import register_snapshot_hooks


def test_hooks_are_registered_with_the_runtime(monkeypatch):
    hooks = {}
    runtime = SimpleNamespace(
        register_before_snapshot=lambda hook: hooks.update(before=hook),
        register_after_restore=lambda hook: hooks.update(after=hook),
    )
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", runtime)
    register_snapshot_hooks(before_snapshot=dict, after_restore=list)
    assert hooks == {"before": dict, "after": list}


def test_registering_does_nothing_outside_the_runtime(monkeypatch):
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", None)
    register_snapshot_hooks(before_snapshot=dict, after_restore=list)
