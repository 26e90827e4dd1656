"""Renders the whole page."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from herald import __version__
from herald.web.openapi.codes import TABLES, Code, by_code, table
from herald.web.openapi.components import DESCRIPTION, TAGS
from herald.web.openapi.document import document
from herald.web.openapi.operation import Operation
from herald.web.openapi.page.fields import fields
from herald.web.openapi.page.markup import Html, block, code, element, link, paragraphs, prose, text
from herald.web.openapi.page.markup import table as rows_of
from herald.web.openapi.page.operations import entry, section
from herald.web.openapi.paths import OPERATIONS
from herald.web.routes import ROUTES

_START = """\
export HERALD_URL=https://...   # ApiUrl, an output of the deployment
export HERALD_KEY=hk_...        # as issued by the operator

curl "$HERALD_URL/v1/audio/speech" \\
  -H "Authorization: Bearer $HERALD_KEY" -H 'Content-Type: application/json' \\
  -d '{"voice": "alloy", "input": "Your appointment is confirmed."}' -o hello.mp3"""
_GATEWAY = (
    'API Gateway itself responds before a request reaches Herald: `{"message": "Unauthorized"}` (401) without a key, '
    '`{"message": "Forbidden"}` (403) with a key that is not one of this deployment, and '
    '`{"message": "Too Many Requests"}` (429) above the deployment\'s rate limit.'
)


@cache
def page() -> str:
    """Return the page as HTML."""
    head = element(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", text("Herald: the API")),
        Html(f"<style>{_style()}</style>"),
    )
    body = element("body", _navigation(), element("main", *_parts()))
    return f'<!DOCTYPE html>\n<html lang="en">{head}{body}</html>\n'


@cache
def policy() -> str:
    """Return the Content-Security-Policy, which allows the page's own inline style and nothing else."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def _style() -> str:
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def _parts() -> list[Html]:
    whole = document() | {"statuses": {name: row.status for name, row in by_code().items()}}
    file = element("a", text("openapi.json"), href="openapi.json")
    return [
        element("h1", text("Herald")),
        element("p", text(f"Version {__version__}. For programs: "), file, class_="soft"),
        paragraphs(DESCRIPTION),
        block(_START),
        *(part for tag in TAGS for part in _tag(tag, whole)),
        element("h2", text("Models"), id="models"),
        *(_model(name, schema) for name, schema in whole["components"]["schemas"].items()),
        element("h2", text("Errors"), id="errors"),
        element("p", prose(_GATEWAY)),
        *(_codes(name, title) for name, title in TABLES.items()),
    ]


def _of(tag: str) -> list[Operation]:
    order = [*ROUTES]
    return sorted((one for one in OPERATIONS if one.tag == tag), key=lambda one: order.index(one.path))


def _tag(tag: dict[str, str], whole: dict[str, object]) -> list[Html]:
    title = element("h2", text(tag["name"]), id=f"tag-{tag['name']}")
    return [title, element("p", prose(tag["description"])), *(section(one, whole) for one in _of(tag["name"]))]


def _navigation() -> Html:
    lists = [
        Html(element("h2", text(tag["name"])) + element("ul", *(entry(one) for one in _of(tag["name"]))))
        for tag in TAGS
    ]
    more = element("ul", *(element("li", link(text(name.title()), name)) for name in ("models", "errors")))
    return element("nav", *lists, element("h2", text("More")), more)


def _model(name: str, schema: dict[str, object]) -> Html:
    described = paragraphs(str(schema.get("description", "")))
    shown = fields(schema) if "properties" in schema else element("p", _values(schema))
    return element("section", element("h3", text(name)), described, shown, id=f"model-{name}")


def _values(schema: dict[str, object]) -> Html:
    values = schema.get("enum")
    return Html(", ".join(code(one) for one in values)) if isinstance(values, list) else text(schema.get("type", ""))


def _codes(name: str, title: str) -> Html:
    rows = rows_of(("code", "status", "meaning", "how to fix it"), [_row(one) for one in table(name)])
    return Html(element("h3", text(title)) + rows)


def _row(row: Code) -> list[Html]:
    shown = code(row.code)
    anchored = element("span", shown, id=f"code-{row.code}") if row.status else shown
    return [anchored, text(row.status or ""), prose(row.meaning), prose(row.fix)]
