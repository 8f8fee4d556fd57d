"""Images as data: `image` has the builders, `layers` what they make, `content` its digest."""

from flyte._image.image import Architecture, Image

__all__ = ["Architecture", "Image"]
