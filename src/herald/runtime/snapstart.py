"""Runtime hooks of Lambda SnapStart, before the snapshot and after a restore."""

from collections.abc import Callable


def register(*, before_snapshot: Callable[[], object], after_restore: Callable[[], object]) -> None:
    """Register the hooks with the runtime; do nothing outside a runtime that supports SnapStart."""
    try:
        from snapshot_restore_py import register_after_restore, register_before_snapshot  # noqa: PLC0415
    except ImportError:
        return
    register_before_snapshot(before_snapshot)
    register_after_restore(after_restore)
