"""The commit of a run, and whether its files are as they were committed, without asking git of
every plan."""

import os
import subprocess

import pytest

from helpers.run import checkout


@pytest.fixture
def git(tmp_path, monkeypatch):
    monkeypatch.delenv(checkout.COMMIT_VARIABLE, raising=False)

    def git(*words: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True)

    for name in ("params/a", "params/b", "src"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "one.yml").write_text("x: 1\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "all")
    for folder, _, files in os.walk(tmp_path):  # long ago, as far as the clock can be set back
        for name in files:
            os.utime(os.path.join(folder, name), (1, 1))
    git("status")  # has the new times in its index
    return git


def of(root, plan):
    return checkout.commit(root, [f"params/{plan}"], code=["src"])


def test_what_is_changed_added_or_deleted_later_is_seen_at_once(git, tmp_path):
    clean = of(tmp_path, "a")
    assert len(clean) == 12
    (tmp_path / "params/a/one.yml").write_text("x: 2\n")
    assert of(tmp_path, "a") == clean + "+"
    assert of(tmp_path, "b") == clean
    git("commit", "-qam", "changed")
    committed = of(tmp_path, "a")
    assert committed not in (clean, clean + "+")
    assert not committed.endswith("+")
    (tmp_path / "params/a/规划.yml").write_text("y: 1\n")
    assert of(tmp_path, "a").endswith("+")
    (tmp_path / "params/a/规划.yml").unlink()
    assert of(tmp_path, "a") == committed
    (tmp_path / "params/b/one.yml").unlink()
    assert of(tmp_path, "b").endswith("+")
    assert of(tmp_path, "missing") == committed


def test_git_is_asked_once_for_all_plans(git, tmp_path, monkeypatch):
    """However many plans there are: nothing about an unchanged one is asked again."""
    asked, ask = [], checkout._git
    monkeypatch.setattr(checkout, "_git", lambda *words: asked.append(words) or ask(*words))
    monkeypatch.setattr(checkout, "TICK", -(10**9))  # what was made a second ago is old
    first = of(tmp_path, "a")
    many = len(asked)
    assert [of(tmp_path, "ab"[k % 2]) for k in range(100)] == [first] * 100
    assert len(asked) == many
    (tmp_path / "src/one.yml").write_text("x: 3\n")
    git("add", "-A")  # the repository has changed: all is asked anew
    assert of(tmp_path, "b") == first + "+"
    assert len(asked) > many


def test_outside_a_repository_there_is_none(tmp_path, monkeypatch):
    monkeypatch.delenv(checkout.COMMIT_VARIABLE, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert of(tmp_path, "a") == ""


def test_outside_a_repository_git_is_asked_once(tmp_path, monkeypatch):
    monkeypatch.delenv(checkout.COMMIT_VARIABLE, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    asked, git = [], checkout._git
    monkeypatch.setattr(checkout, "_git", lambda *said: asked.append(said) or git(*said))
    assert [of(tmp_path, "a") for _ in range(100)] == [""] * 100
    assert len(asked) == 1
