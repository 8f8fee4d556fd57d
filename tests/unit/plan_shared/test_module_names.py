"""Names of files and files of names."""

from pathlib import Path

import pytest

from flyte_plan.modules import find_module, module_name, module_root, project_root


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """`app.py`, package `a` (`b.py`, package `sub`), folder `plain` without `__init__.py`."""
    for name in ("app.py", "a/__init__.py", "a/b.py", "a/sub/__init__.py", "plain/c.py"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("file", "root", "name"),
    [
        ("app.py", ".", "app"),
        ("a/b.py", ".", "a.b"),
        ("a/__init__.py", ".", "a"),
        ("a/sub/__init__.py", ".", "a.sub"),
        ("plain/c.py", "plain", "c"),
    ],
)
def test_a_file_has_one_root_and_one_name(tree: Path, file: str, root: str, name: str):
    assert module_root(tree / file) == tree / root
    assert module_name(tree / file, tree / root) == name
    assert find_module(name, (tree / root,)) == tree / file


def test_a_package_wins_over_a_module_beside_it(tree: Path):
    (tree / "a.py").touch()
    assert find_module("a", (tree,)) == tree / "a" / "__init__.py"


def test_the_first_root_that_has_a_module_wins(tree: Path):
    (tree / "plain" / "app.py").touch()
    assert find_module("app", (tree / "plain", tree)) == tree / "plain" / "app.py"


@pytest.mark.parametrize("name", ["missing", "a.missing", "", ".a", "a..b", "../app", "plain"])
def test_a_name_without_a_file_is_not_found(tree: Path, name: str):
    assert find_module(name, (tree,)) is None


def test_a_file_elsewhere_has_no_name(tree: Path):
    with pytest.raises(ValueError, match="does not lie under"):
        module_name(tree / "app.py", tree / "a")
    with pytest.raises(ValueError, match="not a Python source file"):
        module_name(tree / "app.txt", tree)
    with pytest.raises(ValueError, match="makes its root"):
        module_name(tree / "a" / "__init__.py", tree / "a")


def test_the_project_is_the_nearest_marked_folder(tree: Path):
    assert project_root(tree / "a" / "sub" / "__init__.py") in (tree / "a" / "sub", *tree.parents)
    (tree / "pyproject.toml").touch()
    assert project_root(tree / "a" / "sub") == tree
    (tree / "a" / ".git").mkdir()
    assert project_root(tree / "a" / "sub") == tree / "a"
    assert project_root(tree / "a" / "b.py") == tree / "a"
