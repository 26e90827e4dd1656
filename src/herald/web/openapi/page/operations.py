"""Renders one operation."""

import json
from http import HTTPStatus

from herald.web.openapi.operation import Operation
from herald.web.openapi.page.calls import curl, python
from herald.web.openapi.page.fields import kind, limits, sentence
from herald.web.openapi.page.markup import Html, block, code, element, link, paragraphs, prose, table, text
from herald.web.openapi.schemas import REF, Schema

_PUBLIC = "No key required."
_ANY = "Requires a key with any scope."


def section(one: Operation, whole: Schema) -> Html:
    """Return the section of an operation."""
    described: Schema = whole["paths"][one.path][one.method.lower()]
    inside = [
        element("h3", text(one.summary)),
        element("p", _method(one.method), Html(" "), code(one.path), Html(" · "), prose(_key(one)), class_="at"),
        paragraphs(one.description),
        _parameters(described, whole["components"]["parameters"]),
        _body(described),
        _calls(one, described),
        _answers(described["responses"]),
        _refusals(one, whole),
    ]
    return element("section", *inside, id=one.id)


def entry(one: Operation) -> Html:
    """Return the navigation entry of an operation."""
    return element("li", link(Html(f"{_method(one.method)} {text(one.path)}"), one.id))


def _method(name: str) -> Html:
    return element("span", text(name), class_=f"method {name}")


def _key(one: Operation) -> str:
    return {"public": _PUBLIC, "any": _ANY}.get(one.scope, f"Requires a key with the scope `{one.scope}`.")


def _parameters(described: Schema, shared: dict[str, Schema]) -> Html:
    named = [
        shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in described.get("parameters", [])
    ]
    rows = [(code(one["name"]), text(one["in"]), kind(one["schema"]), prose(_meaning(one))) for one in named]
    return _titled("Parameters", table(("name", "in", "type", "meaning"), rows))


def _meaning(parameter: Schema) -> str:
    schema = parameter["schema"]
    default = f"Default: `{schema['default']}`." if "default" in schema else ""
    return " ".join(part for part in (parameter.get("description", ""), sentence(limits(schema)), default) if part)


def _body(described: Schema) -> Html:
    if "requestBody" not in described:
        return Html("")
    content = described["requestBody"]["content"]["application/json"]
    name = content["schema"]["$ref"].removeprefix(REF)
    others = [
        element("details", element("summary", text(f"Example: {title}")), block(_json(one["value"])))
        for title, one in content["examples"].items()
    ]
    return _titled("Body", Html(element("p", link(text(name), f"model-{name}"), text(", as JSON.")) + "".join(others)))


def _calls(one: Operation, described: Schema) -> Html:
    shown = [("curl", curl), ("Python", python)]
    return Html(
        "".join(
            element("details", element("summary", text(name)), block(how(one.path, one.method, described)))
            for name, how in shown
        )
    )


def _answers(responses: dict[str, Schema]) -> Html:
    good = {status: one for status, one in responses.items() if int(status) < HTTPStatus.BAD_REQUEST}
    rows = [(code(status), prose(one["description"]), _content(one), _headers(one)) for status, one in good.items()]
    examples = [
        element("details", element("summary", text(f"Example of {status}")), block(_json(kinds["example"])))
        for status, one in good.items()
        if "example" in (kinds := one.get("content", {}).get("application/json", {}))
    ]
    return _titled("Responses", Html(table(("status", "what", "content", "headers"), rows) + "".join(examples)))


def _content(answer: Schema) -> Html:
    kinds = [
        kind(one["schema"]) if "$ref" in one.get("schema", {}) else code(name)
        for name, one in answer.get("content", {}).items()
    ]
    return Html(", ".join(kinds) or "nothing")


def _headers(answer: Schema) -> Html:
    return Html(", ".join(code(name) for name in answer["headers"]))


def _refusals(one: Operation, whole: Schema) -> Html:
    by_status: dict[int, list[str]] = {}
    for name, status in whole["statuses"].items():
        if name in one.all_codes:
            by_status.setdefault(status, []).append(name)
    rows = [
        (code(status), Html(", ".join(link(code(name), f"code-{name}") for name in names)))
        for status, names in sorted(by_status.items())
    ]
    return element("div", _titled("Errors", table(("status", "codes"), rows)), class_="codes")


def _titled(title: str, inside: Html) -> Html:
    return Html(element("h4", text(title)) + inside) if inside else Html("")


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
