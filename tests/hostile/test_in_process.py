"""Hostile input against the functions, in one process that must survive all of it."""

import subprocess
import sys

import pytest

from tests.hostile.cases import CASES, TWINS, behind_a_load_balancer
from tests.hostile.checks import check, check_silence
from tests.support.moto_cloud import KEYS

ENDS_A_PROCESS = {"dotted"}
"""Families that once crashed the process."""
WRITES = {"PutItem", "UpdateItem", "PutObject", "SendMessage", "PutEvents"}
SAY = [sys.executable, "-c", "from herald.cli import main; raise SystemExit(main())", "say", "-o-", "-fpcm"]


@pytest.mark.parametrize("case", [case for case in CASES if case.family not in ENDS_A_PROCESS], ids=str)
@pytest.mark.parametrize("balanced", [False, True], ids=["api", "load balancer"])
def test_response(herald, case, balanced):
    herald.cloud.asked.clear()
    call, case = (herald.call_balanced, behind_a_load_balancer(case)) if balanced else (herald.call, case)
    answer = call(case.method, case.path, case.headers, case.body)
    check(case, answer)
    check_silence(herald.said())
    # The key's usage is counted first and then refunded, so writes to its table do not count.
    written = [name for name, given in herald.cloud.asked if name in WRITES and given.get("TableName") != KEYS]
    assert (written != []) == (case.status == 202)


@pytest.mark.parametrize("case", [case for case in CASES if case.family in ENDS_A_PROCESS], ids=str)
def test_process_survives(case):
    assert say(case.text, "--speed=4")


def test_no_letter_of_a_dotted_text_is_skipped():
    assert len(say("A.B." * 40)) > 1.6 * len(say("A.B." * 20))


def say(text, *options):
    """Synthesize PCM in a separate process."""
    done = subprocess.run([*SAY, *options, text], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("twins", TWINS, ids=lambda twins: twins["name"])
def test_equivalent_spellings_sound_equal(herald, twins):
    files = {herald.speak(text).body for text in twins["inputs"]}
    assert len(files) == 1
    assert len(files.pop()) > 1_000


def test_stays_warm(herald):
    """The function is still warm after all of the above, and logs no text."""
    answer = herald.speak("Your appointment is confirmed.")
    assert answer.status == 200
    assert answer.seconds < 1
    log = herald.said()
    assert '"cold_start":false' in log
    assert "appointment" not in log
