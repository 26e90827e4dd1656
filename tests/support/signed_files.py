"""Short files, and a team's certificate that signs them."""

from functools import cache

import numpy as np

from herald.clock import utc_now
from herald.disclosure.file_claims import DisclosedVoice
from herald.disclosure.file_signer import FileSigner
from herald.disclosure.team_certificate import make_team_certificate
from herald.speech.audio.encoding import encode
from herald.speech.audio_chunk import AudioChunk

RATE = 8_000
CLONED = DisclosedVoice(kind="cloned", id="voice_0123456789abcdef0123456789abcdef")
SIGNABLE = ("wav", "mp3", "flac", "wav_ulaw", "wav_alaw")


@cache
def certificate():
    return make_team_certificate("Example Team", now=utc_now())


@cache
def signer():
    return FileSigner.with_key(certificate().chain, certificate().key)


@cache
def unsigned_file(name, seconds=1.0):
    samples = 0.3 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * RATE)) / RATE)
    return encode(AudioChunk(samples.astype(np.float32), RATE), name)


@cache
def signed_file(name):
    return signer().sign(unsigned_file(name), [CLONED])
