"""Memory does not grow with the amount of synthesized speech."""

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
    longest = 20 if len(sizes) < 40 else random.randint(1, 20)  # first what needs most, so that it is not met by chance
    text = " ".join(random.choices(words, k=longest)) + "."
    audio = voice.synthesize(text)
    encode(audio, random.choice(["mp3", "opus", "wav_ulaw"]))
    spoken += audio.seconds
    sizes.append(resident())
print(json.dumps(sizes))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_minutes_of_speech_leak_no_memory():
    """Compare the peaks of the second and the last fifth; the first fifth includes permanent allocations.

    With one thread, because with several the peak depends on which utterances coincide.
    """
    done = subprocess.run([sys.executable, "-c", SCRIPT, "15"], capture_output=True, text=True, check=True, timeout=300)
    sizes = json.loads(done.stdout)
    fifth = len(sizes) // 5
    early, late = max(sizes[fifth : 2 * fifth]), max(sizes[-fifth:])
    assert late < 1.05 * early, f"{early} pages grew to {late}"
