"""Lists as spreadsheets and customer databases export them: read as their owners meant, or refused with the place.

`lists_read.jsonl` has a line for each list: its source, the manifest (see tests/hostile/cases.py), the template, the
texts that are said, and words of the remarks on how it was read. `lists_refused.jsonl` has what the refusal says, and
the line of a row that is refused alone. `workbooks_read.jsonl` and `workbooks_refused.jsonl` are the same for .xlsx;
their numbers are sections of ECMA-376, part 1.
"""

from pathlib import Path

import pytest

from herald.batches.manifest import read_rows
from herald.batches.manifest_form import ManifestForm
from herald.batches.rows import RowError
from herald.errors import InvalidManifest
from tests.hostile.cases import build, read_lines
from tests.support.batch_samples import planner

HERE = Path(__file__).parent
READ = [case for name in ("lists", "workbooks") for case in read_lines(HERE / f"{name}_read.jsonl")]
REFUSED = [case for name in ("lists", "workbooks") for case in read_lines(HERE / f"{name}_refused.jsonl")]


def parts(case, form=None):
    manifest = build(case["manifest"])
    data = manifest.encode() if isinstance(manifest, str) else manifest
    plan = planner(template=case["template"])
    return list(plan.plan(read_rows([data], None, fields=plan.fields, form=form)))


@pytest.mark.parametrize("case", READ, ids=lambda case: case["source"])
def test_a_list_is_read_as_its_owner_meant(case):
    form = ManifestForm()
    (items,) = parts(case, form)
    assert [item.text for item in items] == case["texts"]
    remarks = form.remarks()
    assert len(remarks) == len(case.get("remarks", []))
    for words, remark in zip(case.get("remarks", []), remarks, strict=True):
        assert words in remark


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["source"])
def test_a_refusal_names_the_column_and_the_line(case):
    if "line" in case:
        (error,) = [part for part in parts(case) if isinstance(part, RowError)]
        assert error.line == case["line"]
        message = error.message
    else:
        with pytest.raises(InvalidManifest) as refused:
            parts(case)
        message = refused.value.message
    for words in case["said"]:
        assert words in message
    assert message.endswith(".")


def test_there_are_lists_of_every_kind():
    assert (len(READ), len(REFUSED)) >= (55, 30)
