# drivers:
import json
import subprocess

from ..envs import cpu_env
from ..models import Scene, Unplayable, VideoInfo


@cpu_env.task(retries=2)
def probe(path: str) -> VideoInfo:
    cmd = ["ffprobe", "-v", "quiet", "-print_format", "json", "-show_streams", path]
    out = subprocess.run(cmd, capture_output=True, check=False)
    if out.returncode:
        raise Unplayable(path)
    streams = json.loads(out.stdout)["streams"]
    video = next(s for s in streams if s["codec_type"] == "video")
    return VideoInfo(
        path=path,
        seconds=float(video["duration"]),
        width=video["width"],
        height=video["height"],
        has_audio=any(s["codec_type"] == "audio" for s in streams),
    )


@cpu_env.task
def detect_scenes(info: VideoInfo, threshold: float = 0.4) -> list[Scene]:
    step = 30.0
    n = int(info.seconds // step) + 1
    return [Scene(index=i, start=i * step, end=min(info.seconds, (i + 1) * step)) for i in range(n)]
