"""What is reported doesn't depend on what was kept."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown_cases import CASES, Case, Given, arguments_of, files_of, read_cases, run

PROGRAM = """
import flyte
{imports}
env = flyte.TaskEnvironment("{name}")


@env.task
async def load(path: str, limit: int = 10) -> str:
    return path


@env.task
async def main(path: str) -> str:
    return await load({arguments})
"""
WRONG = "path, 1, 2"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FLYTE_STORE", raising=False)
    Path("pyproject.toml").write_text("", encoding="utf-8")
    write("main.py")
    return tmp_path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The files that each compilation was given."""
    from flyte_compiler.cli import fresh

    calls: list[tuple[str, ...]] = []
    real: Callable[..., object] = fresh.compile_paths

    def spy(files: tuple[Path, ...], **options: object) -> object:
        calls.append(tuple(map(str, files)))
        return real(files, **options)

    monkeypatch.setattr(fresh, "compile_paths", spy)
    return calls


def write(name: str, *, imports: str = "", arguments: str = "path") -> None:
    text = PROGRAM.format(imports=imports, arguments=arguments, name=Path(name).stem)
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def kept() -> list[Path]:
    return sorted(Path(".flyte/cache").glob("*.msgpack"))


CHECKS = [
    case
    for path in sorted(CASES.rglob("*.md"))
    for case in read_cases(path)
    if arguments_of(case)[0][:1] not in (["diff"], ["explain"])
]


TYPED = [case for case in CHECKS if case.path.stem in ("FC301", "FC303")][::5]
"""Few, since without a cache mypy reads the standard library each time."""


def same_with_and_without(arguments: list[str]) -> bool:
    without = run(["--no-cache", *arguments])
    return run(arguments) == without and run(arguments) == without


@pytest.mark.parametrize("case", CHECKS, ids=lambda case: f"{case.path.stem}-{case.name}")
def test_every_case_gives_the_same_with_and_without_what_was_kept(case: Case) -> None:
    with files_of(case):
        arguments, _ = arguments_of(case)
        first = arguments[0] if arguments else ""
        is_verb = first.isidentifier() and not Path(first).exists()
        types = [] if is_verb or "--types" in arguments else ["--types", "annotations"]
        assert same_with_and_without([*arguments, *types])


@pytest.mark.parametrize("case", TYPED, ids=lambda case: f"{case.path.stem}-{case.name}")
def test_what_mypy_says_is_the_same_with_and_without_what_was_kept(case: Case) -> None:
    with files_of(case):
        assert same_with_and_without(arguments_of(case)[0])


