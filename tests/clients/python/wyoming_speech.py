"""Speech by way of a Wyoming server, as Home Assistant requests it. Reads {uri, text, voice} from standard input.

Writes {voices, seconds, rate}.
"""

import asyncio
import json
import sys

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize, SynthesizeVoice


async def describe(uri):
    """Return the names of the voices that the server offers."""
    async with AsyncClient.from_uri(uri) as client:
        await client.write_event(Describe().event())
        while event := await client.read_event():
            if Info.is_type(event.type):
                return [voice.name for program in Info.from_event(event).tts for voice in program.voices]
    raise ConnectionError("the server has gone")


async def synthesize(uri, text, voice):
    """Return the rate, the number of bytes, and the seconds of the speech."""
    size, rate, width = 0, 0, 0
    async with AsyncClient.from_uri(uri) as client:
        await client.write_event(Synthesize(text=text, voice=SynthesizeVoice(name=voice)).event())
        while event := await client.read_event():
            if AudioStart.is_type(event.type):
                start = AudioStart.from_event(event)
                rate, width = start.rate, start.width * start.channels
            elif AudioChunk.is_type(event.type):
                size += len(AudioChunk.from_event(event).audio)
            elif AudioStop.is_type(event.type):
                return {"rate": rate, "seconds": size / width / rate}
    raise ConnectionError("the server has gone")


async def main(asked):
    """Run what Home Assistant does: ask for the voices, then speak with one."""
    voices = await describe(asked["uri"])
    voice = asked["voice"] or voices[0]
    return {"voices": voices, **await synthesize(asked["uri"], asked["text"], voice)}


print(json.dumps(asyncio.run(asyncio.wait_for(main(json.load(sys.stdin)), 60))))
