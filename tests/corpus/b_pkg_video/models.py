# drivers:
"""Values which pass between the stages."""
from __future__ import annotations

from enum import Enum

from pydantic import BaseModel, Field


class Codec(str, Enum):
    H264 = "h264"
    AV1 = "av1"


class VideoInfo(BaseModel):
    path: str
    seconds: float
    width: int
    height: int
    has_audio: bool = True

    @property
    def is_hd(self) -> bool:
        return self.height >= 720


class Scene(BaseModel):
    index: int
    start: float
    end: float

    def __len__(self) -> int:
        return int(self.end - self.start)


class Rendition(BaseModel):
    scene: Scene
    codec: Codec
    path: str
    captions: list[str] = Field(default_factory=list)


class Unplayable(Exception):
    """The file is no video we can read."""
