"""Graphs to draw, one for each construct that a picture shows, and larger programs."""

from __future__ import annotations

from building import Body, Program, back, callee, driver, give

from flyte_compiler.ir.leaves import FragmentKind, PackKind, Start
from flyte_compiler.ir.model import Break, Continue, End, Stop, TaskGraph
from flyte_compiler.ir.values import Input, Literal, NodeId, Operand, Output, RegionInput

LOAD = callee("data.load", "(shard: int) -> list[Row]")
CLEAN = callee("data.clean", "(rows: list[Row], drop_missing: bool) -> list[Row]")
FIT = callee("models.fit", "(rows: list[Row], rate: float) -> Model")
BEST = callee("models.best", "(models: list[Model]) -> Model")
SCORE = callee("models.score", "(model: Model, rows: list[Row]) -> float")
TUNE = callee("models.tune", "(model: Model) -> Model")
REPORT = callee("reports.report", "(score: float, title: str) -> str")
NOTIFY = callee("reports.notify", "(message: str) -> None")
DEPLOY = callee("models.deploy", "(model: Model) -> str")
ASK = callee("ask", "(prompt: str) -> str")


def part(output: Output, *path: str | int) -> Output:
    return Output(output.node, path)


def hello() -> TaskGraph:
    greet = callee("hello.greet", "(name: str) -> str")
    return driver(
        callee("hello.main", "(name: str) -> str"),
        lambda b: back(b.task(greet, name=Input("name"))),
    )


def guard() -> TaskGraph:
    """A guard clause before the work."""

    def body(b: Body) -> End:
        rows = b.task(LOAD, shard=Input("shard"))
        test = b.python("len(rows) == 0", rows=rows, type_="bool")

        def nothing(arm: Body) -> End:
            arm.task(NOTIFY, message=Literal("no rows"))
            return back(Literal("empty"))

        b.branch(test, ("len(rows) == 0", nothing), ("else", lambda _: give()))
        model = b.task(FIT, rows=rows, rate=Literal(0.1))
        return back(b.task(DEPLOY, model=model))

    return driver(callee("reports.guarded", "(shard: int) -> str"), body)


def choose() -> TaskGraph:
    """`if`, `elif` and `else`, merged."""

    def body(b: Body) -> End:
        rows = b.task(LOAD, shard=Input("shard"))
        small = b.python("n < 100", n=Input("n"), type_="bool")

        def fit(rate: float) -> object:
            return lambda arm: give(model=arm.task(FIT, rows=rows, rate=Literal(rate)))

        def otherwise(arm: Body) -> End:
            middle = arm.python("n < 1000", n=Input("n"), type_="bool")

            def many(inner: Body) -> End:
                clean = inner.task(CLEAN, rows=rows, drop_missing=Literal(True))
                model = inner.task(FIT, rows=clean, rate=Literal(0.001))
                return give(model=inner.task(TUNE, model=model))

            nested = arm.branch(middle, ("n < 1000", fit(0.01)), ("else", many))  # type: ignore[arg-type]
            return give(model=part(nested, "model"))

        chosen = b.branch(small, ("n < 100", fit(0.1)), ("else", otherwise))  # type: ignore[arg-type]
        return back(b.task(SCORE, model=part(chosen, "model"), rows=rows))

    return driver(callee("models.choose", "(shard: int, n: int) -> float"), body)


def carried() -> TaskGraph:
    """A loop that carries a model from turn to turn, and may break."""

    def body(b: Body) -> End:
        model = b.task(FIT, rows=Input("rows"), rate=Literal(0.1))

        def turn(t: Body, element: Operand, carry: object) -> End:
            tuned = t.task(TUNE, model=carry("model"), overrides=(("retries", Literal(3)),))  # type: ignore[operator]
            score = t.task(SCORE, model=tuned, rows=Input("rows"))
            enough = t.python("score > 0.95", score=score)
            t.branch(
                enough,
                ("score > 0.95", lambda _: Break(variables=(("model", tuned),))),
                ("else", lambda _: give()),
            )
            t.task(NOTIFY, message=t.python('f"turn {i}: {score}"', i=element, score=score))
            return Continue(variables=(("model", tuned),))

        count = b.python("range(10)")
        loop = b.for_("i in range(10)", count, turn, model=model)
        return back(b.task(DEPLOY, model=part(loop, "model")))

    return driver(callee("models.improve", "(rows: list[Row]) -> str"), body)


