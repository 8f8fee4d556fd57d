"""The tree of errors: who catches whom, what they carry, and how they travel."""

from __future__ import annotations

import pickle

import pytest

from flyte import errors


def test_a_timeout_is_caught_by_each_name_of_it() -> None:
    for kind in (errors.TaskTimeoutError, errors.RuntimeUserError, errors.BaseRuntimeError):
        with pytest.raises(kind):
            raise errors.MaxRuntimeExceededError("too long")


def test_code_and_kind_follow_the_class_where_they_are_not_said() -> None:
    error = errors.OOMError("out of memory")
    assert (error.code, error.kind, str(error)) == ("OOMError", "user", "out of memory")
    said = errors.RuntimeSystemError("Lost", "worker died")
    assert (said.code, said.kind, str(said)) == ("Lost", "system", "worker died")


@pytest.mark.parametrize(
    "error",
    [
        errors.OOMError("a"),
        errors.BaseRuntimeError("C", "unknown", "m", "w"),
        errors.RuntimeDataValidationError("x", "is no int", "env.f"),
        errors.InitializationError("C", "user", "m"),
        errors.ReplayDivergenceError("m"),
    ],
)
def test_an_error_survives_pickling(error: errors.BaseRuntimeError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is type(error)
    assert (vars(copy), str(copy)) == (vars(error), str(error))


def test_a_divergence_is_not_a_users_error() -> None:
    assert not issubclass(errors.ReplayDivergenceError, errors.RuntimeUserError)


def test_arithmetic_on_an_error_raises_it() -> None:
    error = errors.RuntimeUserError("bad row")
    with pytest.raises(errors.RuntimeUserError, match="bad row"):
        sum([1, error])  # type: ignore[list-item]


def test_a_custom_error_keeps_the_name_and_the_cause() -> None:
    cause = KeyError("k")
    error = errors.CustomError.from_exception(cause)
    assert (error.code, error.__cause__) == ("KeyError", cause)
