"""Hostile input as data: one JSONL file per family in cases/, and jobs.jsonl, which the tests of herald.jobs also use.

Each line has a `name`, the request and the expected response:
- `input` (with `speed` to keep the audio short), or `json`, or a raw `body`; `headers`, `method` and `path` if they
  differ from a plain speech request; a header that is sent twice has a list of values;
- `status`, and for an error its `code`, or a list of codes if it depends on Python's version; `param`, `allow`;
- `balanced` with those of them that differ behind a load balancer; `slow` if a refusal follows synthesis;
- `unmarked` if the request cannot contain MARKER; `over_http` if the emulator cannot transport the request.

A string may be written as {"repeat": [X, n]}, {"join": [X, ...]}, {"encode": [encoding, X]}, {"gzip": X},
{"base64": text}, {"zip": parts by name} or {"workbook": arguments of tests/support/workbooks.py}; the last five
produce bytes.
"""

import gzip
import json
from base64 import b64decode
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.support.workbooks import archive, cells, workbook

HERE = Path(__file__).parent
MARKER = "quetzal"
"""A word in every request that must never appear in a response or a log."""

_JSON = {"Content-Type": "application/json"}
_BUILDERS = {
    "repeat": lambda spec: build(spec[0]) * spec[1],
    "join": lambda spec: _joined([build(part) for part in spec]),
    "encode": lambda spec: build(spec[1]).encode(spec[0]),
    "gzip": lambda spec: gzip.compress(_bytes(build(spec)), mtime=0),
    "base64": b64decode,
    "zip": lambda spec: archive(build(spec)),
    "cells": lambda spec: cells(build(spec)),
    "workbook": lambda spec: workbook(**build(spec)),
}


def build(spec):
    """Evaluate the generators in a value, recursively; return everything else unchanged."""
    if isinstance(spec, list):
        return [build(one) for one in spec]
    if not isinstance(spec, dict):
        return spec
    if len(spec) == 1 and (name := next(iter(spec))) in _BUILDERS:
        return _BUILDERS[name](spec[name])
    return {name: build(value) for name, value in spec.items()}


def _joined(parts):
    if all(isinstance(part, str) for part in parts):
        return "".join(parts)
    return b"".join(map(_bytes, parts))


def _bytes(value):
    return value.encode() if isinstance(value, str) else value


@dataclass(frozen=True)
class Case:
    """One line of a family."""

    family: str
    line: dict

    def __str__(self):
        return f"{self.family}: {self.line['name']}"

    def get(self, key, default=None):
        return self.line.get(key, default)

    @property
    def method(self):
        return self.get("method", "POST")

    @property
    def path(self):
        return build(self.get("path", "/v1/audio/speech"))

    @property
    def headers(self):
        return build(self.get("headers", _JSON))

    @property
    def status(self):
        return self.line["status"]

    @property
    def codes(self):
        code = self.get("code")
        return code if isinstance(code, list) else [code]

    @property
    def text(self):
        return build(self.line["input"])

    @cached_property
    def body(self):
        """The bytes of the request body."""
        if "body" in self.line:
            return _bytes(build(self.line["body"]))
        if "json" in self.line:
            return json.dumps(build(self.line["json"])).encode()
        if "input" in self.line:
            sent = {key: build(self.line[key]) for key in ("input", "speed") if key in self.line}
            return json.dumps(sent).encode()
        return b""


def with_a_gpu(case):
    """Return the case as expected with a GPU: jobs are accepted, and speech requests are refused as not_realtime."""
    if case.codes != ["gpu_not_deployed"]:
        return case
    job = case.path == "/v1/jobs" or "Prefer" in case.headers
    return Case(case.family, case.line | ({"status": 202} if job else {"status": 400, "code": "not_realtime"}))


def behind_a_load_balancer(case):
    """Return the case as expected of a request through a load balancer."""
    return Case(case.family, case.line | case.get("balanced", {}))


def read_lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


FAMILIES = read_lines(HERE / "families.jsonl")
"""Strings whose repetition is expensive to process for careless code."""
FILES = [*sorted((HERE / "cases").glob("*.jsonl")), HERE / "jobs.jsonl"]
CASES = [Case(path.stem, line) for path in FILES for line in read_lines(path)]
TWINS = read_lines(HERE / "twins.jsonl")
