"""Where utterances are cut."""

import pytest

from herald.speech.model import FIRST_CHUNK, LARGEST_CHUNK, chunks


@pytest.mark.parametrize("soon", [True, False])
@pytest.mark.parametrize("frames", [1, 23, 47, 48, 145, 256, 257, 281, 1_000, 5_000])
def test_cuts_cover_everything_once(frames, soon):
    cut = chunks(frames, soon=soon)
    assert [frame for start, end in cut for frame in range(start, end)] == list(range(frames))
    assert all(0 < end - start <= LARGEST_CHUNK for start, end in cut)


def test_what_is_due_soon_begins_small():
    assert chunks(145, soon=True) == [(0, FIRST_CHUNK), (FIRST_CHUNK, 145)]
    assert chunks(145, soon=False) == [(0, 145)]
    assert chunks(40, soon=True) == [(0, 40)]
