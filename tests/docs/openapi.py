"""docs/openapi.yaml, and whether a value is as a schema of it says."""

import re
from functools import reduce
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
OPENAPI = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
SCHEMAS = OPENAPI["components"]["schemas"]
_TYPES = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}


def resolved(value):
    """What a $ref means, with what stands beside it."""
    if "$ref" not in value:
        return value
    meant = reduce(lambda node, name: node[name], value["$ref"].removeprefix("#/").split("/"), OPENAPI)
    return resolved(meant) | {name: beside for name, beside in value.items() if name != "$ref"}


def operations():
    """Every operation: [(path, method, operation), ...]."""
    return [
        (path, method.upper(), operation)
        for path, item in OPENAPI["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]


def kinds(schema):
    """The types that a schema allows."""
    named = schema.get("type", [])
    return {named} if isinstance(named, str) else set(named)


def faults(value, schema, at="value"):
    """Where a value is not as a schema says, as far as our schemas go."""
    schema = resolved(schema)
    if kinds(schema) and not any(_is(value, kind) for kind in kinds(schema)):
        return [f"{at}: {value!r} is no {schema['type']}"]
    if "const" in schema and value != schema["const"]:
        return [f"{at}: {value!r} is not {schema['const']!r}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        return [f"{at}: {value!r} does not match {schema['pattern']}"]
    if isinstance(value, list):
        return [fault for one in value for fault in faults(one, schema["items"], f"{at}[]")]
    return _faults_inside(value, schema, at) if isinstance(value, dict) else []


def _is(value, kind):
    return isinstance(value, _TYPES[kind]) and not (isinstance(value, bool) and kind != "boolean")


def _faults_inside(value, schema, at):
    known, other = schema.get("properties", {}), schema.get("additionalProperties", True)
    missing = [f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value]
    unknown = [f"{at}.{name} is unknown" for name in value if name not in known and other is False]
    inside = {name: known.get(name, other if isinstance(other, dict) else {}) for name in value}
    return missing + unknown + [one for name in value for one in faults(value[name], inside[name], f"{at}.{name}")]
