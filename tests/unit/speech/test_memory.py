"""The in-process cache of sentences: size limit, threads and outer memory."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from herald.errors import Unavailable
from herald.speech import LocalMemory, Sentences


class Outer:
    """A memory that records its calls."""

    def __init__(self, **kept):
        self.kept = kept
        self.asked = []

    def get(self, key):
        self.asked.append(key)
        return self.kept.get(key)

    def put(self, key, value):
        self.kept[key] = value


class Silent:
    def get(self, *_):
        raise Unavailable("No answer.")

    put = get


def test_a_stored_value_is_returned():
    memory = LocalMemory(100)
    memory.put("a", b"one")
    assert memory.get("a") == b"one"
    assert memory.get("b") is None


def test_the_least_recently_used_value_is_evicted():
    memory = LocalMemory(10)
    for key in "abc":
        memory.put(key, b"123")
    memory.get("a")
    memory.put("d", b"123")
    assert [key for key in "abcd" if memory.get(key)] == ["a", "c", "d"]


def test_the_limit_is_exact():
    memory = LocalMemory(4)
    memory.put("a", b"12")
    memory.put("b", b"34")
    assert memory.get("a")
    assert memory.get("b")
    memory.put("c", b"5")
    assert memory.get("a") is None


def test_a_value_put_again_counts_once():
    memory = LocalMemory(6)
    for _ in range(5):
        memory.put("a", b"123")
    memory.put("b", b"123")
    assert memory.get("a") == memory.get("b") == b"123"


def test_a_value_above_the_limit_is_not_kept():
    memory = LocalMemory(2)
    memory.put("a", b"123")
    assert memory.get("a") is None
    memory.put("b", b"12")
    assert memory.get("b") == b"12"


def test_the_outer_memory_is_asked_once():
    outer = Outer(a=b"one")
    memory = LocalMemory(100, outer=outer)
    assert [memory.get("a") for _ in range(3)] == [b"one"] * 3
    assert outer.asked == ["a"]


def test_values_are_stored_in_the_outer_memory():
    outer = Outer()
    memory = LocalMemory(100, outer=outer)
    memory.put("a", b"one")
    assert outer.kept == {"a": b"one"}
    assert memory.get("a") == b"one"
    assert outer.asked == []


def test_a_cached_value_does_not_need_the_outer_memory():
    memory = LocalMemory(100, outer=Silent())
    with pytest.raises(Unavailable):
        memory.put("a", b"one")
    assert memory.get("a") == b"one"
    with pytest.raises(Unavailable):
        memory.get("b")


def test_many_threads_share_it():
    memory = LocalMemory(50)

    def use(number):
        key = str(number % 7)
        memory.put(key, key.encode() * 10)
        return memory.get(key) in (None, key.encode() * 10)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(5_000)))
    there = [value for number in range(7) if (value := memory.get(str(number)))]
    assert 1 <= len(there) <= 5
    assert memory._size == sum(map(len, there))


def test_sentences_add_up():
    first, second = Sentences(spoken=1, reused=2, unanswered=1), Sentences(spoken=3, reused=4)
    assert first + second == Sentences(spoken=4, reused=6, unanswered=1)
