"""Graphs to draw, made by hand: a small one, a nested one, a long one, a hostile one."""

from pathlib import Path

from flyte_compiler.ir.model import (
    Callee,
    DriverKind,
    DynamicNode,
    FragmentForm,
    Input,
    Literal,
    Node,
    NodeId,
    Operand,
    Output,
    PackKind,
    PackNode,
    PythonNode,
    Reason,
    Region,
    RegionParameter,
    TaskGraph,
    TaskNode,
    TraceNode,
)
from flyte_compiler.source.span import Position, Span


def span(line: int) -> Span:
    return Span(path=Path("p.py"), start=Position(line, 1), end=Position(line, 9))


def callee(name: str, signature: str, module: str = "p") -> Callee:
    environment, _, function = name.rpartition(".")
    return Callee(
        name=name,
        module=module,
        function=function,
        environment=environment or None,
        signature=signature,
        is_async=True,
    )


def out(node: str, *path: str | int) -> Output:
    return Output(NodeId(node), path)


def task(
    node: str,
    called: Callee,
    type_: str | None,
    **inputs: tuple[Operand, str | None],
) -> TaskNode:
    return TaskNode(
        id=NodeId(node),
        callee=called,
        inputs=tuple((name, operand) for name, (operand, _) in inputs.items()),
        input_types=tuple(annotation for _, annotation in inputs.values()),
        overrides=(),
        type=type_,
        span=span(int(node[1:]) + 10),
    )


def python(node: str, source: str, *outputs: str, **inputs: Operand) -> PythonNode:
    return PythonNode(
        id=NodeId(node),
        form=FragmentForm.STATEMENTS if outputs else FragmentForm.EXPRESSION,
        source=source,
        inputs=tuple(inputs.items()),
        outputs=outputs,
        indent="    ",
        global_names=(),
        is_async=False,
        type=None if outputs else "str",
        span=span(int(node[1:]) + 10),
    )


def driver(
    task_: Callee,
    parameters: dict[str, str],
    nodes: list[Node],
    result: Operand | None,
    type_: str | None,
) -> TaskGraph:
    return TaskGraph(
        task=task_,
        kind=DriverKind.TASK,
        body=Region(
            parameters=tuple(RegionParameter(name=n, type=t) for n, t in parameters.items()),
            nodes=tuple(nodes),
            result=result,
        ),
        result_type=type_,
        span=span(1),
    )


PIPELINE = callee("reports.pipeline", "(seed: int, rows: int = 1000) -> str")
INGEST = callee("data.ingest", "(seed: int, rows: int) -> list[Row]")
CLEAN = callee("data.clean", "(rows: list[Row], *, drop_missing: bool = True) -> list[Row]")
TRAIN = callee("models.train", "(rows: list[Row], epochs: int = 3) -> Model")
FIT = callee("models.fit", "(rows: list[Row], epochs: int, learning_rate: float) -> Model")
BEST = callee("models.best", "(models: list[Model]) -> Model")
EVALUATE = callee("models.evaluate", "(model: Model, rows: list[Row]) -> dict[str, float]")
REFINE = callee("models.refine", "(model: Model, scores: dict[str, float]) -> Model")
ASK = callee("p.ask", "(prompt: str) -> str")
REPORT = callee("reports.report", "(scores: dict[str, float], title: str) -> str")


def hello() -> TaskGraph:
    greet = callee("hello.greet", "(name: str) -> str")
    return driver(
        callee("hello.main", "(name: str) -> str"),
        {"name": "str"},
        [task("n0", greet, "str", name=(Input("name"), "str"))],
        out("n0"),
        "str",
    )


def pipeline() -> TaskGraph:
    ask = TraceNode(
        id=NodeId("n4"),
        callee=Callee(
            name="p.ask", module="p", function="ask", environment=None,
            signature="(prompt: str) -> str", is_async=True,
        ),
        inputs=(("prompt", out("n3")),),
        input_types=("str",),
        type="str",
        span=span(14),
    )  # fmt: skip
    return driver(
        PIPELINE,
        {"seed": "int", "rows": "int"},
        [
            task("n0", INGEST, "list[Row]", seed=(Input("seed"), "int"),
                 rows=(Input("rows"), "int")),
            task("n1", TRAIN, "Model", rows=(out("n0"), "list[Row]"), epochs=(Literal(5), "int")),
            task("n2", EVALUATE, "dict[str, float]", model=(out("n1"), "Model"),
                 rows=(out("n0"), "list[Row]")),
            python("n3", 'f"A title for {scores[\'accuracy\']:.0%} of {rows} rows"',
                   scores=out("n2"), rows=Input("rows")),
            ask,
            task("n5", REFINE, "Model", model=(out("n1"), "Model"),
                 scores=(out("n2"), "dict[str, float]")),
            task("n6", REPORT, "str", scores=(out("n2"), "dict[str, float]"),
                 title=(out("n4"), "str")),
        ],
        out("n6"),
        "str",
    )  # fmt: skip


