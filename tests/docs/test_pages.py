"""What the pages show and link to is there."""

import json
import re
from pathlib import Path

import pytest
import yaml

from herald.jobs.events import SOURCE, EventAudio, JobEnded
from herald.jobs.states import ENDS, MOVES, State
from tests.jobs import NOON, a_job
from tests.template.template import PARAMETERS, Loader

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def blocks(page, language):
    """The code blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "docs" / page).read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)", page.read_text()):
        assert link.startswith("https://") or (page.parent / link).exists(), link


def test_documented_make_targets_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"^make ([a-z-]+)", page.read_text(), re.MULTILINE)) <= targets


def test_limits_name_parameters_that_exist():
    named = set(re.findall(r"parameters? ((?:`[A-Z]\w+`(?:, )?)+)", (ROOT / "docs" / "limits.md").read_text()))
    assert named
    assert {name for group in named for name in re.findall(r"`(\w+)`", group)} <= set(PARAMETERS)


def test_the_event_is_one():
    (example,) = [json.loads(block) for block in blocks("events.md", "json")]
    event = JobEnded.model_validate_json(json.dumps(example["detail"]))
    assert example["detail"] == json.loads(event.model_dump_json())
    assert (example["source"], example["detail-type"]) == (SOURCE, event.detail_type)
    assert set(event.audio.model_dump()) == set(EventAudio.model_fields)


def test_the_fields_of_the_event_are_listed():
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / "docs" / "events.md").read_text(), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([\w.]+)`", row)}
    audio = {f"audio.{name}" for name in EventAudio.model_fields}
    assert named == {*JobEnded.model_fields, *audio, "error.code", "error.message"} - {"audio", "error"}


@pytest.mark.parametrize("state", ENDS)
def test_no_event_holds_text(state):
    job = a_job(text="Xylophone.", metadata={"customer": "xylophone"}, state=state, ended_at=NOON)
    assert "xylophone" in job.model_dump_json()
    assert "xylophone" not in JobEnded.of(job).model_dump_json().lower()


def test_the_rule_for_a_webhook_matches_the_event():
    (resources,) = [yaml.load(block, Loader) for block in blocks("events.md", "yaml")]  # noqa: S506  a SafeLoader
    (rule,) = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::Events::Rule"]
    (example,) = [json.loads(block) for block in blocks("events.md", "json")]
    for name, values in rule["EventPattern"].items():
        assert example[name] in values


def test_the_diagram_of_states_is_the_code():
    (diagram,) = [block for block in blocks("architecture.md", "mermaid") if block.startswith("stateDiagram")]
    drawn = set(re.findall(r"^ +(\w+) --> (\w+)", diagram, re.MULTILINE))
    # Not drawn: that a message may overtake the row's `queued`, and that a state may be renewed.
    real = {(source.value, to.value) for source, targets in MOVES.items() for to in targets if source is not to}
    overtaking = {(State.ACCEPTED.value, to.value) for to in MOVES[State.ACCEPTED]}
    assert real - overtaking | {("accepted", "queued"), ("accepted", "cancelled")} == drawn
