"""Plans are made from graphs made by hand, and from lowered programs: the support for those lies
beside the tests of graphs and of lowering."""

from __future__ import annotations

import sys
from pathlib import Path

for beside in ("ir", "lower"):
    sys.path.insert(0, str(Path(__file__).parent.parent / beside))
