"""Routing for every combination of its inputs, and the reasons."""

from dataclasses import replace
from itertools import product

import pytest

from herald.errors import GpuNotDeployed, InvalidRequest, SsmlNotSupported
from herald.jobs.request_fields import PauseSettings
from herald.jobs.routing import Policy
from herald.jobs.script import Line, Script
from tests.support.voice_catalog import dialogue, job, resolver

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
def test_every_combination(length, voice, quality, several, waiting, gpu):  # noqa: PLR0913, PLR0917  every input of the decision
    lines = (text(length - 1, voice), text(1, ALAN)) if several else (text(length, voice),)
    policy = POLICY if gpu else NO_GPU
    needs_gpu = LENGTHS[length] == "longform" or voice == "kokoro" or quality == "high" or several
    made = script(*lines, quality=quality)
    if needs_gpu and not gpu:
        with pytest.raises(GpuNotDeployed, match="GpuImage"):
            resolver(policy).router.route(made, waiting=waiting)
        return
    expected = "gpu" if needs_gpu else "realtime" if waiting and LENGTHS[length] == "short" else "queue"
    assert resolver(policy).router.route(made, waiting=waiting).route == expected


@pytest.mark.parametrize(
    ("made", "waiting", "reason"),
    [
        (script(text(812)), False, "A job of 812 characters for a voice that runs on CPU."),
        (script(text(1)), False, "A job of 1 character for a voice that runs on CPU."),
        (script(text(80)), True, "Short enough for realtime: 80 characters for a voice that runs on CPU."),
        (script(text(812)), True, "Too long for realtime: 812 characters exceed the limit of 100."),
        (script(text(5, "kokoro")), True, "The GPU is required: the voice kokoro requires it."),
        (script(text(5), quality="high"), False, 'The GPU is required: the quality "high" requires it.'),
        (script(text(5), text(5, ALAN)), False, "The GPU is required: the dialogue has 2 voices."),
        (script(text(5, JOE), text(5, JOE)), False, "The GPU is required: the dialogue has 2 lines."),
        (
            script(text(12_345)),
            False,
            "The GPU is required: 12,345 characters exceed the CPU limit of 1,000.",
        ),
        (
            script(text(5, "kokoro", speaker="jf_alpha"), text(5, "kokoro", speaker="jm_kumo")),
            False,
            "The GPU is required: the voice kokoro requires it; the dialogue has 2 voices.",
        ),
    ],
)
def test_reasons_are_human_readable(made, waiting, reason):
    assert resolver(POLICY).router.route(made, waiting=waiting).reason == reason


@pytest.mark.parametrize(
    ("made", "param", "says"),
    [
        (script(text(5, "kokoro")), "voice", "the voice kokoro"),
        (script(text(5), quality="high"), "quality", '"high"'),
        (script(text(5), text(5, ALAN)), "dialogue", "2 voices"),
        (script(text(1_001)), "input", "CPU limit"),
    ],
)
def test_error_without_a_gpu_names_the_need_and_the_param(made, param, says):
    with pytest.raises(GpuNotDeployed, match="GpuImage") as refused:
        resolver(NO_GPU).router.route(made, waiting=False)
    assert refused.value.param == param
    assert says in refused.value.message


def test_all_needs_are_reported_together():
    made = script(text(1_000, "kokoro"), text(1, ALAN), quality="high")
    assert [need.param for need in resolver(NO_GPU).router.gpu_needs(made)] == ["voice", "quality", "dialogue", "input"]


def decided(policy, *, waiting=False, **fields):
    return resolver(policy).resolve(job(**fields), waiting=waiting)


def test_fallback_voice_is_not_used_if_a_gpu_is_deployed():
    made, decision = decided(POLICY, voice="kokoro", fallback_voice=ALAN)
    assert (made.voices, decision.route) == (("kokoro",), "gpu")


def test_fallback_voice_is_not_used_if_no_gpu_is_needed():
    made, decision = decided(NO_GPU, fallback_voice=ALAN)
    assert made.voices == (JOE,)
    assert decision.reason == "A job of 6 characters for a voice that runs on CPU."