def gathered() -> TaskGraph:
    """A gather over a comprehension."""

    def body(b: Body) -> End:
        shards = b.python("range(shards)", shards=Input("shards"))
        loaded = b.map(
            "shard in range(shards)",
            shards,
            lambda m, x: give(m.task(LOAD, start=Start.DEFERRED, shard=x)),
        )
        merged = b.python("rows = [row for part in loaded for row in part]", "rows", loaded=loaded)
        clean = b.task(CLEAN, rows=part(merged, "rows"), drop_missing=Literal(True))
        return back(clean)

    return driver(callee("data.ingest", "(shards: int) -> list[Row]"), body)


def nested() -> TaskGraph:
    """A map of two calls each, inside a loop."""

    def body(b: Body) -> End:
        def turn(t: Body, rate: Operand, carry: object) -> End:
            def each(m: Body, shard: Operand) -> End:
                rows = m.task(LOAD, shard=shard)
                return give(m.task(FIT, rows=rows, rate=rate))

            models = t.map("shard in shards", Input("shards"), each)
            return Continue(variables=(("best", t.task(BEST, models=models)),))

        loop = b.for_("rate in RATES", b.python("RATES"), turn, best=Literal(None))
        return back(part(loop, "best"))

    return driver(callee("models.search", "(shards: list[int]) -> Model"), body)


def recovered() -> TaskGraph:
    """`try` with a recovery, a handler that gives a constant, and `finally`."""

    def body(b: Body) -> End:
        def tried(t: Body) -> End:
            model = t.task(FIT, rows=Input("rows"), rate=Literal(0.1))
            return give(link=t.task(DEPLOY, model=model))

        def memory(h: Body, _: Operand) -> End:
            model = h.task(
                FIT,
                rows=Input("rows"),
                rate=Literal(0.01),
                overrides=(("resources", h.python('Resources(memory="8Gi")')),),
            )
            return give(link=h.task(DEPLOY, model=model))

        outcome = b.try_(
            tried,
            ("OOMError", memory),
            ("ValueError", lambda h, _: give(link=Literal("none"))),
            final=lambda f: (f.task(NOTIFY, message=Literal("done")), give())[1],
        )
        return back(b.task(REPORT, score=Literal(1.0), title=part(outcome, "link")))

    return driver(callee("reports.release", "(rows: list[Row]) -> str"), body)


def helped() -> TaskGraph:
    """A helper that is called twice, one that is called once, and a recursive one."""
    program = Program()

    def body(b: Body) -> End:
        left = b.helper("h0", "p.prepare", shard=Input("left"))
        right = b.helper("h0", "p.prepare", shard=Input("right"))
        model = b.helper("h1", "p.fit_both", left=left, right=right)
        return back(b.helper("h2", "p.refine", model=model, depth=Literal(3)))

    def prepare(b: Body) -> End:
        rows = b.task(LOAD, shard=RegionInput(NodeId("h0"), "shard"))
        return back(b.task(CLEAN, rows=rows, drop_missing=Literal(True)))

    def fit_both(b: Body) -> End:
        fits = [
            b.task(FIT, rows=RegionInput(NodeId("h1"), name), rate=Literal(0.1))
            for name in ("left", "right")
        ]
        return back(b.task(BEST, models=b.pack(PackKind.LIST, *fits)))

    def refine(b: Body) -> End:
        depth = RegionInput(NodeId("h2"), "depth")
        tuned = b.task(TUNE, model=RegionInput(NodeId("h2"), "model"))
        done = b.python("depth == 0", depth=depth)
        b.branch(done, ("depth == 0", lambda _: back(tuned)), ("else", lambda _: give()))
        less = b.python("depth - 1", depth=depth)
        return back(b.helper("h2", "p.refine", model=tuned, depth=less))

    graph = driver(callee("models.both", "(left: int, right: int) -> Model"), body, program)
    program.define("prepare", "(shard: int) -> list[Row]", prepare)
    program.define("fit_both", "(left: list[Row], right: list[Row]) -> Model", fit_both)
    program.define("refine", "(model: Model, depth: int) -> Model", refine)
    from dataclasses import replace

    return replace(graph, helpers=tuple(program.helpers))


