"""What the pages show and link to is there."""

import json
import re
from pathlib import Path

import pytest
import yaml

from herald.batches.batch import MOVES as BATCH_MOVES
from herald.batches.batch import REDRIVEN, Batch, BatchState
from herald.batches.batch_events import BatchEnded
from herald.batches.batch_request import Order
from herald.jobs.job import ENDS, MOVES, JobError, State
from herald.jobs.job_messages import SOURCE, EventAudio, JobEnded
from tests.support.job_samples import NOON, a_job
from tests.template.template import PARAMETERS, Loader

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def blocks(page, language):
    """The code blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "docs" / page).read_text(), re.MULTILINE | re.DOTALL)


def anchors(page):
    """The anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        assert link.startswith("https://") or target.exists(), link
        assert not anchor or target.suffix != ".md" or anchor in anchors(target), link


def test_documented_make_targets_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"^make ([a-z-]+)", page.read_text(), re.MULTILINE)) <= targets


def test_limits_name_parameters_that_exist():
    named = set(re.findall(r"parameters? ((?:`[A-Z]\w+`(?:, )?)+)", (ROOT / "docs" / "limits.md").read_text()))
    assert named
    assert {name for group in named for name in re.findall(r"`(\w+)`", group)} <= set(PARAMETERS)


def the_events():
    """The examples of events.md, and their models."""
    return zip([json.loads(block) for block in blocks("events.md", "json")], (JobEnded, BatchEnded), strict=True)


def test_the_events_are_some():
    for example, model in the_events():
        event = model.model_validate_json(json.dumps(example["detail"]))
        assert example["detail"] == json.loads(event.model_dump_json())
        assert list(example["detail"]) == list(model.model_fields)
        assert (example["source"], example["detail-type"]) == (SOURCE, event.detail_type)


@pytest.mark.parametrize(
    ("section", "model", "inside"),
    [
        ("job", JobEnded, {"audio": EventAudio.model_fields, "error": JobError.model_fields}),
        ("batch", BatchEnded, {}),
    ],
)
def test_the_fields_of_an_event_are_listed(section, model, inside):
    page = (ROOT / "docs" / "events.md").read_text()
    text = page.partition(f"## The end of a {section}")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([\w.]+)`", row)}
    parts = {f"{name}.{part}" for name, fields in inside.items() for part in fields}
    assert named == {*model.model_fields, *parts} - set(inside)


@pytest.mark.parametrize("state", ENDS)
def test_no_event_holds_text(state):
    job = a_job(text="Xylophone.", metadata={"customer": "xylophone"}, state=state, ended_at=NOON)
    assert "xylophone" in job.model_dump_json()
    assert "xylophone" not in JobEnded.of(job).model_dump_json().lower()


def test_no_event_of_a_batch_holds_its_template():
    order = Order(name="A", template="Xylophone {first_name}.")
    ids = {"id": "batch_" + "0" * 32, "tenant": "acme", "fingerprint": "f", "created_at": NOON, "updated_at": NOON}
    batch = Batch(**ids, order=order, state=BatchState.CANCELLED, ended_at=NOON)
    assert "Xylophone" in batch.model_dump_json()
    assert "xylophone" not in BatchEnded.of(batch).model_dump_json().lower()


def test_the_rule_for_a_webhook_matches_the_event():
    (resources,) = [yaml.load(block, Loader) for block in blocks("events.md", "yaml")]  # noqa: S506  a SafeLoader
    (rule,) = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::Events::Rule"]
    for example, _ in the_events():
        for name, values in rule["EventPattern"].items():
            assert example[name] in values


def moves_drawn(number):
    """The moves in a diagram of states of architecture.md."""
    diagrams = [block for block in blocks("architecture.md", "mermaid") if block.startswith("stateDiagram")]
    return set(re.findall(r"^ +(\w+) --> (\w+)", diagrams[number], re.MULTILINE))


def test_the_diagram_of_states_of_a_batch_is_the_code():
    real = {(source.value, to.value) for source, targets in BATCH_MOVES.items() for to in targets if source is not to}
    assert moves_drawn(1) == real | {(state.value, "speaking") for state in REDRIVEN}


def test_the_diagram_of_states_is_the_code():
    drawn = moves_drawn(0)
    # Not drawn: that a message may overtake the row's `queued`, and that a state may be renewed.
    real = {(source.value, to.value) for source, targets in MOVES.items() for to in targets if source is not to}
    overtaking = {(State.ACCEPTED.value, to.value) for to in MOVES[State.ACCEPTED]}
    assert real - overtaking | {("accepted", "queued"), ("accepted", "cancelled")} == drawn
