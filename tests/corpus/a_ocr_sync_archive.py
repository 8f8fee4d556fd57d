# drivers: digitise_box, digitise, index_names
# Digitising a paper archive. Sync tasks, async driver calls them plainly or with .aio (mixed, on purpose).
import asyncio
import os
import re
from collections import defaultdict
from typing import Dict, List, Optional

import flyte
import pytesseract
from flyte.io import Dir, File

env = flyte.TaskEnvironment(
    name="archive",
    image=flyte.Image.from_dockerfile("Dockerfile", registry="ghcr.io/acme", name="archive"),
    resources=flyte.Resources(cpu=2, memory="2Gi", disk="20Gi"),
)

BOXES = os.getenv("BOXES", "1,2,3").split(",")


@env.task
def scan_list(box: str) -> List[str]:
    return sorted(os.listdir(f"/scans/{box}"))


@env.task
def deskew(path: str) -> str:
    return path


@env.task
def ocr(path: str, lang: str = "nld") -> str:
    return pytesseract.image_to_string(path, lang=lang)


@env.task
def detect_language(text: str) -> str:
    return "nld"


@env.task
def find_names(text: str) -> List[str]:
    return re.findall(r"[A-Z][a-z]+ [A-Z][a-z]+", text)


@env.task
def write_index(index: Dict[str, List[str]]) -> str:
    return "/scans/index.json"


@env.task
async def digitise_box(box: str, limit: Optional[int] = None) -> Dict[str, str]:
    texts: Dict[str, str] = {}
    for path in (await scan_list.aio(box))[:limit]:
        straight = await deskew.aio(path)
        text = await ocr.aio(straight)
        lang = await detect_language.aio(text)
        if lang != "nld":
            text = await ocr.aio(straight, lang=lang)
        texts[path] = text
    return texts


@env.task
async def digitise(boxes: List[str] = BOXES) -> Dict[str, str]:
    out: Dict[str, str] = {}
    jobs = [digitise_box(b) for b in boxes]
    for part in await asyncio.gather(*jobs):
        out.update(part)
    return out


@env.task
async def index_names(boxes: List[str], min_count: int = 2) -> str:
    texts = await digitise(boxes)
    index: Dict[str, List[str]] = defaultdict(list)
    names = await asyncio.gather(*(find_names.aio(t) for t in texts.values()))
    for path, found in zip(texts, names):
        for name in set(found):
            index[name].append(path)
    index = {k: v for k, v in index.items() if len(v) >= min_count}
    # small, so a plain blocking call is fine
    return write_index(index)


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(index_names, boxes=BOXES)
