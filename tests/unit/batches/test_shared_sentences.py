"""Sentences of several rows are synthesized before the chunks, once, and their price is divided among all rows."""

from datetime import timedelta
from decimal import Decimal

import pytest

from herald.batches.archive import EXPECTED_ARCHIVE_BYTES
from herald.batches.chunking import LEAST_SECONDS, MOST_ITEMS, MOST_SECONDS, Block, Work, joined, work_of
from herald.batches.rows import Row
from herald.batches.run_planner import concurrency
from herald.batches.shared_sentences import NO_PACKS, SENTENCE_END, SentenceCounter, SharedBefore, SharedPack, pack_key
from herald.jobs.job_price import file_bytes
from tests.support.batch_samples import NOON, order, planner
from tests.support.batch_services import Batches
from tests.support.voice_catalog import VOICES

LONG = "Please bring your card and all of your papers with you when you come. " * 3
TEXT = "Hello {name}, this is the practice of Dr. Smith. " + LONG.strip()
ROWS = [f"{name},noon" for name in ("Ann", "Ben", "Cy", "Di") * 30]


def counted(texts, **fields):
    plan, counter = planner(**fields), SentenceCounter()
    for line, text in enumerate(texts):
        counter.add(plan.item(Row(line, f"{line}", {"text": text})))
    return counter


def shared(texts, *, processes=10, **fields):
    return counted(texts, **fields).shared(VOICES, tenant="acme", processes=processes)


def test_a_sentence_ends_where_the_voice_ends_it_too():
    text = "Dr. Ann, come at 3 p.m. tomorrow! Or not? Yes. It is the 3. Mai. Bye, J. R. Smith."
    assert SENTENCE_END.split(text) == [
        "Dr. Ann, come at 3 p.m. tomorrow!",
        "Or not?",
        "Yes.",
        "It is the 3. Mai.",
        "Bye, J. R. Smith.",
    ]


def test_sentences_of_several_rows_are_shared_and_those_of_one_are_not():
    found = shared([f"Hello Number{number:03}st. {LONG}" for number in range(200)], processes=30)
    sentences = [item.text for pack in found.packs for item in pack]
    assert sentences == [LONG.split(". ", maxsplit=1)[0] + "."]
    assert found.new == pytest.approx(len("Hello Number100st.") / len(f"Hello Number100st. {LONG}"), abs=0.05)


def test_nothing_is_shared_where_that_saves_little():
    assert shared(["Hello. Bye now."] * 100).packs == []
    assert shared([f"Hello Number{number:03}st. {LONG}" for number in range(200)], processes=1).packs == []


def test_documents_are_not_split_into_sentences():
    texts = [f"Hello Number{number:03}st. {LONG}" for number in range(200)]
    found = shared([f"<speak>{text}</speak>" for text in texts], processes=30, input_type="ssml")
    assert (found.packs, found.new) == ([], 1.0)


def test_packs_take_no_more_than_the_memory_of_a_function(monkeypatch):
    texts = [f"This is sentence number {number % 90} of this list, which is one of many." for number in range(900)]
    most = 20 * file_bytes(planner().item(Row(1, "1", {"text": texts[0]})), len(texts[0]) / 15)
    monkeypatch.setattr("herald.batches.shared_sentences._MOST_BYTES", most)
    found = shared(texts, processes=6)
    assert 10 < sum(map(len, found.packs)) < 40
    assert found.new > shared(texts[:20] * 45, processes=6).new


def test_packs_are_about_as_long_and_their_keys_depend_on_the_sound():
    texts = [f"This is sentence number {number % 90} of this list, which is one of many." for number in range(900)]
    packs = shared(texts, processes=6).packs
    assert len(packs) == 6
    assert {len(pack) for pack in packs} == {15}
    again = shared(texts, processes=6).packs
    assert [pack_key(pack) for pack in again] == [pack_key(pack) for pack in packs]
    faster = shared(texts, processes=6, speed=1.5).packs
    assert not {pack_key(pack) for pack in packs} & {pack_key(pack) for pack in faster}


def test_no_pack_is_empty_however_long_a_sentence_takes():
    sentence = "Please bring your card and all of your papers with you when you come to us " * 6 + "again."
    found = shared([f"Hello Number{number:03}st. {sentence}" for number in range(200)], processes=30, speed=0.25)
    assert [[item.text for item in pack] for pack in found.packs] == [[sentence]]


def test_counting_takes_bounded_memory():
    counter = SentenceCounter()
    item = planner().item(Row(1, "1", {"text": "a"}))
    for number in range(20_000):
        text = " ".join(f"Sentence {number} {part} here." for part in range(4)) + " Everyone gets this sentence."
        counter.add(item.model_copy(update={"text": text}))
        assert len(counter._counts) <= 50_000
    assert next(iter(counter._counts.most_common(1)))[0][1] == "Everyone gets this sentence."


@pytest.fixture
def batches():
    return Batches()


