"""The page of GET /docs: whole HTML that loads nothing, small, and with all that the document tells."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from herald.web.openapi.codes import TABLES, table
from herald.web.openapi.page.page import page, policy
from tests.docs.openapi import OPENAPI, SCHEMAS, operations

VOID = {"meta", "br", "hr", "img", "input", "link"}
LOADS = {"script", "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video", "source"}


class Reader(HTMLParser):
    """What stands on the page; every element must be closed where it was opened."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.ids, self.links, self.words, self.style = [], set(), [], [], [], ""

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.tags.add(tag)
        self.ids += [told["id"]] if "id" in told else []
        self.links += [told["href"]] if "href" in told else []
        assert "style" not in told
        assert not any(name.startswith("on") for name in told)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.words.append(data)


@pytest.fixture(scope="module")
def reader():
    reader = Reader()
    reader.feed(page())
    reader.close()
    return reader


def test_it_is_whole(reader):
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    assert page().startswith("<!DOCTYPE html>\n<html lang=")


def test_it_is_small():
    assert len(page().encode()) < 150_000


def test_it_loads_nothing_and_runs_nothing(reader):
    assert not reader.tags & LOADS
    assert "url(" not in reader.style
    assert "@import" not in reader.style
    digest = b64encode(sha256(reader.style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy()
    assert policy().startswith("default-src 'none'; ")


def test_links_lead_to_what_is_on_it(reader):
    inside = {link.removeprefix("#") for link in reader.links if link.startswith("#")}
    assert inside <= set(reader.ids)
    assert {link for link in reader.links if not link.startswith("#")} == {"openapi.json"}


def test_it_is_light_and_dark(reader):
    assert "prefers-color-scheme: dark" in reader.style


def test_it_tells_of_every_operation(reader):
    said = "".join(reader.words)
    for path, method, one in operations():
        assert one["operationId"] in reader.ids
        assert one["summary"] in reader.words
        assert f"{method} {path}" in said.replace("\n", " ")
        assert re.search(rf'curl[^"]*"\$HERALD_URL{re.escape(path.replace("{id}", "$ID"))}"', said)


def test_it_tells_of_every_field_and_every_parameter(reader):
    words = set(reader.words)
    for schema in SCHEMAS.values():
        assert set(schema.get("properties", {})) <= words
    assert {one["name"] for one in OPENAPI["components"]["parameters"].values()} <= words


@pytest.mark.parametrize("name", TABLES)
def test_it_contains_the_fix_of_every_error(reader, name):
    said = "".join(reader.words)
    for row in table(name):
        assert row.code in reader.words
        assert row.fix.replace("`", "") in said


def test_python_examples_are_python():
    examples = re.findall(r"<summary>Python</summary><pre[^>]*><code>(.*?)</code>", page(), re.DOTALL)
    assert len(examples) == len(operations())
    for example in examples:
        compile(example.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), "example", "exec")
