"""Parallel work with ordered results."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from herald.speech.parallel import BackgroundCall, Threads, map_in_order


def test_results_are_ordered_and_work_starts_ahead():
    begun = []
    gate = threading.Event()

    def work(number):
        begun.append(number)
        if number == 0:
            gate.wait(5)
        return number

    with ThreadPoolExecutor(2) as pool:
        results = map_in_order(pool, work, range(6), ahead=3)
        gate.set()
        first = next(results)
        assert first == 0
        assert max(begun) <= 3
        assert [first, *results] == list(range(6))


def test_an_error_is_raised_in_order():
    def work(number):
        return 1 // number

    with ThreadPoolExecutor(1) as pool:
        results = map_in_order(pool, work, [1, 0, 1], ahead=2)
        assert next(results) == 1
        with pytest.raises(ZeroDivisionError):
            next(results)


def test_no_items_start_no_work():
    with ThreadPoolExecutor(1) as pool:
        assert list(map_in_order(pool, str, [], ahead=2)) == []


def test_a_result_can_be_read_several_times():
    begun = BackgroundCall(lambda: 7)
    assert [begun.result(), begun.result()] == [7, 7]


def test_an_error_is_raised_by_result():
    begun = BackgroundCall(lambda: 1 // 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            begun.result()


def test_threads_are_started_on_first_use():
    before, threads = threading.active_count(), Threads(2)
    threads.end()
    assert threading.active_count() == before
    assert "pool" not in vars(threads)
    assert list(threads.map(str, [1, 2])) == ["1", "2"]
    threads.end()
    assert threading.active_count() == before
