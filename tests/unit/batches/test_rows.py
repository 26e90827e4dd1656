"""Columns, values and ids of rows."""

import json
import string
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herald.batches import rows as rows_module
from herald.batches.manifest import read_rows
from herald.batches.rows import Row, column
from tests.support.batch_samples import ENDS, SIZES, cut, parted, rows


def test_only_requested_columns_are_kept():
    (row,), _ = rows("x,Name,ID,Response_Format,y\n1, Anna ,7,wav,2\n")
    assert row == Row(2, "7", {"name": " Anna ", "id": "7", "format": "wav"})
    (row,), _ = rows('{"x": 1, "Name": " Anna ", "ID": 7, "Response_Format": "wav"}', "jsonl")
    assert row == Row(1, "7", {"name": " Anna ", "id": "7", "format": "wav"})


VALUES = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
)


def test_rows_of_different_keys_are_read_at_once():
    """The fields are not compared one by one with each new list of keys."""
    fields = [f"first name {at}" for at in range(200)]
    data = "".join(f'{{"First_Name_{at % 200}": "Anna", "key{at}": ""}}\n' for at in range(30_000))
    started = process_time()
    rows = list(read_rows([data.encode()], "jsonl", fields=fields))
    assert process_time() - started < 2
    assert [row.values for row in rows[:201]] == [{fields[at % 200]: "Anna"} for at in range(201)]


@given(st.lists(st.fixed_dictionaries({"a": VALUES, "b": VALUES}), min_size=1), ENDS, SIZES, st.booleans())
def test_objects_written_by_pythons_json_round_trip(objects, end, sizes, ascii_only):
    text = end.join(json.dumps(one, ensure_ascii=ascii_only) for one in objects)
    read, errors = parted(read_rows(cut(text.encode(), sizes), "jsonl", fields=("a", "b")))
    assert not errors
    assert [row.values for row in read] == [{name: as_text(one[name]) for name in one} for one in objects]


def as_text(value):
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


@pytest.mark.parametrize("name", ["Größe", " GRÖSSE ", "gro\u0308sse", "GRO\u0308ẞE\t"])
def test_column_names_are_normalized(name):
    assert column(name) == "grösse"


def test_long_names_are_not_cached():
    before = rows_module._column.cache_info().currsize
    assert column("A" * 1_000) == "a" * 1_000
    assert rows_module._column.cache_info().currsize == before


@given(st.lists(st.sampled_from([*string.ascii_letters, "", " ", "é", "É", "e\u0301"]), min_size=1, max_size=12))
def test_the_first_of_rows_with_the_same_id_wins(ids):
    text = "id,name\n" + "".join(f"{one},Anna\n" for one in ids)
    read, errors = rows(text)
    named = [column(one) or f"line-{line}" for line, one in enumerate(ids, 2)]
    first = {name: line for line, name in reversed([*enumerate(named, 2)])}
    assert [row.line for row in read] == sorted(first.values())
    assert {code for _, code in errors} <= {"duplicate_id"}
    assert len(read) + len(errors) == len(ids)


def test_errors_contain_a_readable_id():
    read = read_rows([b"id,name\n7,a,b\n8\n,x,y\n"], "csv", fields=("name",))
    assert [(one.line, one.id, one.code) for one in read] == [
        (2, "7", "ragged_row"), (3, "8", "ragged_row"), (4, None, "ragged_row"),
    ]  # fmt: skip
