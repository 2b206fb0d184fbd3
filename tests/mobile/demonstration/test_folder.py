"""A demo replaces what a demo made, and touches nothing of anybody else's."""

import pytest

from mobile.commands.demonstration.folder import MARKER, MARKER_TEXT, prepare
from mobile.commands.demonstration.processes import DemoError


def test_a_new_and_an_empty_folder_are_taken_and_marked(tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("empty", "new/deeper"):
        folder = prepare(tmp_path / name)
        assert (folder / MARKER).read_text() == MARKER_TEXT


def test_what_a_demo_left_is_replaced(tmp_path):
    folder = prepare(tmp_path)
    (folder / "phones").mkdir()
    (folder / "phones" / "vault.key").write_text("old")
    (folder / "canaries.txt").write_text("old")
    prepare(tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {MARKER}


@pytest.mark.parametrize("name", ["thesis.txt", "README.txt", "phones"])
def test_a_folder_of_somebody_else_is_refused_and_kept(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(DemoError, match="--out"):
        prepare(tmp_path)
    assert (tmp_path / name).read_text() == "mine"


def test_a_file_that_somebody_put_into_a_demo_s_folder_is_kept_with_all_the_rest(tmp_path):
    folder = prepare(tmp_path)
    (folder / "canaries.txt").write_text("old")
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(DemoError, match=r"notes\.txt"):
        prepare(tmp_path)
    assert (folder / "notes.txt").exists() and (folder / "canaries.txt").exists()


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "kept.txt").write_text("mine")
    folder = prepare(tmp_path / "demo")
    (folder / "phones").symlink_to(mine)
    prepare(tmp_path / "demo")
    assert (mine / "kept.txt").read_text() == "mine"


def test_a_file_in_the_folder_s_place_is_refused(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(DemoError, match="file"):
        prepare(tmp_path / "out")
