from flyte._image.image import Architecture as Architecture
from flyte._image.image import Image as Image
