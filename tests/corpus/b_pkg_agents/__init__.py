# drivers:
"""A little team of agents; see `team.py` for the entry point."""
from .team import run_team
from .roles import Role
