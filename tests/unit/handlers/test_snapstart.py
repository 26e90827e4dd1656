"""SnapStart's hooks are given to the runtime where there is one."""

import sys
from types import SimpleNamespace

from herald.handlers import snapstart


def test_hooks_are_registered_with_the_runtime(monkeypatch):
    hooks = {}
    runtime = SimpleNamespace(
        register_before_snapshot=lambda hook: hooks.update(before=hook),
        register_after_restore=lambda hook: hooks.update(after=hook),
    )
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", runtime)
    snapstart.register(before_snapshot=dict, after_restore=list)
    assert hooks == {"before": dict, "after": list}


def test_nothing_happens_elsewhere(monkeypatch):
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", None)
    snapstart.register(before_snapshot=dict, after_restore=list)
