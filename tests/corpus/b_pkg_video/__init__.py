# drivers:
"""Video processing: probe, split into scenes, transcode and caption, stitch."""
from .envs import driver_env, gpu_env
from .pipeline import process_video, process_library as run_library

__all__ = ["driver_env", "gpu_env", "process_video", "run_library"]
