"""The cache of models: LRU eviction within a memory limit, never of models in use."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gpu.model_cache import ModelCache
from herald.errors import ModelTooLarge, OutOfTime


def forever():
    return 60.0


def use(shelf, name, size=40):
    with shelf.borrow(name, size=size, load=name.upper, time_left=forever) as model:
        assert model == name.upper()


def test_the_least_recently_used_model_is_evicted():
    shelf = ModelCache(100)
    for name in ("a", "b", "a", "c"):
        use(shelf, name)
    assert shelf.names == ["a", "c"]
    assert shelf.size == 80


def test_a_large_model_evicts_several():
    shelf = ModelCache(100)
    for name in ("a", "b"):
        use(shelf, name)
    use(shelf, "c", size=90)
    assert shelf.names == ["c"]


def test_a_model_is_loaded_once():
    shelf, loads = ModelCache(100), []
    with ThreadPoolExecutor(8) as threads:
        barrier = threading.Barrier(8)

        def borrow(_):
            barrier.wait()
            with shelf.borrow("a", size=40, load=lambda: loads.append(1) or "A", time_left=forever) as model:
                return model

        assert list(threads.map(borrow, range(8))) == ["A"] * 8
    assert len(loads) == 1


def test_a_model_is_used_concurrently():
    shelf, both = ModelCache(100), threading.Barrier(2, timeout=10)

    def meet(_):
        with shelf.borrow("a", size=40, load=object, time_left=forever):
            both.wait()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(meet, range(2)))


def test_a_model_in_use_is_not_evicted():
    shelf = ModelCache(100)
    with shelf.borrow("a", size=60, load=lambda: "A", time_left=forever):
        with pytest.raises(OutOfTime), shelf.borrow("b", size=60, load=lambda: "B", time_left=lambda: 0):
            pytest.fail("there was no room")
        assert shelf.names == ["a"]
    use(shelf, "b", size=60)
    assert shelf.names == ["b"]


def test_a_waiting_call_gets_released_memory():
    shelf, taken, go = ModelCache(100), threading.Event(), threading.Event()

    def hold():
        with shelf.borrow("a", size=60, load=lambda: "A", time_left=forever):
            taken.set()
            go.wait(10)

    with ThreadPoolExecutor(2) as threads:
        holding = threads.submit(hold)
        taken.wait(10)
        waiting = threads.submit(use, shelf, "b", 60)
        go.set()
        waiting.result(10)
        holding.result(10)
    assert shelf.names == ["b"]


def test_a_model_above_the_limit_is_rejected():
    with pytest.raises(ModelTooLarge), ModelCache(100).borrow("a", size=101, load=object, time_left=forever):
        pytest.fail("it does not fit")


def test_a_failed_load_releases_its_memory():
    shelf = ModelCache(100)
    with pytest.raises(ZeroDivisionError), shelf.borrow("a", size=100, load=lambda: 1 / 0, time_left=forever):
        pytest.fail("nothing was loaded")
    assert (shelf.names, shelf.size) == ([], 0)
    use(shelf, "b", size=100)


def test_an_error_of_the_caller_keeps_the_model():
    shelf = ModelCache(100)
    with pytest.raises(ZeroDivisionError), shelf.borrow("a", size=40, load=lambda: "A", time_left=forever):
        raise ZeroDivisionError
    assert shelf.names == ["a"]


def test_many_threads_never_exceed_the_limit():
    shelf = ModelCache(100)
    sizes = {"a": 20, "b": 30, "c": 50, "d": 70, "e": 100}

    def work(seed):
        chance = random.Random(seed)  # noqa: S311
        for _ in range(200):
            name = chance.choice(list(sizes))
            use(shelf, name, sizes[name])
            assert shelf.size <= 100

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert sum(sizes[name] for name in shelf.names) == shelf.size <= 100
