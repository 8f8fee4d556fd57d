# drivers:
import subprocess

from ..envs import cpu_env, gpu_env
from ..models import Codec, Rendition, Scene, VideoInfo


@gpu_env.task(timeout=1800)
def transcode(info: VideoInfo, scene: Scene, codec: Codec) -> Rendition:
    target = f"/tmp/{scene.index:04d}.{codec.value}.mp4"
    subprocess.check_call(["ffmpeg", "-ss", str(scene.start), "-to", str(scene.end), "-i", info.path, target])
    return Rendition(scene=scene, codec=codec, path=target)


@gpu_env.task
def caption(info: VideoInfo, scene: Scene) -> list[str]:
    from faster_whisper import WhisperModel

    segments, _ = WhisperModel("small").transcribe(info.path, clip_timestamps=[scene.start, scene.end])
    return [s.text for s in segments]


@cpu_env.task
def stitch(parts: list[Rendition]) -> str:
    listing = "\n".join(f"file {p.path}" for p in sorted(parts, key=lambda p: p.scene.index))
    with open("/tmp/list.txt", "w") as f:
        f.write(listing)
    return "/tmp/out.mp4"
