"""Upstream's `flyte.git`: its names are there for programs that import it, and say so."""

from __future__ import annotations

from flyte._absent import absent_module

__getattr__ = absent_module(__name__)
