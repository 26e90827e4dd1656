"""Writes docs/openapi.yaml, and the tables of docs/errors.md: what both say is in the code. `make openapi`."""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from herald.handlers.openapi.codes import TABLES, Code, table
from herald.handlers.openapi.document import document

DOCS = Path(__file__).parents[1] / "docs"
_HEAD = "# Written by `make openapi`, from src/herald/handlers/openapi: change it there.\n"
_LINE = 90
_TABLE = r"(?P<mark><!-- {name}: .*-->\n)(?P<rows>(?:\|.*\n)*)"


class _Dumper(yaml.SafeDumper):
    """As people write it: long texts over several lines, lists set in, nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002  as PyYAML has it
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        return super().increase_indent(flow, indentless=False)


def _mapping(dumper: yaml.SafeDumper, data: dict[str, Any]) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=_fits(data))


def _sequence(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=_fits(data))


def _fits(data: Any) -> bool:  # noqa: ANN401  whatever JSON holds
    """Whether it is written on one line."""
    return len(json.dumps(data)) <= _LINE and not any(isinstance(one, dict) for one in data if isinstance(data, list))


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _sequence)


def as_yaml() -> str:
    """The whole of docs/openapi.yaml."""
    return _HEAD + yaml.dump(document(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def with_tables(page: str) -> str:
    """docs/errors.md with the tables as the code has them; ValueError for a code that only the page knows."""
    for name in TABLES:
        found = re.search(_TABLE.format(name=name), page)
        if found is None:
            raise ValueError(f"docs/errors.md has no mark for the table {name}")
        alone = set(re.findall(r"^\| `(\w+)`", found["rows"], re.MULTILINE)) - {row.code for row in table(name)}
        if alone:
            raise ValueError(f"write into codes/{name}.jsonl, or out of docs/errors.md: {', '.join(sorted(alone))}")
        page = page.replace(found[0], found["mark"] + _markdown(table(name)))
    return page


def _markdown(rows: Iterable[Code]) -> str:
    told = [*rows]
    answered = all(row.status for row in told)
    columns = ["code", *(["status"] if answered else []), "what it means", "how to mend it"]
    lines = [columns, ["---"] * len(columns)]
    lines += [[f"`{row.code}`", *([str(row.status)] if answered else []), row.meaning, row.mending] for row in told]
    return "".join(_line(cells) for cells in lines)


def _line(cells: list[str]) -> str:
    return "|---" * len(cells) + "|\n" if cells[0] == "---" else f"| {' | '.join(cells)} |\n"


def main() -> int:
    """Write both."""
    errors = DOCS / "errors.md"
    errors.write_text(with_tables(errors.read_text(encoding="utf-8")), encoding="utf-8")
    (DOCS / "openapi.yaml").write_text(as_yaml(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
