"""JSON schemas of the models: pydantic's output, simplified for readers."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

REF = "#/components/schemas/"
_FIRST = ("type", "description", "additionalProperties", "required", "properties")
"""Keys in the order that readers look for them; pydantic sorts alphabetically."""
type Schema = dict[str, Any]


class _Plain(GenerateJsonSchema):
    """Omits field titles, which only repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002  pydantic's signature
        return False


def components(requests: Iterable[type[BaseModel]], answers: Iterable[type[BaseModel]]) -> Schema:
    """Return the schemas of all models and the models that they refer to, by name."""
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "validation") for model in requests]
    modes += [(model, "serialization") for model in answers]
    _, found = models_json_schema(modes, ref_template=REF + "{model}", schema_generator=_Plain)
    return {name: simple(schema) for name, schema in sorted(found["$defs"].items())}


def parameters(query: type[BaseModel]) -> list[Schema]:
    """Return the parameters of a query. A nullable field is an optional parameter without null in its schema."""
    schema = query.model_json_schema(ref_template=REF + "{model}", schema_generator=_Plain)
    return [_parameter(name, field) for name, field in schema["properties"].items()]


def _parameter(name: str, field: Schema) -> Schema:
    described = {key: field[key] for key in ("description",) if key in field}
    real = simple(_without_null(field) | {key: field[key] for key in ("default",) if field.get(key) is not None})
    real.pop("description", None)
    return {"name": name, "in": "query", **described, "schema": real}


def _without_null(field: Schema) -> Schema:
    real: Schema = next((one for one in field.get("anyOf", []) if one.get("type") != "null"), field)
    return {key: value for key, value in real.items() if key != "default"}


def simple(node: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """Return a schema, or a part of one, without redundancy."""
    if isinstance(node, list):
        return [simple(one) for one in node]
    if not isinstance(node, dict):
        return node
    ordered = {key: node[key] for key in (*_FIRST, *node) if key in node}
    plain = {key: simple(value) for key, value in ordered.items() if key != "title" or not isinstance(value, str)}
    if "const" in plain:
        plain.pop("default", None)
    return _with_null_as_type(plain)


def _with_null_as_type(node: Schema) -> Schema:
    """Rewrite `anyOf` of one type and null as a list of two types."""
    choices = node.get("anyOf", [])
    real = [one for one in choices if one != {"type": "null"}]
    if len(choices) != len(real) + 1 or len(real) != 1 or not isinstance(real[0].get("type"), str):
        return node
    others = {key: value for key, value in node.items() if key != "anyOf"}
    merged: Schema = {"type": [real[0]["type"], "null"]} | others | {k: v for k, v in real[0].items() if k != "type"}
    return merged | ({"enum": [*merged["enum"], None]} if "enum" in merged else {})


def matching(codes: Iterable[str]) -> Mapping[str, Any]:
    """Return the schema of an error that has one of these codes."""
    code = {"properties": {"error": {"properties": {"code": {"enum": [*codes]}}}}}
    return {"allOf": [{"$ref": f"{REF}Error"}, code]}
