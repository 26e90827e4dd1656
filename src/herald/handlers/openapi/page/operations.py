"""One operation on the page."""

import json
from http import HTTPStatus

from herald.handlers.openapi.operation import Operation
from herald.handlers.openapi.page.calls import curl, python
from herald.handlers.openapi.page.fields import kind, limits, sentence
from herald.handlers.openapi.page.markup import Html, block, code, element, link, paragraphs, prose, table, text
from herald.handlers.openapi.schemas import REF, Schema

_PUBLIC = "Needs no key."
_ANY = "Needs a key, of any scope."


def section(one: Operation, whole: Schema) -> Html:
    """All about an operation."""
    told: Schema = whole["paths"][one.path][one.method.lower()]
    inside = [
        element("h3", text(one.summary)),
        element("p", _method(one.method), Html(" "), code(one.path), Html(" · "), prose(_key(one)), class_="at"),
        paragraphs(one.description),
        _parameters(told, whole["components"]["parameters"]),
        _body(told),
        _calls(one, told),
        _answers(told["responses"]),
        _refusals(one, whole),
    ]
    return element("section", *inside, id=one.id)


def entry(one: Operation) -> Html:
    """Its line in the list of operations."""
    return element("li", link(Html(f"{_method(one.method)} {text(one.path)}"), one.id))


def _method(name: str) -> Html:
    return element("span", text(name), class_=f"method {name}")


def _key(one: Operation) -> str:
    return {"public": _PUBLIC, "any": _ANY}.get(one.scope, f"Needs a key with the scope `{one.scope}`.")


def _parameters(told: Schema, shared: dict[str, Schema]) -> Html:
    named = [shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in told.get("parameters", [])]
    rows = [(code(one["name"]), text(one["in"]), kind(one["schema"]), prose(_said(one))) for one in named]
    return _titled("Parameters", table(("name", "in", "type", "meaning"), rows))


def _said(parameter: Schema) -> str:
    schema = parameter["schema"]
    default = f"Left out: `{schema['default']}`." if "default" in schema else ""
    return " ".join(part for part in (parameter.get("description", ""), sentence(limits(schema)), default) if part)


def _body(told: Schema) -> Html:
    if "requestBody" not in told:
        return Html("")
    content = told["requestBody"]["content"]["application/json"]
    name = content["schema"]["$ref"].removeprefix(REF)
    others = [
        element("details", element("summary", text(f"Example: {title}")), block(_json(one["value"])))
        for title, one in content["examples"].items()
    ]
    return _titled("Body", Html(element("p", link(text(name), f"model-{name}"), text(", as JSON.")) + "".join(others)))


def _calls(one: Operation, told: Schema) -> Html:
    shown = [("curl", curl), ("Python", python)]
    return Html(
        "".join(
            element("details", element("summary", text(name)), block(how(one.path, one.method, told)))
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
    return _titled("Answers", Html(table(("status", "what", "content", "headers"), rows) + "".join(examples)))


def _content(answer: Schema) -> Html:
    told = [
        kind(one["schema"]) if "$ref" in one.get("schema", {}) else code(name)
        for name, one in answer.get("content", {}).items()
    ]
    return Html(", ".join(told) or "nothing")


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
