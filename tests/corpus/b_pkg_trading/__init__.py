# drivers:
from .backtest import backtest as run_backtest, env
from .sweep import walk_forward
