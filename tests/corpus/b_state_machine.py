# drivers: order_flow, saga, run_graph
"""Two state machines: an order workflow with compensation (saga), and a LangGraph-like agent graph."""
import asyncio
from dataclasses import dataclass, field
from enum import Enum

import flyte

env = flyte.TaskEnvironment("state_machine")


class State(Enum):
    NEW = 1
    RESERVED = 2
    PAID = 3
    SHIPPED = 4
    CANCELLED = 5


@dataclass
class OrderCtx:
    id: str
    total: float
    state: State = State.NEW
    log: list[str] = field(default_factory=list)


class OutOfStock(Exception): ...
class PaymentDeclined(Exception): ...


@env.task
async def reserve(order: str) -> str:
    return "reservation"


@env.task
async def unreserve(order: str) -> None: ...


@env.task(retries=2)
async def charge(order: str, amount: float) -> str:
    if amount > 1000:
        raise PaymentDeclined(order)
    return "payment"


@env.task
async def refund(order: str) -> None: ...


@env.task
async def ship(order: str, express: bool) -> str:
    return "tracking"


@env.task
async def order_flow(id: str, total: float) -> OrderCtx:
    ctx = OrderCtx(id, total)
    while ctx.state not in (State.SHIPPED, State.CANCELLED):
        match ctx.state:
            case State.NEW:
                try:
                    ctx.log.append(await reserve(ctx.id))
                    ctx.state = State.RESERVED
                except OutOfStock:
                    ctx.state = State.CANCELLED
            case State.RESERVED:
                try:
                    ctx.log.append(await charge(ctx.id, ctx.total))
                except PaymentDeclined:
                    await unreserve(ctx.id)
                    ctx.state = State.CANCELLED
                else:
                    ctx.state = State.PAID
            case State.PAID:
                ctx.log.append(await ship(ctx.id, express=ctx.total > 100))
                ctx.state = State.SHIPPED
    return ctx


@env.task
async def saga(id: str, total: float) -> str:
    undo = []
    steps = [(reserve, (id,), unreserve), (charge, (id, total), refund), (ship, (id, False), None)]
    for action, args, compensation in steps:
        try:
            await action(*args)
        except Exception:
            for comp in reversed(undo):
                await comp(id)
            return "compensated"
        if compensation is not None:
            undo.append(compensation)
    return "done"


# -- agent graph ------------------------------------------------------------------------------------

@env.task
async def plan_node(state: dict) -> dict:
    return {**state, "plan": ["a", "b"], "next": "act"}


@env.task
async def act_node(state: dict) -> dict:
    return {**state, "next": "check"}


@env.task
async def check_node(state: dict) -> dict:
    return {**state, "next": "end" if state.get("n", 0) > 2 else "plan", "n": state.get("n", 0) + 1}


class AgentGraph:
    nodes = {"plan": plan_node, "act": act_node, "check": check_node}

    def __init__(self, entry="plan"):
        self.current = entry

    async def step(self, state):
        state = await self.nodes[self.current](state)
        self.current = state["next"]
        return state

    @property
    def finished(self):
        return self.current == "end"


@env.task
async def run_graph(question: str, limit: int = 25) -> dict:
    graph = AgentGraph()
    state = {"question": question}
    for _ in range(limit):
        state = await graph.step(state)
        if graph.finished:
            return state
    raise RecursionError(f"no end after {limit} steps")


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(order_flow, id="o-1", total=20.0)