def test_a_second_run_loads_no_phase(project: Path) -> None:
    start = (
        "import sys\nfrom flyte_compiler.cli import main\n"
        "try:\n    main(['main.py'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "print(*[name for name in ('libcst', 'networkx', 'mypy', 'pydantic',"
        " 'flyte_compiler.pipeline') if name in sys.modules], file=sys.stderr)"
    )
    loaded = [
        subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert "libcst" in loaded[0].stderr
    assert loaded[1].stderr == "\n"
    assert loaded[0].stdout == loaded[1].stdout


def test_nothing_is_compiled_twice(project: Path, compiled: list[tuple[str, ...]]) -> None:
    assert run(["."]) == run(["."])
    assert compiled == [("main.py",)]


def test_every_option_of_a_report_uses_what_was_kept(
    project: Path, compiled: list[tuple[str, ...]]
) -> None:
    write("main.py", arguments=WRONG)
    run(["main.py"])
    for options in (["--ignore", "FC302"], ["--format", "json"], ["--task", "main"], ["--notes"]):
        assert run(["main.py", *options]) == run(["main.py", *options, "--no-cache"])
    assert run(["main.py", "--ignore", "FC302"]).exit_code == 0
    assert len(compiled) == 1 + 4


def test_an_edit_is_seen(project: Path) -> None:
    assert run(["main.py"]).exit_code == 0
    write("main.py", arguments=WRONG)
    assert "FC302" in run(["main.py"]).output
    write("main.py")
    assert run(["main.py"]).exit_code == 0


def test_an_edit_of_an_imported_module_is_seen(project: Path) -> None:
    write("main.py", imports="import lib")
    write("lib.py")
    assert run(["main.py"]).exit_code == 0
    write("lib.py", arguments=WRONG)
    assert "lib.py:14" in run(["main.py"]).output


@pytest.mark.parametrize("new", ["lib.py", "lib/__init__.py"])
def test_a_module_that_was_missing_is_seen(project: Path, new: str) -> None:
    write("main.py", imports="import lib")
    assert run(["main.py"]).exit_code == 0
    write(new, arguments=WRONG)
    assert f"{new}:14" in run(["main.py"]).output


def test_a_package_that_takes_a_modules_place_is_seen(project: Path) -> None:
    write("main.py", imports="import lib")
    write("lib.py")
    assert run(["main.py"]).exit_code == 0
    write("lib/__init__.py", arguments=WRONG)
    assert "lib/__init__.py:14" in run(["main.py"]).output


def test_a_package_file_that_moves_the_root_is_seen(project: Path) -> None:
    write("pkg/main.py", imports="import pkg.lib")
    write("pkg/lib.py", arguments=WRONG)
    assert run(["pkg/main.py"]).exit_code == 0
    Path("pkg/__init__.py").touch()
    assert "pkg/lib.py:14" in run(["pkg/main.py"]).output


def test_a_deleted_module_is_seen(project: Path) -> None:
    write("main.py", imports="import lib")
    write("lib.py", arguments=WRONG)
    assert run(["main.py"]).exit_code == 1
    Path("lib.py").unlink()
    assert run(["main.py"]).exit_code == 0


def test_only_what_shares_modules_with_an_edit_is_compiled_again(
    project: Path, compiled: list[tuple[str, ...]]
) -> None:
    write("main.py", imports="import lib")
    for name in ("lib.py", "one.py", "other.py"):
        write(name)
    run(["."])
    write("lib.py", arguments=WRONG)
    assert run(["."]) == run([".", "--no-cache"])
    assert compiled[1] == ("lib.py", "main.py")


def test_an_edit_that_ties_files_together_compiles_them_together(
    project: Path, compiled: list[tuple[str, ...]]
) -> None:
    for name in ("lib.py", "one.py", "other.py"):
        write(name)
    run(["."])
    write("one.py", imports="import lib")
    assert run(["."]) == run([".", "--no-cache"])
    assert compiled[1:3] == [("one.py",), ("lib.py", "one.py")]


def test_files_that_take_each_others_names_are_never_taken_apart(
    project: Path, compiled: list[tuple[str, ...]]
) -> None:
    write("main.py", imports="import lib")
    write("lib.py")
    write("lib/__init__.py", arguments=WRONG)
    for _ in range(2):
        assert run(["main.py", "lib.py"]) == run(["main.py", "lib.py", "--no-cache"])
    write("main.py", imports="import lib\n")
    assert run(["main.py", "lib.py"]) == run(["main.py", "lib.py", "--no-cache"])
    assert ("main.py",) not in compiled


def test_a_new_compiler_keeps_nothing_of_the_old_one(
    project: Path, compiled: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["main.py"])
    monkeypatch.setattr("flyte_compiler.cache.key.compiler_state", lambda: "another")
    run(["main.py"])
    assert len(compiled) == 2


@pytest.mark.parametrize(
    "content", [b"", b"\x00", b"\x90", b"\x91\x80", b"\xc1" * 50, b"\x91" * 9999]
)
def test_what_is_not_a_record_counts_as_not_there(project: Path, content: bytes) -> None:
    first = run(["main.py"])
    (file,) = kept()
    whole = file.read_bytes()
    file.write_bytes(content)
    assert run(["main.py"]) == first
    assert kept() == [file]
    assert file.read_bytes() == whole


def test_half_a_record_counts_as_not_there(project: Path) -> None:
    first = run(["main.py"])
    (file,) = kept()
    whole = file.read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 20)):
        file.write_bytes(whole[:length])
        assert run(["main.py"]) == first


def test_a_folder_that_cant_be_written_is_skipped_in_silence(project: Path) -> None:
    Path(".flyte").write_text("a file", encoding="utf-8")
    assert run(["main.py"]) == run(["main.py", "--no-cache"])


def test_a_link_to_elsewhere_is_not_followed(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    Path(".flyte").mkdir()
    Path(".flyte/cache").symlink_to(elsewhere)
    assert run(["main.py"]) == run(["main.py", "--no-cache"])
    assert list(elsewhere.iterdir()) == []


def test_the_folder_ignores_itself_and_may_go_at_any_time(project: Path) -> None:
    import shutil

    first = run(["main.py"])
    assert Path(".flyte/cache/.gitignore").read_text(encoding="utf-8") == "*\n"
    shutil.rmtree(".flyte")
    assert run(["main.py"]) == first
    assert kept()


def test_without_the_cache_nothing_is_kept(project: Path) -> None:
    run(["main.py", "--no-cache"])
    assert not Path(".flyte").exists()


def test_a_store_elsewhere_holds_what_is_kept(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLYTE_STORE", str(tmp_path / "store"))
    run(["main.py"])
    assert not Path(".flyte").exists()
    assert list((tmp_path / "store/cache").glob("*.msgpack"))


def test_a_copied_project_keeps_its_results(
    project: Path, compiled: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    run(["main.py"])
    copy = project.with_name(f"{project.name}_copy")
    shutil.copytree(project, copy)
    monkeypatch.chdir(copy)
    run(["main.py"])
    assert len(compiled) == 1


def test_a_file_that_changes_while_it_is_compiled_is_not_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flyte_compiler.cli import fresh

    real: Callable[..., object] = fresh.compile_paths

    def change(files: tuple[Path, ...], **options: object) -> object:
        compilation = real(files, **options)
        write("main.py", arguments=WRONG)
        return compilation

    with monkeypatch.context() as patched:
        patched.setattr(fresh, "compile_paths", change)
        assert run(["main.py"]).exit_code == 0
    assert run(["main.py"]).exit_code == 1


def test_processes_that_check_at_once_agree(project: Path) -> None:
    command = [sys.executable, "-c", "from flyte_compiler.cli import main; main()", "main.py"]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ended = [(*each.communicate(), each.returncode) for each in running]
    assert set(ended) == {ended[0]}
    assert ended[0][2] == 0
    assert len(kept()) == 1
    assert not list(Path(".flyte/cache").glob("*.part"))


def test_what_was_longest_unused_goes_first(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setattr("flyte_compiler.cache.store.MOST", 2)
    for place, name in enumerate(("a.py", "b.py", "c.py")):
        write(name)
        run([name])
        os.utime(max(kept(), key=lambda file: file.stat().st_mtime_ns), (place, place))
        given: Given = run([name])
        assert given.exit_code == 0
    assert len(kept()) == 2
