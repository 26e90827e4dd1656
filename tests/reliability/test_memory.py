"""Memory stays flat, however much is spoken."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json, random, sys
from herald.speech import default_voice, encode

def resident():
    return int(open("/proc/self/statm").read().split()[1])

words = "please confirm your appointment on monday at ten with doctor smith or call us again".split()
random.seed(1)
voice, minutes, sizes, spoken = default_voice(threads=1), int(sys.argv[1]), [], 0.0
while spoken < 60 * minutes:
    longest = 60 if len(sizes) < 30 else random.randint(1, 60)  # first what needs most, so that it is not met by chance
    text = " ".join(random.choices(words, k=longest)) + "."
    audio = voice.synthesize(text)
    encode(audio, random.choice(["mp3", "opus", "wav_ulaw"]))
    spoken += audio.seconds
    sizes.append(resident())
print(json.dumps(sizes))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads what Linux tells of a process")
def test_ten_minutes_of_speech_leave_nothing_behind():
    """Compared are the highest points of the second and of the last fifth; the first one takes what will be kept.

    On one thread: with several, the most that is needed depends on which utterances happen to meet.
    """
    done = subprocess.run([sys.executable, "-c", SCRIPT, "10"], capture_output=True, text=True, check=True, timeout=300)
    sizes = json.loads(done.stdout)
    fifth = len(sizes) // 5
    early, late = max(sizes[fifth : 2 * fifth]), max(sizes[-fifth:])
    assert late < 1.05 * early, f"{early} pages grew to {late}"
