# drivers:
from pathlib import Path

import flyte

files_env = flyte.TaskEnvironment("agent_files")


@files_env.task
async def list_files(root: str) -> str:
    return "\n".join(str(p) for p in Path(root).rglob("*.py"))


@files_env.task
async def read_file(path: str) -> str:
    return Path(path).read_text(errors="replace")


@files_env.task
async def write_file(spec: str) -> str:
    path, _, body = spec.partition("\n")
    Path(path).write_text(body)
    return f"wrote {len(body)} characters"
