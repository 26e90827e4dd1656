"""Folders of prepared voices appear complete or not at all."""

import pytest

from herald.speech.voices.catalog import CARD
from herald.speech.voices.folders import atomic_folder


def make(folder, content, *, error=None, **options):
    with atomic_folder(folder, **options) as made:
        (made / CARD).write_text(content)
        if error:
            raise error


def contents(tmp_path):
    """Return all files by their path below the test's folder."""
    return {str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "voices" / "joe"


def test_a_folder_appears_at_the_end(folder, tmp_path):
    with atomic_folder(folder) as made:
        (made / CARD).write_text("{}")
        assert not folder.exists()
    assert contents(tmp_path) == {f"voices/joe/{CARD}": "{}"}


def test_a_folder_without_a_card_is_not_kept(folder, tmp_path):
    with atomic_folder(folder) as made:
        (made / "model.onnx").write_text("model")
    assert contents(tmp_path) == {}
    assert not folder.exists()


def test_a_failure_keeps_what_was_there(folder, tmp_path):
    make(folder, "first")
    with pytest.raises(OSError, match="disk"):
        make(folder, "second", error=OSError("The disk is full."))
    assert contents(tmp_path) == {f"voices/joe/{CARD}": "first"}


@pytest.mark.parametrize(("replace", "kept"), [(True, "second"), (False, "first")])
def test_a_folder_in_use_is_replaced_only_on_request(folder, tmp_path, replace, kept):
    make(folder, "first")
    make(folder, "second", replace=replace)
    assert contents(tmp_path) == {f"voices/joe/{CARD}": kept}


def test_a_file_in_the_place_of_the_folder_is_an_error(folder, tmp_path):
    folder.parent.mkdir()
    folder.write_text("notes")
    with pytest.raises(NotADirectoryError):
        make(folder, "second", replace=False)
    assert contents(tmp_path) == {"voices/joe": "notes"}
