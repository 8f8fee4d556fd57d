"""What each fragment may do. A driver's fragments are split by its calls."""

from __future__ import annotations

from pathlib import Path

import pytest
from rewriting import kinds_in, text_of

CALL = "r = await t(n)\n"


@pytest.mark.parametrize(
    "fragment",
    [
        "y = r + 1",
        "y = f'{r} of {n}'",
        "y = len(xs)",
        "y = xs[1:3]",
        "y = sorted(xs)[0]",
        "y = [x * 2 for x in xs if x > 1]",
        "y = {str(x): x for x in xs}",
        "y = {'a': r, 'b': (n, None)}",
        "y = max(xs, key=lambda x: -x)",
        "y = math.sqrt(r)",
        "y = 'a-b'.split('-')",
        "y = r < LIMIT",
        "y = sum(x for x in xs)",
        "y = [a + b for a, b in zip(xs, xs)]",
        "y = list(map(str, xs))",
        "y = isinstance(r, Exception)",
        "y = 0\nfor x in xs:\n    y += x",
        "y = r if r else n",
    ],
)
def test_computing_with_builtins_is_pure(fragment: str, tmp_path: Path) -> None:
    body = f"{CALL}{fragment}\nawait save(n)\nreturn y"
    assert kinds_in(body, tmp_path)[0] == "pure"


@pytest.mark.parametrize(
    "fragment",
    [
        "ys.append(r)",
        "ys.sort()",
        "ys[0] = r",
        "ys += [r]",
        "y = len(ys)\nys.append(1)",
        "del ys[0]",
        "ys.extend(xs)",
    ],
)
def test_changing_what_the_driver_built_is_local(fragment: str, tmp_path: Path) -> None:
    body = f"ys = []\n{CALL}{fragment}\nawait named(ys)\n"
    assert kinds_in(body, tmp_path)[-1] == "local"


@pytest.mark.parametrize("fragment", ["print(r)", "logger.info('%s', r)", "print(f'{len(xs)}')"])
def test_printing_and_logging_is_output(fragment: str, tmp_path: Path) -> None:
    assert kinds_in(f"{CALL}{fragment}\nawait save(n)", tmp_path) == ["output"]


@pytest.mark.parametrize(
    "fragment",
    [
        "helper(r)",
        "y = q.score",
        "y = q + 1",
        "y = f'{q}'",
        "print(q)",
        "q.score = 1.0",
        "import json",
        "with open('x') as f:\n    pass",
        "print(r, file=open('x'))",
        "global LAST\nLAST = r",
        "y = sorted([q, q])",
        "y = q in [1]",
        "y = not q",
        "y = [helper(x) for x in xs]",
        "y = max(xs, key=helper)",
        "y = list(map(helper, xs))",
        "y = open('x')",
        "y = bool(await asyncio.sleep(0))",
    ],
)
def test_what_may_run_other_code_is_an_effect(fragment: str, tmp_path: Path) -> None:
    body = f"q = await report(n)\n{CALL}{fragment}\nawait save(n)"
    assert "effect" in kinds_in(body, tmp_path)


def test_a_list_that_a_helper_was_given_is_no_longer_ours(tmp_path: Path) -> None:
    body = "ys = []\nawait save(n)\nys.append(1)\nawait save(n)\nhelper(ys)\n"
    body += "await save(n)\nys.append(2)\nawait save(n)"
    assert kinds_in(body, tmp_path) == ["pure", "local", "effect", "effect"]


def test_an_alias_gives_the_list_away_too(tmp_path: Path) -> None:
    body = "ys = []\nzs = ys\nawait save(n)\nhelper(zs)\nawait save(n)\nys.append(2)\nawait save(n)"
    assert kinds_in(body, tmp_path) == ["pure", "effect", "effect"]


def test_what_a_given_away_list_holds_is_no_longer_ours(tmp_path: Path) -> None:
    body = "ys = []\nrows = [ys]\nawait save(n)\nhelper(rows)\nawait save(n)\nys.append(2)\n"
    assert kinds_in(body, tmp_path)[-1] == "effect"


def test_what_is_stored_in_a_list_and_changed_through_it_is_touched(tmp_path: Path) -> None:
    body = "ys = await many(n)\nrows = []\nrows.append(ys)\nawait save(n)\nk = len(ys)\n"
    body += "await t(k)\nrows[0].append(3)"
    assert kinds_in(body, tmp_path)[1] == "local"


def test_a_list_of_instances_can_be_moved_but_not_compared(tmp_path: Path) -> None:
    body = "ys = []\nys.append(await report(n))\nk = len(ys)\nawait save(k)\nzs = sorted(ys)"
    assert kinds_in(body, tmp_path)[-2:] == ["local", "effect"]


def test_a_loop_sees_what_its_own_later_turns_do(tmp_path: Path) -> None:
    body = "ys = []\nfor x in xs:\n    ys.append(1)\n    await save(x)\n    helper(ys)\n"
    assert kinds_in(body, tmp_path) == ["pure", "effect", "effect"]


def test_reading_an_argument_that_is_changed_later_is_local(tmp_path: Path) -> None:
    body = "k = len(xs)\nawait save(k)\nxs.append(1)"
    assert kinds_in(body, tmp_path) == ["local", "local"]


def test_a_builtin_that_the_module_rebinds_is_unknown(tmp_path: Path) -> None:
    body = "k = len(xs)\nawait save(k)"
    assert kinds_in(body, tmp_path) == ["pure"]
    assert kinds_in(body, tmp_path, rest="\ndef len(x):\n    return 1\n") == ["effect"]


def test_a_parameter_without_annotation_is_unknown(tmp_path: Path) -> None:
    assert kinds_in("k = q + 1\nawait save(k)", tmp_path, "q") == ["effect"]
    assert kinds_in("k = q + 1\nawait save(k)", tmp_path, "q: int | None") == ["pure"]


def test_an_iterator_that_is_used_twice_is_local(tmp_path: Path) -> None:
    body = "z = zip(xs, xs)\nawait save(n)\na = list(z)\nawait save(n)\nb = list(z)"
    assert kinds_in(body, tmp_path)[1:] == ["local", "local"]


def test_the_text_says_why_a_fragment_is_an_effect(tmp_path: Path) -> None:
    text = text_of("k = helper(n)\nawait save(k)", tmp_path)
    assert "# calls `helper`, which may do anything" in text