def worker() -> TaskGraph:
    """A nested function that takes a semaphore, gathered over a list."""
    program = Program()

    def body(b: Body) -> End:
        lock = b.python("limit = asyncio.Semaphore(4)", "limit", kind=FragmentKind.EFFECT)
        limit = part(lock, "limit")
        results = b.map(
            "shard in shards",
            Input("shards"),
            lambda m, x: give(
                m.helper("h0", "p.main.<locals>.one", start=Start.DEFERRED, shard=x, limit=limit)
            ),
        )
        return back(results)

    def one(b: Body) -> End:
        def inside(w: Body) -> End:
            rows = w.task(LOAD, shard=RegionInput(NodeId("h0"), "shard"))
            return back(w.task(CLEAN, rows=rows, drop_missing=Literal(False)))

        b.with_("limit", RegionInput(NodeId("h0"), "limit"), inside)
        return Stop()

    from dataclasses import replace

    graph = driver(callee("data.bounded", "(shards: list[int]) -> list[list[Row]]"), body, program)
    program.define("main.<locals>.one", "(shard: int) -> list[Row]", one, captures=("limit",))
    return replace(graph, helpers=tuple(program.helpers))


def deferred() -> TaskGraph:
    """Coroutines kept in variables, awaited later and gathered."""

    def body(b: Body) -> End:
        first = b.task(LOAD, start=Start.DEFERRED, shard=Literal(0))
        second = b.task(LOAD, start=Start.DEFERRED, shard=Literal(1))
        third = b.task(LOAD, start=Start.DEFERRED, shard=Literal(2))
        both = b.gather(first, second)
        b.python('print("waiting")', kind=FragmentKind.OUTPUT)
        merged = b.python("a + b", "rows", a=part(both, 0), b=part(both, 1))
        waited = b.wait(third)
        clean = b.task(CLEAN, rows=waited, drop_missing=Literal(True))
        model = b.task(FIT, rows=part(merged, "rows"), rate=Literal(0.1))
        return back(b.task(SCORE, model=model, rows=clean))

    return driver(callee("models.overlap", "() -> float"), body)


def grouped() -> TaskGraph:
    """A group, a `while`, a match on a value callee, and a `raise`."""
    from flyte_compiler.ir.model import Choice
    from flyte_compiler.ir.values import ValueCallee

    def body(b: Body) -> End:
        def inside(w: Body) -> End:
            rows = w.task(LOAD, shard=Literal(1))
            return give(rows=w.task(CLEAN, rows=rows, drop_missing=Literal(True)))

        manager = b.python('flyte.group("prepare")')
        group = b.with_('group "prepare"', manager, inside, group=Literal("prepare"))
        rows = part(group, "rows")
        which = b.python("match kind", k=Input("kind"))
        chosen = ValueCallee(operand=Input("kind"), text="HANDLERS[kind]", candidates=(FIT, TUNE))

        def bad(arm: Body) -> End:
            arm.python('raise ValueError(f"unknown {kind}")', decides=True, kind=Input("kind"))  # type: ignore[arg-type]
            return Stop()

        picked = b.branch(
            which,
            ('"fit"', lambda a: give(model=a.task(FIT, rows=rows, rate=Literal(0.1)))),
            ('"own"', lambda a: give(model=a.task(chosen, rows=rows))),
            (
                "_",
                lambda a: (
                    a.python("raise ValueError(kind)", decides=True, k=Input("kind")),
                    Stop(),
                )[1],
            ),
            choice=Choice.INDEX,
        )

        def test(t: Body, carry: object) -> End:
            score = t.task(SCORE, model=carry("model"), rows=rows)  # type: ignore[operator]
            return give(t.python("score < 0.9", score=score), model=carry("model"))  # type: ignore[operator]

        def turn(t: Body, carry: object) -> End:
            return Continue(variables=(("model", t.task(TUNE, model=carry("model"))),))  # type: ignore[operator]

        loop = b.while_("await score(model, rows) < 0.9", test, turn, model=part(picked, "model"))
        return back(part(loop, "model"))

    return driver(callee("models.train", "(kind: str) -> Model"), body)


