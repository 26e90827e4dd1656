"""Write the results as Markdown between the markers of a page."""

from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from statistics import median
from typing import Any

from bench import reading
from bench.curve import DEFAULT, SIZES, Point, knee, points
from bench.progress import Failure
from bench.ratios import BATCH, DEFAULT_TARGETS, NAMES, QUANTITIES, TARGETS, Ratios, Target
from bench.spreads import Row, Spread, spread, where

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
_TEXTS = {"short": "short sentence", "sentence": "long sentence", "four": "four sentences", "page": "page"}
_QUIET_PIPER = "piper, one BLAS thread"
_SETTINGS = {
    "herald, processes": "Herald, {n} processes of 1 thread",
    "piper, processes": "piper-tts, {n} processes of 1 thread",
    "piper, threads": "piper-tts, 1 process of {n} threads",
}


def write(results: dict[str, Any], page: Path) -> None:
    """Insert the results between the markers of a page."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Failure(f"{page} lacks the lines {BEGIN} and {END}.")
    page.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{after}", encoding="utf-8")


def markdown(results: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    sections = (_about, _targets, _plot, _ratios, _medians, _starts, _batch, _arithmetic, _reading, _overhead, _memory)
    return "\n".join(line for section in sections for line in section(results))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    columns = list(head)
    yield f"| {' | '.join(columns)} |"
    yield "|---|" + "---:|" * (len(columns) - 1)
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _ratio(ratio: Spread | None) -> str:
    if ratio is None:
        return "not measured"
    low, high = ratio.quartiles
    return f"{ratio.median:.2f}" if low == high else f"{ratio.median:.2f} ({low:.2f} to {high:.2f})"


def _milliseconds(rows: list[Row], value: Callable[[Row], float]) -> str:
    return f"{spread(rows, value).median * 1000:,.0f}"


def _about(results: dict[str, Any]) -> Iterator[str]:
    machine, plan = results["machine"], results["plan"]
    vectors = f" with {machine['vectors']}" if machine["vectors"] else ""
    yield (
        f"{machine['date']}: {machine['processor']}{vectors}, {machine['processors']} processors, "
        f"{machine['gigabytes']:.0f} GB, {machine['system']}, load before the run {machine['load']}. "
        f"Herald {machine['herald']}, piper-tts {machine['piper-tts']}, both on onnxruntime {machine['onnxruntime']}; "
        f"sherpa-onnx {machine['sherpa-onnx']} with its bundled onnxruntime; Python {machine['python']}. "
        f"{results['voice']}, {plan['threads']} threads, {plan['rounds']} rounds."
    )
    yield ""


def _targets(results: dict[str, Any]) -> Iterator[str]:
    all_ratios = Ratios(results)
    if "heart" in all_ratios.engines:
        yield from ("### Targets: Herald's default voice / piper-tts", "")
        yield from _met_table(DEFAULT_TARGETS, all_ratios)
    yield from ("### Targets: Herald / piper-tts, the same voice", "")
    yield from _met_table(TARGETS, all_ratios)


def _met_table(targets: Iterable[Target], all_ratios: Ratios) -> Iterator[str]:
    found = ((target, target.found(all_ratios)) for target in targets)
    yield from _table(
        ("", "median (quartiles)", "target", "met"),
        ((target.label, _ratio(ratio), target.wanted, _met(target, ratio)) for target, ratio in found),
    )


def _met(target: Target, ratio: Spread | None) -> str:
    if ratio is None:
        return ""
    return "yes" if target.met(ratio) else "**no**"


def _plot(_: dict[str, Any]) -> Iterator[str]:
    yield from ("![Ratios of Herald to piper-tts and sherpa-onnx](performance.svg)", "")


def _ratios(results: dict[str, Any]) -> Iterator[str]:
    found = Ratios(results)
    for rival in ("piper", "sherpa"):
        yield from (f"### Herald / {NAMES[rival]}", "")
        yield from _table(
            ("text", *QUANTITIES),
            ((_TEXTS[text], *(_ratio(found.of(text, what, rival)) for what in QUANTITIES)) for text in found.texts),
        )


def _medians(results: dict[str, Any]) -> Iterator[str]:
    yield from ("### Warm, medians", "")
    yield from _table(
        ("text, engine", "first audio, ms", "whole text, ms", "audio, s", "real-time factor", "CPU s per s of audio"),
        (
            _median_row(text, engine, where(results["compare"], text=text, engine=engine))
            for text in Ratios(results).texts
            for engine in Ratios(results).engines
        ),
    )


def _median_row(text: str, engine: str, rows: list[Row]) -> tuple[str, ...]:
    return (
        f"{_TEXTS[text]}, {NAMES[engine]}",
        _milliseconds(rows, itemgetter("first")),
        _milliseconds(rows, itemgetter("total")),
        f"{spread(rows, itemgetter('audio')).median:.2f}",
        f"{spread(rows, QUANTITIES['per second of audio']).median:.4f}",
        f"{spread(rows, QUANTITIES['CPU per second of audio']).median:.4f}",
    )


def _starts(results: dict[str, Any]) -> Iterator[str]:
    found = Ratios(results)
    yield from ("### Process start", "")
    yield from _table(
        ("engine", "ready for a text, ms", "first audio, ms", "Herald / it", "peak memory, MB", "Herald / it"),
        (_start_row(results, found, engine) for engine in (*found.engines, _QUIET_PIPER)),
    )
    yield from (
        "Herald's processes set numpy's BLAS to one thread (`herald.cli`, `template.yaml`), because its idle threads "
        "spin for 0.1 s; with the same setting piper-tts starts faster too. The files are in the system's cache. The "
        "first column excludes modules and data that an engine loads with its first text. "
        f"Peak memory is that of a new process after each text once, the {found.texts[-1]} last.",
        "",
    )


def _start_row(results: dict[str, Any], found: Ratios, engine: str) -> tuple[str, ...]:
    rows = where(results["starts"], engine=engine)
    own = engine == "herald"
    return (
        NAMES.get(engine, "piper-tts, one BLAS thread"),
        _milliseconds(rows, itemgetter("load")),
        _milliseconds(rows, itemgetter("first")),
        "" if own else _ratio(found.start(engine)),
        *_peak(results, found, engine),
    )


def _peak(results: dict[str, Any], found: Ratios, engine: str) -> tuple[str, str]:
    if engine == _QUIET_PIPER:
        return "", ""
    [peak] = where(results["peaks"], engine=engine)
    return f"{peak['bytes'] / 1e6:.0f}", "" if engine == "herald" else _ratio(found.peak(engine))


def _batch(results: dict[str, Any]) -> Iterator[str]:
    found, threads = Ratios(results), results["plan"]["threads"]
    yield from ("### Batch: full load", "")
    yield from _table(
        ("setting", *(f"seconds of {what}" for what in BATCH)),
        (
            (
                label.format(n=threads),
                *(f"{spread(where(results['batch'], setting=setting), value).median:.1f}" for value in BATCH.values()),
            )
            for setting, label in _SETTINGS.items()
        ),
    )
    ratios = ", ".join(f"{what} {_ratio(found.batch(what))}" for what in BATCH)
    yield from (f"Herald / the better setting of piper-tts: {ratios}.", "")


def _arithmetic(results: dict[str, Any]) -> Iterator[str]:
    floor, threads = results["arithmetic"], results["plan"]["threads"]
    text = Ratios(results).texts[-1]
    alone = 2 * floor["multiply_adds"] / floor["all"]
    rows = where(results["compare"], text=text, engine="herald")
    real = spread(rows, QUANTITIES["per second of audio"]).median
    yield from ("### Arithmetic of the Piper voice", "")
    yield (
        f"The voice needs {floor['multiply_adds'] / 1e9:.2f} G multiply-adds per second of audio, counted from the "
        f"shapes of the {_TEXTS['sentence']}. numpy's float32 matrix product reaches {floor['all'] / 1e9:.0f} GFLOP/s "
        f"here with {threads} threads ({floor['one'] / 1e9:.0f} with one). At that rate the multiply-adds alone take "
        f"{alone:.4f} s per second of audio. Herald's real-time factor of {real:.4f} ({_TEXTS[text]}) is "
        f"{real / alone:.1f} times that; below 1, onnxruntime's convolutions are faster than numpy's product."
    )
    yield ""


def _reading(results: dict[str, Any]) -> Iterator[str]:
    if "reading" not in results:
        return
    yield from ("### Reading", "")
    rows = results["reading"]
    targets = ", ".join(
        f"{goal * 1000:.0f} ms {text} ({'' if max(row[name] for row in rows) <= goal else 'not '}met)"
        for text, name, goal in (
            ("for 200 characters", "warm", 0.001),
            ("for the first text of a process", "first", 0.015),
        )
    )
    yield from (f"Processor time from the text to the words, before any sound. Targets: {targets}.", "")
    yield from reading.table(rows)


def _overhead(results: dict[str, Any]) -> Iterator[str]:
    yield from ("### Overhead of the handler", "")
    yield from (
        "With the default voice. The handler first counts the text's characters in DynamoDB; a stand-in responds "
        "after 1 ms.",
        "",
    )
    yield from _table(
        ("text", "synthesis and encoding, ms", "handler, ms", "difference, ms", "difference, %"),
        (_overhead_row(text, where(results["overhead"], text=text)) for text in ("short", "sentence")),
    )


def _overhead_row(text: str, rows: list[Row]) -> tuple[str, ...]:
    bare, handled = where(rows, way="bare"), where(rows, way="handle")
    without = spread(bare, itemgetter("seconds")).median
    more = median(one["seconds"] - other["seconds"] for one, other in zip(handled, bare, strict=True))
    return (
        _TEXTS[text],
        f"{without * 1000:.1f}",
        f"{spread(handled, itemgetter('seconds')).median * 1000:.1f}",
        f"{more * 1000:.1f}",
        f"{more / without:.1%}".rstrip("%"),
    )


def _memory(results: dict[str, Any]) -> Iterator[str]:
    curve = points(results["memory"])
    if not curve:
        yield from ("### Memory, latency and price", "", "Not measured: limiting a process requires Linux.", "")
        return
    sizes = sorted({point.megabytes for point in curve})
    yield from ("### Memory, latency and price", "")
    yield from ("![Latency and price of a message at each memory size](memory.svg)", "")
    yield from _table(
        (
            "memory, MB",
            "processors",
            *(f"{_TEXTS[text]}, {what}" for text in ("short", "sentence") for what in _COLUMNS),
        ),
        (_memory_row(megabytes, curve) for megabytes in sizes),
    )
    yield _verdict(sizes, knee(curve))
    yield ""


_COLUMNS = ("ms", "$ per million", "processors used")


def _memory_row(megabytes: int, curve: list[Point]) -> tuple[str, ...]:
    at = {point.text: point for point in curve if point.megabytes == megabytes}
    cells = (
        (f"{point.seconds * 1000:.0f}", f"{point.dollars * 1e6:.2f}", f"{point.share:.2f}")
        for point in (at["short"], at["sentence"])
    )
    return f"{megabytes:,}", f"{at['short'].allowed:.2f}", *(cell for three in cells for cell in three)


def _verdict(sizes: list[int], best: int) -> str:
    missing = [f"{size:,}" for size in SIZES if size not in sizes]
    left_out = (
        f" Not measured, because this machine has too few processors: {', '.join(missing)} MB." if missing else ""
    )
    same = "which is" if best == DEFAULT else "not"
    return (
        f"The knee is **{best:,} MB**, {same} the template's default of {DEFAULT:,} MB: the product of latency and "
        "price over both texts is lowest there. Above it, 1 % of speed costs more than 1 %; below it, 1 % of latency "
        f"saves less than 1 %.{left_out}"
    )
