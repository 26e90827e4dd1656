"""Which way a script goes, over all that decides it, and what is said about that."""

from itertools import product

import pytest

from herald.errors import GpuNotDeployed
from herald.jobs.intake import to_script
from herald.jobs.route import Policy, decide, decide_request, gpu_needs
from herald.jobs.script import Line, Script
from tests.unit.jobs.catalogue import NAMES, VOICES, dialogue, job

POLICY = Policy(realtime_characters=100, longform_characters=1_000, gpu=True)
NO_GPU = Policy(realtime_characters=100, longform_characters=1_000, gpu=False)
JOE, ALAN = "en_US-joe-medium", "en_GB-alan-low"


def script(*lines, quality="standard"):
    return Script(lines=lines, response_format="mp3", sample_rate=22_050, quality=quality)


def text(length, voice=JOE, **more):
    return Line(text="a" * length, voice=voice, **more)


LENGTHS = {1: "short", 100: "short", 101: "long", 1_000: "long", 1_001: "longform"}


@pytest.mark.parametrize(
    ("length", "voice", "quality", "several", "waiting", "gpu"),
    list(product(LENGTHS, [JOE, "kokoro"], ["standard", "high"], [False, True], [False, True], [False, True])),
)
def test_every_combination(length, voice, quality, several, waiting, gpu):  # noqa: PLR0913, PLR0917  all that decides
    lines = (text(length - 1, voice), text(1, ALAN)) if several else (text(length, voice),)
    policy = POLICY if gpu else NO_GPU
    needs_gpu = LENGTHS[length] == "longform" or voice == "kokoro" or quality == "high" or several
    made = script(*lines, quality=quality)
    if needs_gpu and not gpu:
        with pytest.raises(GpuNotDeployed, match="GpuImage"):
            decide(made, VOICES, policy, waiting=waiting)
        return
    expected = "gpu" if needs_gpu else "realtime" if waiting and LENGTHS[length] == "short" else "queue"
    assert decide(made, VOICES, policy, waiting=waiting).route == expected


@pytest.mark.parametrize(
    ("made", "waiting", "reason"),
    [
        (script(text(812)), False, "A job of 812 characters for a voice that runs on CPU."),
        (script(text(1)), False, "A job of 1 character for a voice that runs on CPU."),
        (script(text(80)), True, "Short enough to wait for: 80 characters for a voice that runs on CPU."),
        (script(text(812)), True, "Too long to wait for: 812 characters; at once are spoken up to 100."),
        (script(text(5, "kokoro")), True, "On the GPU: the voice kokoro runs there only."),
        (script(text(5), quality="high"), False, 'On the GPU: the quality "high" is made there only.'),
        (script(text(5), text(5, ALAN)), False, "On the GPU: 2 voices speak."),
        (script(text(5, JOE), text(5, JOE)), False, "On the GPU: it has 2 lines."),
        (
            script(text(12_345)),
            False,
            "On the GPU: 12,345 characters are more than the 1,000 that are spoken on CPU.",
        ),
        (
            script(text(5, "kokoro", speaker="jf_alpha"), text(5, "kokoro", speaker="jm_kumo")),
            False,
            "On the GPU: the voice kokoro runs there only; 2 voices speak.",
        ),
    ],
)
def test_reasons_are_for_people(made, waiting, reason):
    assert decide(made, VOICES, POLICY, waiting=waiting).reason == reason


@pytest.mark.parametrize(
    ("made", "param", "says"),
    [
        (script(text(5, "kokoro")), "voice", "the voice kokoro"),
        (script(text(5), quality="high"), "quality", '"high"'),
        (script(text(5), text(5, ALAN)), "dialogue", "2 voices"),
        (script(text(1_001)), "input", "spoken on CPU"),
    ],
)
def test_without_a_gpu_the_error_names_what_needs_it_and_the_parameter(made, param, says):
    with pytest.raises(GpuNotDeployed, match="GpuImage") as refused:
        decide(made, VOICES, NO_GPU, waiting=False)
    assert refused.value.param == param
    assert says in refused.value.message


def test_all_needs_are_told_at_once():
    made = script(text(1_000, "kokoro"), text(1, ALAN), quality="high")
    assert [need.param for need in gpu_needs(made, VOICES, NO_GPU)] == ["voice", "quality", "dialogue", "input"]


def decided(policy, *, waiting=False, **fields):
    return decide_request(job(**fields), NAMES, VOICES, policy, waiting=waiting)


def test_a_fallback_voice_is_not_used_where_there_is_a_gpu():
    made, decision = decided(POLICY, voice="kokoro", fallback_voice=ALAN)
    assert (made.voices, decision.route) == (("kokoro",), "gpu")


def test_a_fallback_voice_is_not_used_where_no_gpu_is_needed():
    made, decision = decided(NO_GPU, fallback_voice=ALAN)
    assert made.voices == (JOE,)
    assert decision.reason == "A job of 6 characters for a voice that runs on CPU."


def test_a_fallback_voice_speaks_instead_and_it_is_said():
    made, decision = decided(NO_GPU, dialogue=dialogue(("A.", "kokoro"), ("B.", JOE)), fallback_voice=ALAN)
    assert made.lines == (Line(text="A.\n\nB.", voice=ALAN),)
    assert made.sample_rate == 16_000
    assert decision.route == "queue"
    assert decision.reason == (
        "By the fallback voice, as no GPU is deployed (GpuImage): the voice kokoro runs there only; 2 voices speak. "
        "A job of 6 characters for a voice that runs on CPU."
    )


def test_a_fallback_voice_speaks_what_is_too_long():
    made, decision = decided(NO_GPU, input="a" * 5_000, fallback_voice=ALAN)
    assert (made.voices, decision.route) == ((ALAN,), "queue")
    assert "spoken on CPU" in decision.reason


@pytest.mark.parametrize(("length", "route"), [(100, "realtime"), (101, "queue")])
def test_somebody_may_wait_for_a_fallback_voice(length, route):
    _, decision = decided(NO_GPU, waiting=True, input="a" * length, voice="kokoro", fallback_voice=JOE)
    assert decision.route == route


def test_without_a_fallback_voice_it_is_refused():
    with pytest.raises(GpuNotDeployed):
        decided(NO_GPU, voice="kokoro")


def test_the_script_is_the_intakes():
    assert decided(POLICY)[0] == to_script(job(), NAMES, VOICES)
