# drivers:
from b_pkg_rl.train import train_policy, evaluate_policy
