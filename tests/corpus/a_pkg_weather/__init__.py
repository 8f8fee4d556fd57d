# drivers:
from .pipeline import daily, hindcast
from .tasks import env

__all__ = ["daily", "env", "hindcast"]
