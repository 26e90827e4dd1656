"""Renders the fields of a schema as a table."""

import json
from collections.abc import Iterable

from herald.web.openapi.page.markup import Html, code, link, prose, table, text
from herald.web.openapi.schemas import REF, Schema

_LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "maxProperties": "at most {} pairs",
}


def fields(schema: Schema) -> Html:
    """Return a table of an object's fields: name, type and meaning."""
    required = set(schema.get("required", ()))
    rows = [
        (code(name), kind(one), _meaning(one, required=name in required and "default" not in one))
        for name, one in schema["properties"].items()
    ]
    return table(("field", "type", "meaning"), rows)


def kind(schema: Schema) -> Html:
    """Return the type of a schema in words, with links to other models."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REF)
        return link(text(name), f"model-{name}")
    if "anyOf" in schema:
        return Html(" or ".join(kind(one) for one in schema["anyOf"]))
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    types = schema.get("type", "any")
    named = " or ".join([types] if isinstance(types, str) else types)
    of = Html(f" of {kind(schema['items'])}") if "items" in schema else Html("")
    return Html(text(named) + of)


def limits(schema: Schema) -> str:
    """Return the limits of a schema in words."""
    parts = [words.format(f"{schema[name]:,}") for name, words in _LIMITS.items() if name in schema]
    if schema.get("pattern"):
        parts.append(f"matching `{schema['pattern']}`")
    return ", ".join(parts)


def _meaning(schema: Schema, *, required: bool) -> Html:
    parts: Iterable[str] = (
        "*Required.*" if required else "",
        schema.get("description", ""),
        sentence(limits(schema)),
        _choices(schema),
        _default(schema),
    )
    return prose(" ".join(part for part in parts if part))


def sentence(words: str) -> str:
    """Return the words with an initial capital and a full stop; "" stays empty."""
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _choices(schema: Schema) -> str:
    named = [f"`{one}`" for one in schema.get("enum", []) if one is not None]
    return f"One of {', '.join(named)}." if named else ""


def _default(schema: Schema) -> str:
    return f"Default: `{json.dumps(schema['default'])}`." if schema.get("default") not in (None, {}) else ""