def test_fallback_voice_is_used_with_a_reason():
    made, decision = decided(NO_GPU, dialogue=dialogue(("A.", "kokoro"), ("B.", JOE)), fallback_voice=ALAN)
    assert made.lines == (Line(text="A.\n\nB.", voice=ALAN),)
    assert made.sample_rate == 16_000
    assert decision.route == "queue"
    assert decision.reason == (
        "The fallback voice is used, as no GPU is deployed (GpuImage): "
        "the voice kokoro requires it; the dialogue has 2 voices. "
        "A job of 6 characters for a voice that runs on CPU."
    )


def test_fallback_voice_speaks_long_texts():
    made, decision = decided(NO_GPU, input="a" * 5_000, fallback_voice=ALAN)
    assert (made.voices, decision.route) == ((ALAN,), "queue")
    assert "CPU limit" in decision.reason


@pytest.mark.parametrize(("length", "route"), [(100, "realtime"), (101, "queue")])
def test_fallback_voice_in_realtime(length, route):
    _, decision = decided(NO_GPU, waiting=True, input="a" * length, voice="kokoro", fallback_voice=JOE)
    assert decision.route == route


def test_without_a_fallback_voice_the_request_is_rejected():
    with pytest.raises(GpuNotDeployed):
        decided(NO_GPU, voice="kokoro")


def test_script_does_not_depend_on_the_policy():
    assert decided(POLICY)[0] == resolver().script(job())


ON_CPU = Policy(realtime_characters=100, longform_characters=1_000, gpu=False, kokoro_megabytes=3_008)
KOKORO = text(5, "kokoro", speaker="jf_alpha")


@pytest.mark.parametrize("waiting", [False, True])
def test_without_a_gpu_kokoros_voices_are_a_job_on_cpu(waiting):
    decision = resolver(ON_CPU).router.route(script(KOKORO), waiting=waiting)
    assert (decision.route, decision.reason) == (
        "kokoro",
        "The voice kokoro is too slow on CPU for realtime, so it runs as a job.",
    )


def test_with_a_gpu_kokoros_voices_are_spoken_there():
    policy = replace(ON_CPU, gpu=True)
    assert resolver(policy).router.route(script(KOKORO), waiting=False).route == "gpu"


def test_other_voices_are_not_affected_by_kokoro_on_cpu():
    assert resolver(ON_CPU).router.route(script(text(80)), waiting=True).route == "realtime"
    assert resolver(ON_CPU).router.route(script(text(80)), waiting=False).route == "queue"


@pytest.mark.parametrize(
    ("made", "param", "says"),
    [
        (script(KOKORO, quality="high"), "quality", '"high"'),
        (script(KOKORO, text(5)), "dialogue", "2 voices"),
        (script(text(1_001, "kokoro")), "input", "CPU limit"),
        (
            script(text(900, "kokoro")).model_copy(update={"speed": 0.01}),
            "input",
            "900 characters would take about 4,2",
        ),
        (script(text(5, "kokoro", language="ja")), "language", "Japanese requires it"),
        (script(Line(text="こんにちは", voice="kokoro")), "language", "Japanese requires it"),
    ],
)
def test_what_kokoro_on_cpu_cannot_do_needs_the_gpu(made, param, says):
    with pytest.raises(GpuNotDeployed, match="GpuImage") as refused:
        resolver(ON_CPU).router.route(made, waiting=False)
    assert refused.value.param == param
    assert says in refused.value.message


def test_kokoro_on_cpu_refuses_pauses():
    made = script(KOKORO).model_copy(update={"pause": PauseSettings(sentence=900)})
    with pytest.raises(InvalidRequest, match="does not support pauses") as refused:
        resolver(ON_CPU).router.route(made, waiting=False)
    assert refused.value.param == "pause"


def test_kokoro_on_cpu_refuses_ssml():
    line = Line(text="<speak>Hello.</speak>", voice="kokoro")
    made = script(line).model_copy(update={"text_format": "ssml"})
    with pytest.raises(SsmlNotSupported):
        resolver(ON_CPU).router.route(made, waiting=False)
