# drivers: render_scene, process_video, process_library
"""The drivers of the video package."""
import asyncio
import logging

import flyte
from flyte.errors import OOMError

from . import stages
from .envs import driver_env as env
from .models import Codec, Rendition, Scene, Unplayable, VideoInfo
from .stages import detect_scenes as find_scenes, probe
from .stages.encode import caption

log = logging.getLogger(__name__)


async def transcode_with_fallback(info: VideoInfo, scene: Scene, codec: Codec) -> Rendition:
    """Once more with more memory, then with the cheaper codec."""
    try:
        return await stages.transcode.aio(info, scene, codec)
    except OOMError:
        log.warning("scene %d ran out of memory", scene.index)
    bigger = flyte.Resources(cpu=8, memory="64Gi", gpu="T4:1")
    try:
        return await stages.transcode.override(resources=bigger).aio(info, scene, codec)
    except OOMError as e:
        if codec is Codec.H264:
            raise RuntimeError(f"scene {scene.index} can't be transcoded") from e
        return await stages.transcode.aio(info, scene, Codec.H264)


@env.task
async def render_scene(info: VideoInfo, scene: Scene, codec: Codec) -> Rendition:
    if info.has_audio:
        rendition, lines = await asyncio.gather(
            transcode_with_fallback(info, scene, codec), caption.aio(info, scene)
        )
        rendition.captions = lines
    else:
        rendition = await transcode_with_fallback(info, scene, codec)
    return rendition


@env.task
async def process_video(path: str, codec: Codec = Codec.AV1, max_scenes: int | None = None) -> str:
    info = await probe.aio(path)
    scenes = await find_scenes.aio(info, threshold=0.4 if info.is_hd else 0.6)
    scenes = [s for s in scenes if len(s) > 0][:max_scenes]
    with flyte.group("render"):
        parts = await asyncio.gather(*[render_scene(info, s, codec) for s in scenes])
    return await stages.stitch.aio(list(parts))


@env.task
async def process_library(paths: list[str]) -> dict[str, str]:
    done: dict[str, str] = {}
    broken = []
    limit = asyncio.Semaphore(4)

    async def one(path):
        async with limit:
            try:
                done[path] = await process_video(path)
            except Unplayable:
                broken.append(path)

    async with asyncio.TaskGroup() as tg:
        for p in paths:
            tg.create_task(one(p))
    if len(broken) > len(paths) / 2:
        raise RuntimeError(f"{len(broken)} of {len(paths)} could not be played")
    return done
