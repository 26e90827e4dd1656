"""The manifest reader: exact for any block boundaries, with defined errors for any other input."""

import csv
import io
import re
from collections import Counter

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from herald.batches import manifest_records as records_module
from herald.batches import manifest_text as text_module
from herald.batches.manifest import read_rows
from herald.batches.manifest_form import ManifestForm
from herald.batches.manifest_records import ManifestLimits, read_lines, read_records
from herald.batches.rows import Row, RowError
from herald.errors import InvalidManifest
from tests.support.batch_samples import ENDS, SIZES, cut, rows

LIMITS = ManifestLimits()
SPECIAL = st.sampled_from(
    ['"', '""', ",", "\n", "\r", "\r\n", "\\", "'", ";", "=1", " ", "", "é", "e\u0301", "😀", "\ufeff"]
)
CELLS = st.lists(SPECIAL | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3)).map(
    "".join
)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8)
STYLES = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_STRINGS, csv.QUOTE_NOTNULL])
FRAGMENTS = st.lists(
    st.sampled_from(
        [b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\\", b"\0", b"\xff", b"\xc3", b"\xa9", b"a", b"id", b"b"]
    )
    | st.binary(max_size=4),
    max_size=40,
).map(b"".join)


@pytest.fixture(autouse=True, scope="module")
def _small_blocks():
    """Use tiny blocks, so that boundaries matter; they still contain the magic number of a file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_module, "BLOCK", 8)
        yield


def written(table, style, end="\r\n"):
    out = io.StringIO(newline="")
    csv.writer(out, quoting=style, lineterminator=end).writerows(table)
    return out.getvalue()


def records(chunks, limits=LIMITS):
    return list(read_records(read_lines(chunks, limits), limits))


@given(TABLES, STYLES, ENDS, SIZES)
@example([["a", '"', "\r\n", ""]], csv.QUOTE_MINIMAL, "\r", [1])
def test_tables_written_by_pythons_csv_round_trip(table, style, end, sizes):
    text = written(table, style, end)
    read = records(cut(b"\xef\xbb\xbf" + text.encode(), sizes))
    assert [record[1] for record in read] == table


@given(TABLES, ENDS, SIZES)
def test_unquoted_tables_round_trip(table, end, sizes):
    table = [[re.sub(r'[",\r\n\ufeff]', "", cell) for cell in cells] for cells in table]
    assume(all(cells != [""] for cells in table))
    text = written(table, csv.QUOTE_NONE, end)
    assert [record[1] for record in records(cut(text.encode(), sizes))] == table


@given(TABLES, ENDS)
def test_line_numbers_match_those_of_an_editor(table, end):
    text = written(table, csv.QUOTE_MINIMAL, end)
    numbers = [number for number, _ in records([b"\xef\xbb\xbf" + text.encode()])]
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    starts = [
        len(re.findall(r"\r\n|\r|\n", written(table[:at], csv.QUOTE_MINIMAL, end))) + 1 for at in range(len(table))
    ]
    assert numbers == starts
    assert not starts or starts[-1] <= len(lines)


@given(FRAGMENTS, SIZES, st.sampled_from(["csv", "jsonl"]), st.sampled_from([(), ("a",), ("text",)]))
def test_any_input_gives_rows_and_errors_or_is_rejected(data, sizes, written_as, fields):
    try:
        read = list(read_rows(cut(data, sizes), written_as, fields=fields))
    except InvalidManifest:
        return
    assert {type(one) for one in read} <= {Row, RowError}
    numbers = [one.line for one in read]
    assert numbers == sorted(set(numbers))
    assert 1 <= numbers[0] <= numbers[-1] <= len(data)


@given(FRAGMENTS, SIZES)
def test_block_boundaries_do_not_matter(data, sizes):
    def outcome(chunks):
        try:
            return list(read_rows(chunks, "csv", fields=()))
        except InvalidManifest as error:
            return error.code, error.message

    assert outcome(cut(data, sizes)) == outcome([data]) == outcome(cut(data, [1]))


@given(FRAGMENTS.filter(lambda data: b"\r" not in data), st.integers(5, 30))
def test_memory_is_bounded_by_the_longest_row(data, most):
    limits = ManifestLimits(row_bytes=most)
    try:
        read = records(cut(data, [3]), limits)
    except InvalidManifest:
        return
    assert all(sum(map(len, one[1])) <= most for one in read if not isinstance(one, RowError))


@given(st.lists(st.tuples(CELLS.filter(str.strip), CELLS), min_size=1, max_size=6), ENDS)
def test_an_invalid_row_affects_no_other_row(pairs, end):
    """After each valid row follows one with invalid quotes; only the invalid ones are lost."""
    good = [[f"{at}", *pair] for at, pair in enumerate(pairs)]
    bad = [f'bad{at},"x"y,z{end}' for at in range(len(pairs))]
    text = "".join(written([row], csv.QUOTE_MINIMAL, end) + wrong for row, wrong in zip(good, bad, strict=True))
    read = records([b"\xef\xbb\xbf" + text.encode()])
    assert [one[1] for one in read if not isinstance(one, RowError)] == good
    assert [one.code for one in read if isinstance(one, RowError)] == ["stray_quote"] * len(bad)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_reading_resumes_on_the_line_after_an_unclosed_quote(end):
    text = end.join(["name,x", '"Anna,1', "Bo,2", '"Cy ""C""",3', '"Di', 'Di",4', '"Ed,5', ""])
    read, errors = rows(text, fields=("name", "x"))
    assert [(row.line, row.values["name"], row.values["x"]) for row in read] == [
        (3, "Bo", "2"), (4, 'Cy "C"', "3"), (5, f"Di{end}Di", "4"),
    ]  # fmt: skip
    assert errors == [(2, "stray_quote"), (7, "stray_quote")]


def test_the_search_for_a_closing_quote_ends_at_the_row_limit():
    text = 'name\n"Anna\n' + "Bo\n" * 20 + '"Cy"\n'
    read, errors = rows(text, row_bytes=30)
    assert errors == [(2, "row_too_large")]
    assert [row.line for row in read] == list(range(3, 24))


@given(st.lists(st.sampled_from(['"', '""', ',"', ',"""', '","', "a", 'a"', '"a"']), max_size=60), st.integers(10, 80))
def test_rereading_of_lines_is_bounded(parts, most):
    """Each line is read at most twice, except the last one before a pushback, which starts another row."""
    reads = Counter()

    class Counting(records_module._Lines):
        def next(self):
            line = super().next()
            reads[line and line[0]] += 1
            return line

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records_module, "_Lines", Counting)
        records(["\n".join(parts).encode()], ManifestLimits(row_bytes=most))
    reads.pop(None)
    assert sum(reads.values()) <= 3 * len(parts)


