"""Hypothesis strategies for events that interfere with jobs and workers."""

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import strategies as st

from tests.support.job_services import BROKEN, DEADLY, LONG, UNSPEAKABLE

TEXTS = ["One.", "Two.", "Three.", f"{UNSPEAKABLE} x", f"{BROKEN} x", f"{LONG} x", f"{LONG} y", f"{DEADLY} x"]
MEANWHILE = ["kill", "unavailable", "deliver", "lapse", "sweep", "cancel", "answer", "notice"]
CALLS = 16
"""The approximate maximum of port calls in one action."""


@dataclass(frozen=True)
class Course:
    """Interference with an action: events by number of the call, the seed of throttling, and the clock skew."""

    plan: dict[int, str]
    throttle: int | None
    skew: timedelta


COURSES = st.builds(
    Course,
    plan=st.dictionaries(st.integers(1, CALLS), st.sampled_from(MEANWHILE), max_size=2),
    throttle=st.one_of(st.none(), st.none(), st.none(), st.integers(0, 1_000)),
    skew=st.sampled_from([timedelta(), timedelta(minutes=10), timedelta(minutes=-10)]),
)
WISHES = st.fixed_dictionaries(
    {
        "priority": st.sampled_from(["standard", "vip"]),
        "voice": st.sampled_from(["alloy", "kokoro:jf_alpha"]),
        "retention": st.sampled_from(["expire", "keep"]),
    }
)
RECEIPTS = st.fixed_dictionaries({
    "fresh": st.booleans(), "time_left": st.sampled_from([300.0, 300.0, 2.0]), "redelivered": st.booleans()
})  # fmt: skip
