# drivers: run_checks
import asyncio
import shlex

import flyte

shell_env = flyte.TaskEnvironment("agent_shell", resources=flyte.Resources(cpu=2, memory="2Gi"))

ALLOWED = ("ls", "grep", "pytest", "ruff", "mypy")


@shell_env.task(timeout=300)
async def run_shell(command: str) -> str:
    argv = shlex.split(command)
    if not argv or argv[0] not in ALLOWED:
        return f"not allowed: {command}"
    proc = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    out, _ = await proc.communicate()
    return out.decode()


@shell_env.task
async def run_checks(path: str) -> dict[str, str]:
    commands = {"lint": f"ruff check {path}", "types": f"mypy {path}", "tests": f"pytest -q {path}"}
    outputs = await asyncio.gather(*(run_shell(c) for c in commands.values()))
    return dict(zip(commands, outputs))