def ingest() -> TaskGraph:
    load = callee("data.load", "(seed: int, shard: int) -> list[Row]")
    return driver(
        INGEST,
        {"seed": "int", "rows": "int"},
        [
            *(task(f"n{i}", load, "list[Row]", seed=(Input("seed"), "int"),
                   shard=(Literal(i), "int")) for i in range(3)),
            PackNode(id=NodeId("n3"), kind=PackKind.GATHER,
                     elements=tuple(out(f"n{i}") for i in range(3)),
                     return_exceptions=False, type="list[list[Row]]", span=span(9)),
            python("n4", "merged = [row for shard in shards for row in shard]\n"
                   "    merged.sort(key=lambda row: row.id)\n    merged = merged[:rows]\n    x = 1",
                   "merged", shards=out("n3"), rows=Input("rows")),
            task("n5", CLEAN, "list[Row]", rows=(out("n4", "merged"), "list[Row]")),
        ],
        out("n5"),
        "list[Row]",
    )  # fmt: skip


def train() -> TaskGraph:
    rates = (0.1, 0.01)
    return driver(
        TRAIN,
        {"rows": "list[Row]", "epochs": "int"},
        [
            *(task(f"n{i}", FIT, "Model", rows=(Input("rows"), "list[Row]"),
                   epochs=(Input("epochs"), "int"), learning_rate=(Literal(rate), "float"))
              for i, rate in enumerate(rates)),
            PackNode(id=NodeId("n2"), kind=PackKind.GATHER, elements=(out("n0"), out("n1")),
                     return_exceptions=False, type="list[Model]", span=span(9)),
            python("n3", 'print("trained", len(rates), "models")', "_"),
            task("n4", BEST, "Model", models=(out("n2"), "list[Model]")),
        ],
        out("n4"),
        "Model",
    )  # fmt: skip


def refine() -> TaskGraph:
    loop = DynamicNode(
        id=NodeId("n0"),
        reason=Reason.LOOP,
        message="a loop that calls `fit` and `evaluate`",
        source="while ...",
        inputs=(("model", Input("model")), ("scores", Input("scores"))),
        outputs=("model",),
        callees=(FIT, EVALUATE),
        returns=False,
        span=span(30),
    )
    return driver(
        REFINE,
        {"model": "Model", "scores": "dict[str, float]"},
        [loop],
        out("n0", "model"),
        "Model",
    )


def program() -> list[TaskGraph]:
    return [pipeline(), ingest(), train(), refine()]


def wide(nodes: int = 60) -> TaskGraph:
    """Layers of ten that each feed the next layer and a gather."""
    half = callee("layer.halve", "(value: int) -> int")
    mix = callee("mixing.mix", "(left: int, right: int) -> int")
    made: list[Node] = []
    for i in range(nodes):
        if i < 10:
            made.append(task(f"n{i}", half, "int", value=(Input("start"), "int")))
            continue
        made.append(
            task(f"n{i}", mix, "int", left=(out(f"n{i - 10}"), "int"),
                 right=(out(f"n{i - 10 + (1 if i % 10 < 9 else 0)}"), "int"))
        )  # fmt: skip
    last = tuple(out(f"n{i}") for i in range(nodes - 10, nodes))
    made.append(
        PackNode(id=NodeId(f"n{nodes}"), kind=PackKind.GATHER, elements=last,
                 return_exceptions=False, type="list[int]", span=span(99))
    )  # fmt: skip
    return driver(
        callee("layer.big", "(start: int) -> list[int]"),
        {"start": "int"},
        made,
        out(f"n{nodes}"),
        "list[int]",
    )


def hostile() -> TaskGraph:
    """Every character that means something to DOT, HTML or Mermaid, and scripts beyond Latin."""
    odd = callee(
        '日本 <env>&"]>.训练🚀', "(préfixe: Literal['a]>', \"b\\\\N\"] = '<b>') -> dict[str, 'X']"
    )
    return driver(
        callee('日本 <env>&"]>.main', "() -> None"),
        {"préfixe": "Literal[']]>', '\\\\N']"},
        [
            task("n0", odd, "dict[str, 'X']", préfixe=(Input("préfixe"), "str | None")),
            python("n1", 'print("<b>]]>&amp; `#;| %%{init}%% end\\n\\N\x00\x1b[31m", x)', "y",
                   x=out("n0")),
        ],
        Literal('Done "\\'),
        "str",
    )  # fmt: skip
