"""Every step between the socket and the queue takes time that is linear in the input, whatever the input is."""

import json
from contextlib import suppress
from time import perf_counter, thread_time
from xml.sax.saxutils import escape

import pytest

from herald.batches.manifest import read_rows
from herald.batches.rows import Template
from herald.errors import InvalidInput
from herald.jobs.job_request import JobRequest, parse_job_request
from herald.jobs.script import audio_key, fingerprint
from herald.jobs.voice_names import VoiceNames
from herald.speech.lexicons.lexicon import Entry, Lexicon, find_words
from herald.speech.marks import Marker
from herald.speech.phonemes import Phonemes
from herald.speech.ssml.compiling import read_ssml
from herald.speech.text import speakable
from tests.hostile.cases import FAMILIES
from tests.support.voice_catalog import VOICES, resolver

MOST_TIMES = 6
"""What four times the input may cost more. Linear is 4."""
FLOOR = 0.004
"""Seconds of processor time under which a measurement says nothing."""
VOICE = next(name for name, info in VOICES.items() if not info.needs_gpu)
NAMES = VoiceNames(default=VOICE, aliases={})
HEADERS = {"content-type": "application/json"}
LEXICON = Lexicon(
    tuple(Entry(word, alias="other") for word in ("a", "abc", "cat", "cat cat", "7", "a a a a a b", "XIV"))
)
PHONEMES = Phonemes(
    kind="espeak",
    espeak_voice="en-us",
    ids={one: [1] for one in " ,.;:?!^_$abcdefghijklmnoprstuvwzæðŋɐɑɔəɚɛɜɡɪɹʃʊʌʒʔˈˌː"},
)


def parse(text):
    for body in (json.dumps({"input": text}), '{"input": "' + text + '"}', text, '{"a": ' + text):
        with suppress(InvalidInput):
            parse_job_request(body.encode("utf-8", "replace"), HEADERS, max_characters=10_000_000)


def key(text):
    with suppress(InvalidInput):
        request = JobRequest(input=text, voice=VOICE)
        fingerprint(request)
        audio_key(resolver().script(request), "tenant", VOICES)


def normalise(text):
    with suppress(InvalidInput):
        speakable(text)


def manifest(text):
    quoted = text.replace('"', '""')
    for written, data in (
        ("csv", f'id,text\n1,"{quoted}"\n{text}'),
        ("csv", text),
        ("jsonl", json.dumps({text: text})),
    ):
        with suppress(InvalidInput):
            list(read_rows([data.encode()], written, fields=["text"]))


def template(text):
    with suppress(InvalidInput):
        found = Template.parse(text)
        found.render(dict.fromkeys(found.fields, text[:10]))


def phonemise(text):
    with suppress(InvalidInput):
        list(PHONEMES.utterances(text))


def mark(text):
    with suppress(InvalidInput):
        sounds = [sound for utterance in PHONEMES.utterances(text) for sound in PHONEMES.sounds(utterance)]
        Marker(text, sounds, PHONEMES)


def document(text):
    for source in (f"<speak>{escape(text)}</speak>", f"<speak>{text}</speak>", "<speak>" + "<s>" * 20 + text):
        with suppress(InvalidInput):
            read_ssml(source, "en-US")


def lexicon(text):
    with suppress(InvalidInput):
        list(find_words(text, [LEXICON], "en-US"))


STEPS = {
    parse: 25_000, normalise: 50_000, key: 25_000, manifest: 8_000, template: 25_000, phonemise: 750, mark: 400,
    document: 1_500, lexicon: 8_000,
}  # fmt: skip
"""Each step, with the characters of its smaller input."""


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family["name"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_four_times_the_input_costs_at_most_six_times_the_time(step, family):
    step("Warm up.")
    for _ in range(3):
        short, long = (seconds(step, family["unit"], STEPS[step] * times) for times in (1, 4))
        if long <= MOST_TIMES * max(short, FLOOR):
            return
    pytest.fail(f"{STEPS[step]} characters took {short * 1000:.1f} ms, four times as many {long * 1000:.1f} ms")


def seconds(step, unit, length):
    text = (unit * (length // len(unit) + 1))[:length]
    return min(timed(step, text) for _ in range(2))


def timed(step, text):
    started = thread_time()
    step(text)
    return thread_time() - started


@pytest.mark.parametrize("marks", [50_000, 90_000])
def test_a_text_of_marks_is_refused_at_once(marks):
    body = json.dumps({"input": "a" + "\u0315" * (marks // 2) + "\u0316" * (marks // 2)}).encode()
    spent = []
    for _ in range(3):
        started = perf_counter()
        request = parse_job_request(body, HEADERS, max_characters=100_000)
        with pytest.raises(InvalidInput) as refused:
            resolver().script(request)
        spent.append(perf_counter() - started)
        assert refused.value.code == "invalid_text"
    assert min(spent) < 0.05


def test_a_column_named_by_marks_is_read_at_once():
    name = "a" + "\u0315" * 25_000 + "\u0316" * 25_000
    started = perf_counter()
    rows = list(read_rows([f"text,{name}\nHi,x\n".encode()], "csv", fields=["text"]))
    assert rows[0].values["text"] == "Hi"
    assert perf_counter() - started < 1
