"""Division of utterances into spans."""

import pytest

from herald.speech.model import LARGEST_CHUNK, cut


@pytest.mark.parametrize("start", [0, 24])
@pytest.mark.parametrize("frames", [1, 23, 95, 96, 145, 256, 257, 512, 513, 1_000, 5_000])
def test_cuts_cover_everything_once(start, frames):
    spans = cut(start, start + frames, min_split=96)
    covered = [frame for begin, end in spans for frame in range(begin, end)]
    assert covered == list(range(start, start + frames))
    assert all(0 < end - begin <= LARGEST_CHUNK for begin, end in spans)


def test_two_processors_get_equal_work():
    assert cut(0, 95, min_split=96) == [(0, 95)]
    assert cut(0, 96, min_split=96) == [(0, 48), (48, 96)]
    assert cut(10, 610, min_split=96) == [(10, 160), (160, 310), (310, 460), (460, 610)]


def test_no_frames_give_no_spans():
    assert cut(7, 7, min_split=96) == []