def test_packs_are_made_before_chunks_and_their_price_is_that_of_all_rows(batches):
    batch = batches.send(*ROWS, template=TEXT, items_per_child=None)
    plan = batches.plan(batch)
    assert plan.packs
    assert plan.items == len(ROWS)
    packs = [batches.packing.speak(note, time_left=lambda: 900.0) for note in plan.packs]
    assert all(pack.key and Decimal(pack.price) > 0 for pack in packs)
    texts = [text for made in batches.speaker.packs.values() for text in made]
    assert sorted(texts) == sorted({*texts})
    before = SharedBefore([pack.model_copy(update={"price": "1"}) for pack in packs], plan.items)
    for note in batches.notes(batch):
        batches.speaking.speak(note, last=False, time_left=lambda: 900.0, shared=before)
    batches.finish(batch)
    row = batches.row(batch)
    assert {key for _, key in batches.speaker.learned} == {pack.key for pack in packs}
    assert row.price == pytest.approx(Decimal(len(packs)), abs=Decimal("0.01"))
    assert float(row.price) == pytest.approx(sum(line["price_usd"] for line in batches.report(batch).values()))
    assert row.sentences_spoken >= sum(pack.spoken for pack in packs) > 0


def test_a_batch_that_was_made_before_needs_no_packs(batches):
    batches.done(*ROWS, template=TEXT, items_per_child=None)
    batch = batches.send(*ROWS, template=TEXT, items_per_child=None)
    plan = batches.plan(batch)
    packs = [batches.packing.speak(note, time_left=lambda: 900.0) for note in plan.packs]
    assert {(pack.key, pack.spoken) for pack in packs} == {(None, 0)}
    assert not batches.speaker.packs


def test_a_batch_with_an_unreadable_plan_makes_no_packs(batches):
    batch = batches.send(*ROWS, template=TEXT, items_per_child=None)
    plan = batches.plan(batch)
    key = batches.folder(batch).key("items.jsonl")
    batches.objects.files[key] = b"{" + batches.objects.files[key][1:].replace(b'"', b"'")
    assert batches.packing.speak(plan.packs[0], time_left=lambda: 900.0) == SharedPack()
    assert not batches.speaker.packs


def test_a_pack_of_an_ended_batch_is_not_made(batches):
    batch = batches.send(*ROWS, template=TEXT, items_per_child=None)
    plan = batches.plan(batch)
    batches.batch_service.cancel(batch.id, tenant="acme")
    assert batches.packing.speak(plan.packs[0], time_left=lambda: 900.0) == SharedPack()


def test_chunks_have_about_the_same_work_and_stay_within_their_limits():
    blocks = [Block("queue", 10, 5_000, 4.6, 0)] * 500
    for processes, new in ((1, 0.1), (2, 0.1), (40, 0.1), (2, 1.0)):
        work = work_of(blocks, new)
        seconds = work.chunk_seconds(processes)
        chunks = [*joined(blocks, work, seconds)]
        assert sum(chunk.items for chunk in chunks) == 5_000
        assert sum(chunk.size for chunk in chunks) == 500 * 5_000
        assert all(chunk.items <= MOST_ITEMS and chunk.seconds <= MOST_SECONDS for chunk in chunks)
        assert all(work.of(chunk.items, chunk.seconds) <= seconds for chunk in chunks)
        assert seconds >= LEAST_SECONDS
        assert len(chunks) >= min(processes, work.total // LEAST_SECONDS)


def test_the_archive_of_a_chunk_stays_within_its_limit():
    block = Block("queue", 1, 10, 0.1, EXPECTED_ARCHIVE_BYTES // 3)
    assert [one.items for one in joined([block] * 6, Work(6, 0.6), 60.0)] == [3, 3]


def test_items_of_the_gpu_stay_alone():
    block, gpu = Block("queue", 1, 10, 0.5, 0), Block("gpu", 1, 10, 0.5, 0)
    routes = [(one.route, one.items) for one in joined([block, block, gpu, gpu, block], Work(3, 1.5), 5.0)]
    assert routes == [("queue", 2), ("gpu", 1), ("gpu", 1), ("queue", 1)]
    assert [*joined([gpu], Work(0, 0.0), 5.0)] == [gpu]
    assert work_of([block, gpu], 1.0) == work_of([block], 1.0)
    assert [*joined([], Work(0, 0.0), 5.0)] == []


def test_a_deadline_raises_the_concurrency_up_to_the_limit():
    asked = order(max_concurrency=2, deadline=NOON + timedelta(seconds=110))
    assert concurrency(asked, 40, seconds=150.0, now=NOON) == 2
    assert concurrency(asked, 40, seconds=1_000.0, now=NOON) == 10
    assert concurrency(asked, 40, seconds=10_000.0, now=NOON) == 40
    assert concurrency(asked, 40, seconds=10.0, now=NOON + timedelta(hours=1)) == 10
    assert concurrency(order(max_concurrency=2), 40, seconds=10_000.0, now=NOON) == 2
    assert concurrency(order(), 40) == 40


def test_without_packs_nothing_is_divided():
    assert (NO_PACKS.keys, NO_PACKS.price, NO_PACKS.spoken) == ([], 0, 0)
