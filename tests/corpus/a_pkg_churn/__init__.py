# drivers:
"""Churn model: data -> features -> train -> report."""
from .features import build_features, FeatureSpec
from .train import train_all as train

__all__ = ["FeatureSpec", "build_features", "train"]
__version__ = "0.3.1"
