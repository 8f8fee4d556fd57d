"""What images install: distributions and their names, requirements, and files that change."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_cases import run

from flyte_compiler.dataflow.distributions import brought_by, named_in, providers
from flyte_compiler.dataflow.requirements import of_file, of_script

PROGRAM = """
import flyte

image = flyte.Image.from_debian_base().with_requirements("requirements.txt")
env = flyte.TaskEnvironment("etl", image=image)


@env.task
async def load(path: str) -> int:
    import polars

    return len(polars.read_csv(path))
"""


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("yaml", "pyyaml"),
        ("sklearn.linear_model", "scikit-learn"),
        ("cv2", "opencv-python-headless"),
        ("google.cloud.storage.blob", "google-cloud-storage"),
        ("pandas.io", "pandas"),
        ("libcst", "libcst"),
    ],
)
def test_a_module_is_given_by_its_distributions(module: str, expected: str) -> None:
    assert expected in providers(module)


@pytest.mark.parametrize("module", ["acme_things", "google.cloud.unheard_of"])
def test_nobody_knows_who_gives_an_unknown_module(module: str) -> None:
    assert not providers(module)


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ("Pandas>=2,<3", ("pandas", False)),
        ("scikit_learn", ("scikit-learn", False)),
        ("requests[socks] == 2.*", ("requests", True)),
        ('tomli ~= 2.0 ; python_version < "3.11"', ("tomli", False)),
        ("git+https://example.org/x.git", None),
        ("acme @ https://example.org/acme.whl", None),
        ("./local", None),
        ("-e .", None),
    ],
)
def test_a_requirement_names_a_distribution(
    requirement: str, expected: tuple[str, bool] | None
) -> None:
    assert named_in(requirement) == expected


def test_what_is_brought_along_is_there() -> None:
    assert {"numpy", "scipy", "six"} <= (
        brought_by([("scikit-learn", False), ("pandas", False)]) or frozenset()
    )


def test_an_unknown_distribution_may_bring_anything() -> None:
    assert brought_by([("acme-analytics", False)]) is None
    assert brought_by([("pandas", True)]) is None


def test_a_requirements_file_that_leads_on_is_unknown() -> None:
    assert of_file("pandas\n-r more.txt\n") is None


def test_a_script_says_what_it_needs() -> None:
    script = "# /// script\n# dependencies = [\n#   'polars',\n# ]\n# ///\nimport polars\n"
    asked = of_script(script)
    assert asked is not None
    assert asked.named == (("polars", False),)
    assert of_script("import polars\n") is None


def test_a_change_of_a_requirements_file_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FLYTE_STORE", raising=False)
    Path("pyproject.toml").write_text("", encoding="utf-8")
    Path("main.py").write_text(PROGRAM, encoding="utf-8")
    found = []
    for text in ("pandas\n", "pandas\npolars\n", "pandas\n"):
        Path("requirements.txt").write_text(text, encoding="utf-8")
        given = run(["main.py", "--select", "FC211", "--types", "annotations"])
        found.append("FC211" in given.output)
    assert found == [True, False, True]
