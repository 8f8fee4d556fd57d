"""`flyte`, called in this process."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from flyte.cli.app import flyte


def call(*words: object) -> Result:
    """What the command prints and returns."""
    return CliRunner().invoke(flyte, [str(word) for word in words])


def report(*words: object) -> Any:
    """What it prints as JSON, when it succeeds."""
    result = call("-of", "json", *words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
