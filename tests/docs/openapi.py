"""docs/openapi.yaml, and whether a value is as a schema of it says."""

from functools import reduce
from pathlib import Path

import jsonschema_rs
import yaml

ROOT = Path(__file__).parents[2]
OPENAPI = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
SCHEMAS = OPENAPI["components"]["schemas"]


def resolved(value):
    """What a $ref means, with what stands beside it."""
    if "$ref" not in value:
        return value
    meant = reduce(lambda node, name: node[name], value["$ref"].removeprefix("#/").split("/"), OPENAPI)
    return resolved(meant) | {name: beside for name, beside in value.items() if name != "$ref"}


def operations():
    """Every operation: [(path, method, operation), ...]."""
    return [(path, method.upper(), one) for path, item in OPENAPI["paths"].items() for method, one in item.items()]


def operation(path, method):
    return OPENAPI["paths"][path][method.lower()]


def ids():
    return [f"{method} {path}" for path, method, _ in operations()]


def faults(value, schema, *, formats=True):
    """Where a value is not as a schema of the document says."""
    validator = jsonschema_rs.Draft202012Validator(
        {"allOf": [schema], "components": OPENAPI["components"]}, validate_formats=formats
    )
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(value)]


def model(name):
    return {"$ref": f"#/components/schemas/{name}"}