@pytest.mark.parametrize("length", range(5, 40))
def test_an_oversized_row_ends_with_its_line(length):
    """Even if a block ends between CR and LF."""
    read, errors = rows("name\r\n" + "a" * length + "\r\nBo\r\n", row_bytes=6)
    assert errors == [(2, "row_too_large")]
    assert [row.line for row in read] == [3]


@given(st.integers(1, 6))
def test_row_limit(most):
    text = "name\n" + "Anna\n" * (most - 1)
    assert len(rows(text + "Bo\n", rows=most)[0]) == most
    assert len(rows(text + "Bo,x\n", rows=most)[1]) == 1
    for over in ("Bo\nCy\n", "Bo\nCy,x\n"):
        with pytest.raises(InvalidManifest) as rejected:
            rows(text + over, rows=most)
        assert rejected.value.code == "too_many_rows"


def test_default_limits():
    assert (LIMITS.rows, LIMITS.row_bytes) == (1_000_000, 1_000_000)


def test_rows_before_the_limit_are_yielded_first():
    read = read_rows([b"name\nAnna\nBo\n"], "csv", fields=("name",), limits=ManifestLimits(rows=1))
    assert next(read).values == {"name": "Anna"}
    with pytest.raises(InvalidManifest):
        next(read)


def test_byte_limit():
    assert rows("name\nAnna\n", total_bytes=10)[0]
    with pytest.raises(InvalidManifest) as rejected:
        rows("name\nAnna\n", total_bytes=9)
    assert rejected.value.code == "manifest_too_large"


def test_windows_1252_may_begin_after_a_long_part_of_plain_letters():
    form = ManifestForm()
    data = b"name\n" + b"Anna\n" * 20_000 + "Zoë\n".encode("cp1252") + b"Bo\n"
    read = list(read_rows([data], "csv", fields=("name",), form=form))
    assert [row.values["name"] for row in read[-3:]] == ["Anna", "Zoë", "Bo"]
    assert form.encoding == "cp1252"
