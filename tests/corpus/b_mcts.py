# drivers: simulate_batch, mcts, play_game
"""Monte Carlo tree search with the rollouts as tasks. The tree lives in the driver."""
import asyncio
import math
import random

import flyte

worker = flyte.TaskEnvironment(
    "mcts_worker",
    resources=flyte.Resources(cpu=1, memory="256Mi"),
    reusable=flyte.ReusePolicy(replicas=4, concurrency=8),
)
driver = flyte.TaskEnvironment("mcts_driver", depends_on=[worker])


class TreeNode:
    def __init__(self, state, parent=None, move=None):
        self.state = state
        self.parent = parent
        self.move = move
        self.children = []
        self.visits = 0
        self.value = 0.0

    def ucb(self, c=1.4):
        if self.visits == 0:
            return math.inf
        return self.value / self.visits + c * math.sqrt(math.log(self.parent.visits) / self.visits)

    def best_child(self):
        return max(self.children, key=lambda ch: ch.ucb())

    def backprop(self, reward):
        node = self
        while node is not None:
            node.visits += 1
            node.value += reward
            node = node.parent


def legal_moves(state: list[int]) -> list[int]:
    return [i for i, v in enumerate(state) if v == 0]


def apply_move(state: list[int], move: int, player: int) -> list[int]:
    new = list(state)
    new[move] = player
    return new


@worker.task
def rollout(state: list[int], seed: int) -> float:
    rng = random.Random(seed)
    player = 1
    while moves := legal_moves(state):
        state = apply_move(state, rng.choice(moves), player)
        player = -player
    return float(sum(state[:3]) > 0)


@driver.task
async def simulate_batch(state: list[int], n: int, seed: int) -> float:
    rewards = await asyncio.gather(*[rollout.aio(state, seed * 1000 + i) for i in range(n)])
    return sum(rewards) / len(rewards)


@driver.task
async def mcts(state: list[int], iterations: int = 50, seed: int = 0) -> int:
    root = TreeNode(state)
    for it in range(iterations):
        node = root
        while node.children:
            node = node.best_child()
        if node.visits:
            for m in legal_moves(node.state):
                node.children.append(TreeNode(apply_move(node.state, m, 1), node, m))
            if node.children:
                node = node.children[0]
        reward = await simulate_batch(node.state, 8, seed + it)
        node.backprop(reward)
    if not root.children:
        return legal_moves(state)[0]
    return max(root.children, key=lambda c: c.visits).move


@driver.task
async def play_game(seed: int = 7) -> list[int]:
    board = [0] * 9
    player = 1
    while True:
        moves = legal_moves(board)
        if not moves:
            break
        move = moves[0] if len(moves) == 1 else await mcts(board, seed=seed)
        board = apply_move(board, move, player)
        player *= -1
    return board


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(play_game, seed=1)
    run.wait()
