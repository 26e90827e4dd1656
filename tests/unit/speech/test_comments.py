"""The comment of a FLAC file of unknown length, which libsndfile does not read."""

import pytest

from herald.speech.audio.sndfile import read_comment

LAST, PADDING, COMMENTS = 0x80, 1, 4


def block(kind, content):
    return bytes([kind]) + len(content).to_bytes(3) + content


def fields(*texts, count=None):
    sized = [len(text.encode()).to_bytes(4, "little") + text.encode() for text in ("vendor", *texts)]
    number = len(texts) if count is None else count
    return sized[0] + number.to_bytes(4, "little") + b"".join(sized[1:])


@pytest.mark.parametrize(
    ("blocks", "comment"),
    [
        (block(COMMENTS | LAST, fields("COMMENT=synthetic")), "synthetic"),
        (block(COMMENTS | LAST, fields("TITLE=a", "comment=synthetic")), "synthetic"),
        (block(PADDING, bytes(9)) + block(COMMENTS | LAST, fields("COMMENT=synthetic")), "synthetic"),
        (block(COMMENTS | LAST, fields("TITLE=a")), None),
        (block(COMMENTS | LAST, fields("TITLE=a", count=2**32 - 1)), None),
        (block(PADDING | LAST, bytes(9)) + block(COMMENTS, fields("COMMENT=sound")), None),
        (b"", None),
    ],
    ids=["alone", "after another field", "after another block", "none", "cut off", "after the last block", "no blocks"],
)
def test_the_comment_is_found(blocks, comment):
    assert read_comment(b"fLaC" + blocks) == comment
