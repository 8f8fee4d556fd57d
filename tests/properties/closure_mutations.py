"""Edits of programs: of each token to another valid program, and of nothing but the layout."""

import ast
import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

MARKS = {"reached": True, "not reached": False, "either": None}

_OTHERS = """
+ -     - +     * /     / *     // %    % //    ** *    @ *     == !=   != ==   < <=    > >=
<= <    >= >    = +=    | &     & ^     ^ |     >> <<   << >>   ~ -     += -=   -= +=
True False      False True      None True       and or          or and          not -
is ==           if while        while if        return yield    yield return    break continue
continue break  raise return    del return      assert return   except except*  global nonlocal
"""
_WORDS = _OTHERS.split()
OTHERS = {
    **dict(zip(_WORDS[::2], _WORDS[1::2], strict=True)),
    "in": "not in",
    "def": "async def",
    "for": "async for",
    "async": "",
    "await": "",
}
"""What to write in the place of an operator or a keyword."""

_LAYOUT = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


@dataclass(frozen=True)
class Edit:
    """Another text in the place of a part of a file, and whether that must change the digest."""

    start: int
    end: int
    text: str
    counts: bool

    def apply(self, source: str) -> str:
        return source[: self.start] + self.text + source[self.end :]


def token_edits(source: str) -> Iterator[Edit]:
    """One edit a token, where the token has another form that is valid Python."""
    marks, starts, standing = line_marks(source), line_starts(source), standing_strings(source)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        other = None if token.type in _LAYOUT else other_token(token)
        if other is None:
            continue
        row, column = token.start
        mark = marks[row - 1]
        if mark is None:
            continue
        start, end = starts[row - 1] + column, starts[token.end[0] - 1] + token.end[1]
        counts = mark and not any(first <= start < last for first, last in standing)
        edit = Edit(start, end, other, counts)
        if is_valid(edit.apply(source)):
            yield edit


def other_token(token: tokenize.TokenInfo) -> str | None:
    """Something else in a token's place; None where nothing comes to mind."""
    text = token.string
    kind = tokenize.tok_name[token.type]
    if kind == "NAME" and not keyword.iskeyword(text):
        return f"{text}_m"
    if kind == "NAME":
        return OTHERS.get(text)
    if kind == "NUMBER":
        return f"{text[:2]}1{text[2:]}" if text[:2] in ("0x", "0b") else f"1{text}"
    if kind == "STRING":
        opening = re.match(r"\w*('''|\"\"\"|'|\")", text)
        assert opening is not None
        return f"{opening[0]}m{text[opening.end() :]}"
    if kind in ("FSTRING_MIDDLE", "TSTRING_MIDDLE"):
        return f"m{text}" if "{" not in text and "}" not in text else None
    return OTHERS.get(text) if kind == "OP" else None


def line_marks(source: str) -> list[bool | None]:
    """Whether each line is reached; None where that isn't said."""
    marks: list[bool | None] = []
    mark: bool | None = None
    for line in source.splitlines():
        code, _, comment = line.rpartition("#")
        said = comment.strip() in MARKS and "#" in line
        if said and not code.strip():
            mark = MARKS[comment.strip()]
        marks.append(MARKS[comment.strip()] if said else mark)
    return marks


def line_starts(source: str) -> list[int]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def standing_strings(source: str) -> list[tuple[int, int]]:
    """Where docstrings and other constants that stand alone are: they count nowhere."""
    return [
        span(source, node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ]


def span(source: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    starts = line_starts(source)
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return starts[node.lineno - 1] + node.col_offset, starts[
        node.end_lineno - 1
    ] + node.end_col_offset


def is_valid(source: str) -> bool:
    try:
        compile(source, "edited", "exec", flags=ast.PyCF_ONLY_AST)
    except SyntaxError:
        return False
    return True


def layout_edits(source: str) -> Iterator[Edit]:
    """Edits that leave the program what it is: none may change the digest."""
    yield Edit(0, len(source), ast.unparse(ast.parse(source)), counts=False)
    yield Edit(0, len(source), wider(source), counts=False)
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            yield from statement_edits(source, node)
        elif isinstance(node, ast.expr) and not isinstance(node, ast.Starred | ast.Slice):
            yield from expression_edits(source, node, ast.dump(tree))


def wider(source: str) -> str:
    """Twice the indentation, another comment, more space between tokens and lines."""
    lines = []
    for line in source.splitlines():
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        lines += [" " * indent * 2 + body.replace(" # ", "  # edited: "), ""]
    return "# A comment.\n" + "\n".join(lines)


def statement_edits(source: str, node: ast.stmt) -> Iterator[Edit]:
    start, _ = span(source, node)
    line_start = source.rfind("\n", 0, start) + 1
    indent = source[line_start:start]
    if indent.strip() or source.startswith("elif", start):
        return
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for text in ("# A comment.\n", "pass\n", "\n\n", '"""Words."""\n'):
            edited = Edit(line_start, line_start, f"{indent}{text}", counts=False)
            if "__future__" not in source or text[0] in "#\n":
                yield edited


def expression_edits(source: str, node: ast.expr, dumped: str) -> Iterator[Edit]:
    """More parentheses, other quotes: where Python itself reads the same tree."""
    start, end = span(source, node)
    text = source[start:end]
    others = [f"({text})", f"(  # why\n{text}\n)"]
    if isinstance(node, ast.Constant) and text[0] in "'\"" and "\\" not in text:
        plain = text.strip("'\"")
        others += [f"'''{plain}'''", f"'{plain[:1]}' \\\n '{plain[1:]}'"]
    for other in others:
        edit = Edit(start, end, other, counts=False)
        edited = edit.apply(source)
        if is_valid(edited) and ast.dump(ast.parse(edited)) == dumped:
            yield edit
