"""`flyte.logger` for tasks, `flyte.system_logger` for what runs them."""

from __future__ import annotations

import logging

logger = logging.getLogger("flyte.user")
system_logger = logging.getLogger("flyte")
