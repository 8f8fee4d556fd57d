"""Values without an encoding: pickled inside one store, signed, and never opened elsewhere."""

from __future__ import annotations

import logging
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flyte._engine.values import decode_value, encode_plain, encode_value, snapshot
from flyte._types import pickled
from flyte.errors import InitializationError
from flyte_plan.encoding import DecodeError, UnencodableError


class Fitted:
    """Stands for a fitted model."""

    def __init__(self, weights: list[float]) -> None:
        self.weights = weights


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FLYTE_STORE", str(tmp_path / "store"))
    monkeypatch.delenv("FLYTE_PICKLE", raising=False)
    return tmp_path / "store"


def test_it_crosses_as_a_copy_with_one_warning_a_type(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pickled, "_warned", set())
    with caplog.at_level(logging.WARNING, "flyte"):
        value = Fitted([1.0])
        again = decode_value(encode_value([value, Fitted([2.0])]))
    assert isinstance(again, list)
    assert again[0].weights == [1.0]
    assert again[0] is not value
    assert len(caplog.records) == 1
    assert "Fitted` has no encoding" in caplog.text


def test_its_identity_is_that_of_its_bytes_and_it_is_marked() -> None:
    one, two = (snapshot({"x": Fitted([weight])}) for weight in (1.0, 2.0))
    assert one.digest == snapshot({"x": Fitted([1.0])}).digest
    assert one.digest != two.digest
    assert one.has_pickles
    assert not snapshot({"x": [1]}).has_pickles


def test_its_digest_does_not_depend_on_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = snapshot({"x": Fitted([1.0])})
    monkeypatch.setenv("FLYTE_STORE", str(tmp_path / "other"))
    there = snapshot({"x": Fitted([1.0])})
    assert here.digest == there.digest
    assert here.stored != there.stored


def test_the_key_is_readable_to_its_owner_alone(store: Path) -> None:
    encode_value(Fitted([]))
    assert stat.S_IMODE((store / "pickle.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(store.stat().st_mode) == 0o700
    assert [file.name for file in store.iterdir()] == ["pickle.key"]


def test_one_of_another_store_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = encode_value(Fitted([1.0]))
    monkeypatch.setenv("FLYTE_STORE", str(tmp_path / "other"))
    with pytest.raises(DecodeError, match="isn't signed with this store's key"):
        decode_value(written)


def test_a_changed_one_is_not_opened() -> None:
    written = encode_value(Fitted([1.0]))
    changed = written.replace(b"weights", b"weighty")
    assert changed != written
    with pytest.raises(DecodeError, match="isn't signed with this store's key"):
        decode_value(changed)


def test_never_means_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLYTE_PICKLE", "never")
    with pytest.raises(UnencodableError, match=r"set to `never`.*, in `\['x'\]\[0\]`"):
        snapshot({"x": [Fitted([])]})


def test_the_project_may_say_never(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.flyte]\npickle = "never"\n')
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnencodableError, match="never"):
        encode_value(Fitted([]))
    monkeypatch.setenv("FLYTE_PICKLE", "local")
    encode_value(Fitted([]))


def test_another_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLYTE_PICKLE", "sometimes")
    with pytest.raises(InitializationError, match="`local` or `never`, not 'sometimes'"):
        encode_value(Fitted([]))


@pytest.mark.parametrize("value", [threading.Lock(), lambda: 1], ids=["lock", "lambda"])
def test_what_cannot_be_pickled_says_where_it_is(value: object) -> None:
    with pytest.raises(UnencodableError, match=r"has no encoding, nor a pickle: .*, in `\[1\]`"):
        encode_value([0, value])


def test_an_errors_parts_are_never_pickled() -> None:
    with pytest.raises(UnencodableError):
        encode_plain([Fitted([])])


SCRIPT = """
import sys
from flyte._engine.values import snapshot, decode_arguments

class Fitted:
    def __init__(self): self.weights = [1.0]

def run():
    taken = snapshot({"x": Fitted()})
    print(taken.digest.hex(), taken.stored.hex())
    return taken

if __name__ == "__main__":
    run()
"""


def test_a_script_and_an_import_of_it_read_each_others(tmp_path: Path) -> None:
    (tmp_path / "fitted_script.py").write_text(SCRIPT)

    def run(*command: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout.split()

    digest, stored = run("fitted_script.py")
    imported = (
        "import sys; sys.path.insert(0, '.'); import fitted_script as s; s.run(); "
        f"print(s.decode_arguments(bytes.fromhex({stored!r}))['x'].weights)"
    )
    assert run("-c", imported)[::2] == [digest, "[1.0]"]
