# drivers: fix_until_green, generate_module, generate_project
"""Code generation with a sandboxed test loop: write, run the tests, feed the failure back."""
import asyncio
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import flyte
from pydantic import BaseModel

llm_env = flyte.TaskEnvironment(name="codegen_llm")
sandbox_env = flyte.TaskEnvironment(
    name="codegen_sandbox",
    image=flyte.Image.from_debian_base().with_pip_packages("pytest"),
    resources=flyte.Resources(cpu=1, memory="1Gi"),
)
env = flyte.TaskEnvironment(name="codegen", depends_on=[llm_env, sandbox_env])


class TestRun(BaseModel):
    passed: bool
    output: str
    duration: float = 0.0


class Generated(BaseModel):
    spec: str
    code: str
    tests: str
    attempts: int


class GaveUp(Exception):
    def __init__(self, spec, last):
        super().__init__(f"gave up on {spec}")
        self.last = last


@llm_env.task(retries=flyte.RetryStrategy(count=3))
async def write_code(spec: str, previous: str | None = None, error: str | None = None) -> str:
    return textwrap.dedent("""
        def answer():
            return 42
    """)


@llm_env.task
async def write_tests(spec: str) -> str:
    return "def test_answer():\n    from solution import answer\n    assert answer() == 42\n"


@sandbox_env.task(timeout=120)
def run_tests(code: str, tests: str) -> TestRun:
    with tempfile.TemporaryDirectory() as d:
        Path(d, "solution.py").write_text(code)
        Path(d, "test_solution.py").write_text(tests)
        p = subprocess.run([sys.executable, "-m", "pytest", "-q", d], capture_output=True, text=True)
    return TestRun(passed=p.returncode == 0, output=p.stdout[-4000:])


@env.task
async def fix_until_green(spec: str, code: str, tests: str, max_attempts: int = 5) -> Generated:
    attempt = 1
    result = await run_tests.aio(code, tests)
    while not result.passed:
        if attempt >= max_attempts:
            raise GaveUp(spec, result.output)
        attempt += 1
        code = await write_code(spec, previous=code, error=result.output)
        result = await run_tests.aio(code=code, tests=tests)
    return Generated(spec=spec, code=code, tests=tests, attempts=attempt)


@env.task
async def generate_module(spec: str) -> Generated:
    code, tests = await asyncio.gather(write_code(spec), write_tests(spec))
    try:
        return await fix_until_green(spec, code, tests)
    except GaveUp as e:
        print("first try failed, rewriting the tests", e)
        tests = await write_tests(spec + "\n(simpler)")
        return await fix_until_green(spec, code, tests, max_attempts=2)


@env.task
async def generate_project(specs: list[str], fail_fast: bool = False) -> list[Generated]:
    results = await asyncio.gather(
        *[generate_module(s) for s in specs],
        return_exceptions=not fail_fast,
    )
    good, bad = [], []
    for spec, r in zip(specs, results):
        (bad if isinstance(r, Exception) else good).append((spec, r))
    if bad:
        print(f"{len(bad)} of {len(specs)} specs failed: {[s for s, _ in bad]}")
    return [r for _, r in good]


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(generate_project, specs=["a function that returns 42"])
    run.wait()
