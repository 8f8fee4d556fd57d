# drivers:
from .analyse import detect_scenes, probe
from .encode import caption, stitch, transcode

__all__ = ["caption", "detect_scenes", "probe", "stitch", "transcode"]
