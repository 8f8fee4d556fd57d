from .pipeline import main as main
