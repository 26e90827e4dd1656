"""Work side by side, in order."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from herald.speech.parallel import Begun, Threads, in_order


def test_results_come_in_order_and_begin_ahead():
    begun = []
    gate = threading.Event()

    def work(number):
        begun.append(number)
        if number == 0:
            gate.wait(5)
        return number

    with ThreadPoolExecutor(2) as pool:
        results = in_order(pool, work, range(6), ahead=3)
        gate.set()
        first = next(results)
        assert first == 0
        assert max(begun) <= 3
        assert [first, *results] == list(range(6))


def test_an_error_comes_in_its_place():
    def work(number):
        return 1 // number

    with ThreadPoolExecutor(1) as pool:
        results = in_order(pool, work, [1, 0, 1], ahead=2)
        assert next(results) == 1
        with pytest.raises(ZeroDivisionError):
            next(results)


def test_nothing_is_begun_for_nothing():
    with ThreadPoolExecutor(1) as pool:
        assert list(in_order(pool, str, [], ahead=2)) == []


def test_what_was_begun_gives_its_result_to_all_who_ask():
    begun = Begun(lambda: 7)
    assert [begun.result(), begun.result()] == [7, 7]


def test_what_was_begun_raises_where_it_is_asked():
    begun = Begun(lambda: 1 // 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            begun.result()


def test_there_are_no_threads_before_there_is_work():
    before, threads = threading.active_count(), Threads(2)
    threads.end()
    assert threading.active_count() == before
    assert "pool" not in vars(threads)
    assert list(threads.map(str, [1, 2])) == ["1", "2"]
    threads.end()
    assert threading.active_count() == before
