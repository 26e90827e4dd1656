"""Time to the first byte of a stream, compared with the response of the buffered function.

Both are called over HTTP in turns, with a sentence of 28 words, on a separate stack, after one round of warm-up:
`python -m bench.streaming`.
"""

import argparse
import json
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from bench import ROOT
from bench.progress import say
from bench.spreads import Row, Spread, where
from bench.texts import TEXTS
from local.deploy import Deployment
from local.process import free_port
from local.stack import Stack

PATH = "/v1/audio/speech"
AT_ONCE = 16
TARGET = 0.4
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url: str, key: str, name: str) -> Row:
    """Request the sentence; return the seconds to the first and to the last byte of the body."""
    body = json.dumps({"input": TEXTS["sentence"], "response_format": name}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    request = urllib.request.Request(url + PATH, body, headers)  # noqa: S310
    began = time.perf_counter()
    with opener.open(request, timeout=120) as answer:
        answer.read(1)
        first = time.perf_counter()
        size = 1 + len(answer.read())
    return {"first": first - began, "whole": time.perf_counter() - began, "bytes": size}


def turns(stack: Deployment, rounds: int, formats: list[str]) -> Iterator[Row]:
    """Yield the measurements of both functions in turns."""
    for number in range(rounds + 1):
        for name in formats:
            for way, url in (("stream", stack.stream_url), ("buffered", stack.api_url)):
                row = ask(url, stack.api_key, name)
                if number:
                    yield {"round": number, "format": name, "way": way} | row


def at_once(stack: Deployment) -> list[Row]:
    """Measure AT_ONCE concurrent streams."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda _: ask(stack.stream_url, stack.api_key, "mp3"), range(AT_ONCE)))


def report_lines(rows: list[Row], formats: list[str], many: list[Row]) -> Iterator[str]:
    """Yield the report: medians, and the quartiles of the per-round ratios."""
    yield f"{'format':>8} {'first byte':>12} {'whole stream':>14} {'buffered':>10}   first byte / buffered response"
    for name in formats:
        stream, buffered = (where(rows, format=name, way=way) for way in ("stream", "buffered"))
        part = Spread(tuple(one["first"] / other["whole"] for one, other in zip(stream, buffered, strict=True)))
        first, whole, answer = _middle(stream, "first"), _middle(stream, "whole"), _middle(buffered, "whole")
        low, high = part.quartiles
        yield f"{name:>8} {first:>12} {whole:>14} {answer:>10}   {part.median:.2f} ({low:.2f} to {high:.2f})"
    first, whole = _middle(many, "first"), _middle(many, "whole")
    yield f"{AT_ONCE} concurrent streams without errors: first byte after {first}, last byte after {whole}"
    yield f"The target is {TARGET}."


def _middle(rows: list[Row], key: str) -> str:
    return f"{median(row[key] for row in rows) * 1000:.0f} ms"


def run(rounds: int, formats: list[str]) -> None:
    """Measure on a separate stack and print the report."""
    home = Stack(ROOT / ".local" / "streaming")
    home.down()
    try:
        stack = home.up(free_port())
        rows = list(turns(stack, rounds, formats))
        say(f"{AT_ONCE} concurrent streams")
        many = at_once(stack)
    finally:
        home.down()
    sys.stdout.write("\n".join(report_lines(rows, formats, many)) + "\n")


def main() -> None:
    """Parse the command line and run the measurement."""
    parser = argparse.ArgumentParser(prog="python -m bench.streaming", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="measured rounds (default: %(default)s)")
    parser.add_argument("--formats", nargs="+", default=["mp3", "wav", "opus", "pcm"], help="(default: %(default)s)")
    options = parser.parse_args()
    run(options.rounds, options.formats)


if __name__ == "__main__":
    main()
