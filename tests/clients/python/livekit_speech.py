"""Speech with LiveKit's agents. Reads [{base_url, key, request, text}, ...] from standard input.

Writes [{seconds, loudest, sample_rate} or {error}, ...].
"""

import asyncio
import json
import sys

import numpy as np
from livekit.agents.types import APIConnectOptions
from livekit.plugins import openai


async def speak(asked):
    """Return what an agent would play: the decoded frames."""
    engine = openai.TTS(base_url=asked["base_url"], api_key=asked["key"], **asked["request"])
    async with engine.synthesize(asked["text"], conn_options=APIConnectOptions(max_retry=0, timeout=30)) as stream:
        frames = [event.frame async for event in stream]
    await engine.aclose()
    samples = np.concatenate([np.frombuffer(frame.data, dtype=np.int16) for frame in frames])
    rate = frames[0].sample_rate
    return {"seconds": len(samples) / rate, "loudest": int(np.abs(samples).max()), "sample_rate": rate}


async def answers(requests):
    """Return the result or the error of each request."""
    found = []
    for one in requests:
        try:
            found.append(await speak(one))
        except Exception as error:  # noqa: BLE001  the test looks at it
            status = getattr(error, "status_code", None)
            found.append({"error": {"type": type(error).__name__, "status": status, "message": str(error)}})
    return found


print(json.dumps(asyncio.run(answers(json.load(sys.stdin)))))
