"""Patches for features that ministack lacks for Herald's template, one function per feature."""

import sys
from importlib import metadata

from local.patches import (
    alarms,
    buckets,
    callers,
    functions,
    http_api,
    logs,
    machines,
    mappings,
    notices,
    queues,
    recorded,
    redrive,
    tables,
    throttles,
    transform,
)

# The patches depend on internals, so they work with one version only.
VERSION = "1.5.33"

PATCHES = (
    transform.borrow_the_sam_translator,
    http_api.make_routes_from_the_body,
    http_api.hide_errors_of_functions,
    http_api.route_options_without_cors,
    functions.unpack_a_layer_once,
    functions.end_the_log_at_a_mark,
    functions.show_logs,
    functions.name_errors,
    functions.refuse_large_answers,  # after name_errors, which replaces the function that this one wraps
    functions.keep_reserved_concurrency,
    alarms.keep_expressions,
    logs.tell_all_events,
    buckets.keep_the_lifecycle,
    buckets.keep_the_tags,
    tables.keep_settings,
    redrive.move_messages,
    queues.lock_while_changing,  # after move_messages, which changes queues
    queues.serve_quiet_tenants_first,
    notices.retry_functions,
    mappings.read_concurrency_as_a_number,
    machines.read_yaml,
    machines.follow_max_concurrency_path,
    machines.end_callback_tasks,
    machines.give_each_attempt_a_token,
    throttles.answer_unavailable,
    throttles.name_throttles,
    throttles.retry_throttled_events,  # after notices.retry_functions, whose retries it changes
    recorded.record_sagemaker,
    recorded.record_scaling,
    callers.record_functions,
    callers.record_event_sources,
    callers.record_machines,
)


def apply() -> None:
    """Apply all patches; exit if the version of ministack is not the expected one."""
    found = metadata.version("ministack")
    if found != VERSION:
        sys.exit(f"local/patches is for ministack {VERSION}; this is {found}. Check each patch, then change VERSION.")
    for patch in PATCHES:
        patch()
