# drivers:
from .align import align, env as align_env
from .call import mutect, strelka
from .call import env as call_env

CALLERS = {"mutect": mutect, "strelka": strelka}

__all__ = ["CALLERS", "align", "align_env", "call_env", "mutect", "strelka"]
