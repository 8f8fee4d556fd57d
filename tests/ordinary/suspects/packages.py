"""Imports whose package has another name, or comes with another one."""

import flyte
import yaml
from dateutil import parser

image = flyte.Image.from_debian_base().with_pip_packages(
    "PyYAML>=6",
    "python-dateutil",
    "opencv-python-headless==4.10.0.84",
    "beautifulsoup4",
    "Pillow",
    "scikit_learn[extra]~=1.5",
    "pandas",
    "google-cloud-storage",
    "git+https://github.com/me/mytool.git",
)
env = flyte.TaskEnvironment("packages", image=image)
plain = flyte.TaskEnvironment("plain", depends_on=[env])


@env.task
async def read(text: str) -> dict[str, str]:
    import cv2
    import numpy as np
    from bs4 import BeautifulSoup
    from google.cloud import storage
    from PIL import Image
    from sklearn import svm

    kinds = [cv2, np, BeautifulSoup, storage, Image, svm]
    return {**yaml.safe_load(text), "kinds": str(len(kinds))}


@env.task
async def day(text: str) -> str:
    import mytool

    return mytool.fix(parser.parse(text).isoformat())


@plain.task
async def check(address: str) -> str:
    import pydantic
    import fsspec
    import click

    return f"{address} {pydantic.VERSION} {fsspec.__version__} {click.__name__}"


@plain.task
async def main(text: str) -> str:
    values = await read(text)
    return await check(await day(values["day"]))
