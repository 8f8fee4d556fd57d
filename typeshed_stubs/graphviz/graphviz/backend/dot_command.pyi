from pathlib import Path

DOT_BINARY: Path