def etl() -> TaskGraph:
    """Everything at once, as a real pipeline reads."""

    def body(b: Body) -> End:
        config = b.python(
            "config = read_config(path)", "config", path=Input("path"), kind=FragmentKind.EFFECT
        )
        b.python('log.info("starting")', kind=FragmentKind.OUTPUT)
        shards = b.python("config.shards", config=part(config, "config"))

        def shard(m: Body, x: Operand) -> End:
            rows = m.task(LOAD, shard=x)
            dirty = m.python("any(row.bad for row in rows)", rows=rows)
            arm = m.branch(
                dirty,
                (
                    "any(row.bad for row in rows)",
                    lambda a: give(rows=a.task(CLEAN, rows=rows, drop_missing=Literal(True))),
                ),
                ("else", lambda _: give(rows=rows)),
            )
            return give(part(arm, "rows"))

        loaded = b.map("shard in config.shards", shards, shard)
        merged = b.python("rows = list(chain(*loaded))", "rows", loaded=loaded)
        rows = part(merged, "rows")
        b.branch(
            b.python("not rows", rows=rows),
            (
                "not rows",
                lambda a: (a.task(NOTIFY, message=Literal("empty")), back(Literal("empty")))[1],
            ),
            ("else", lambda _: give()),
        )
        fits = b.map(
            "rate in RATES",
            b.python("RATES"),
            lambda m, r: give(m.task(FIT, start=Start.DEFERRED, rows=rows, rate=r)),
        )
        best = b.task(BEST, models=fits)
        title = b.trace(ASK, prompt=b.python('f"title for {best.name}"', best=best))
        score = b.task(SCORE, model=best, rows=rows)

        def release(t: Body) -> End:
            return give(link=t.task(DEPLOY, model=best))

        out = b.try_(
            release,
            (
                "TimeoutError",
                lambda h, _: (h.task(NOTIFY, message=Literal("slow")), give(link=Literal("")))[1],
            ),
        )
        report = b.task(REPORT, score=score, title=title)
        result = b.python('f"{report} {link}"', report=report, link=part(out, "link"))
        b.task(NOTIFY, message=result)
        return back(result)

    return driver(callee("reports.pipeline", "(path: str) -> str"), body)


def refine() -> TaskGraph:
    """A driver with a node that can't be compiled."""

    def body(b: Body) -> End:
        loop = b.dynamic(
            "a loop that calls `fit` and `score`",
            "model",
            callees=(FIT, SCORE),
            model=Input("model"),
            scores=Input("scores"),
        )
        return back(part(loop, "model"))

    signature = "(model: Model, scores: dict[str, float]) -> Model"
    return driver(callee("models.refine", signature), body)


def program() -> list[TaskGraph]:
    """Drivers that call each other."""
    ingest = gathered()
    release = recovered()

    def body(b: Body) -> End:
        rows = b.task(ingest.task, shards=Literal(8))
        again = b.task(
            refine().task, model=b.task(FIT, rows=rows, rate=Literal(0.1)), scores=Input("scores")
        )
        b.task(NOTIFY, message=Literal("ready"))
        del again
        return back(b.task(release.task, rows=rows))

    main = driver(callee("reports.main", "(scores: dict[str, float]) -> str"), body)
    return [main, ingest, release, refine()]


def wide(nodes: int = 60) -> TaskGraph:
    """Layers of ten that each feed the next layer and a gather."""
    half = callee("layer.halve", "(value: int) -> int")
    mix = callee("mixing.mix", "(left: int, right: int) -> int")

    def body(b: Body) -> End:
        made: list[Output] = []
        for i in range(nodes):
            if i < 10:
                made.append(b.task(half, value=Input("start")))
                continue
            made.append(b.task(mix, left=made[i - 10], right=made[i - 10 + (i % 10 < 9)]))
        return back(b.gather(*made[-10:]))

    return driver(callee("layer.big", "(start: int) -> list[int]"), body)


def hostile() -> TaskGraph:
    """Every character that means something to DOT, HTML or Mermaid, and scripts beyond Latin."""
    from dataclasses import replace

    from flyte_compiler.ir.model import Parameter

    odd = replace(
        callee('日本 <env>&"]>.训练🚀'),
        signature="(préfixe: Literal['a]>', \"b\\\\N\"] = '<b>') -> dict[str, 'X']",
    )

    def body(b: Body) -> End:
        x = b.task(callee("x.y", "(a: int) -> int"), a=Input("préfixe"))
        del x
        value = b.task(odd, préfixe=Input("préfixe"))
        b.python(
            'show("</script><!--<b>]]>&amp; `#;| %%{init}%% end\\n\\N\x00\x1b[31m", x)',
            "y",
            x=value,
        )
        return back(Literal('Done "\\'))

    graph = driver(callee('日本 <env>&"]>.main', "() -> str"), body)
    return replace(graph, parameters=(Parameter(name="préfixe", type="Literal[']]>', '\\\\N']"),))
