from pathlib import Path
from typing import Any

from flyte._config import Config as Config

def auto(config_file: str | Path | None = None) -> Config: ...
def get_config_file(c: str | Path | None) -> Any: ...
