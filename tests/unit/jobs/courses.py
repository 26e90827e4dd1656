"""What may happen to a job, and to whoever works on it, as Hypothesis draws it."""

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import strategies as st

from tests.unit.jobs.services import BROKEN, DEADLY, LONG, UNSPEAKABLE

TEXTS = ["One.", "Two.", "Three.", f"{UNSPEAKABLE} x", f"{BROKEN} x", f"{LONG} x", f"{LONG} y", f"{DEADLY} x"]
MEANWHILE = ["kill", "unavailable", "deliver", "lapse", "sweep", "cancel", "answer", "notice"]
CALLS = 16
"""Most calls of ports that one action makes, more or less."""


@dataclass(frozen=True)
class Course:
    """What happens to an action at which of its calls; the seed of its throttles; by how much its clock is wrong."""

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
    "fresh": st.booleans(), "time_left": st.sampled_from([300.0, 300.0, 2.0]), "again": st.booleans()
})  # fmt: skip
