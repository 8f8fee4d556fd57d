"""Trains a small network, keeps its state in a folder."""

from pathlib import Path
from tempfile import mkdtemp

import flyte
import torch
from flyte.io import Dir
from torch import nn

env = flyte.TaskEnvironment(
    "torch-training",
    image=flyte.Image.from_debian_base(python_version=(3, 12)).with_pip_packages("torch"),
    resources=flyte.Resources(cpu=4, memory="16Gi", gpu=1),
)


class Network(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, x):
        return self.layers(x)


@env.task(timeout=3600, retries=3)
def train(width: int, epochs: int, lr: float = 1e-3) -> Dir:
    torch.manual_seed(0)
    model = Network(width)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        x = torch.randn(64, 2)
        y = x.sum(dim=1, keepdim=True)
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if epoch % 10 == 0:
            print(f"epoch {epoch} loss {loss.item():.4f}")
    folder = Path(mkdtemp())
    torch.save(model.state_dict(), folder / "state.pt")
    return Dir.from_local_sync(str(folder))


@env.task
def evaluate(model: Dir, width: int) -> float:
    folder = model.download_sync()
    network = Network(width)
    network.load_state_dict(torch.load(Path(folder) / "state.pt"))
    network.eval()
    with torch.no_grad():
        return float(network(torch.ones(1, 2)).item())


@env.task
def main(widths: list[int], epochs: int = 20) -> dict[int, float]:
    results = {}
    for width in widths:
        model = train(width, epochs)
        results[width] = evaluate(model, width)
    return results
