# drivers: ocr_document, process_inbox, reprocess_failures
"""PDF -> pages -> OCR -> fields, with a fall-back to the cloud engine for bad pages."""
import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import flyte
from flyte.io import Dir, File

env = flyte.TaskEnvironment(
    name="ocr",
    image=flyte.Image.from_debian_base(python_version=(3, 12)).with_apt_packages("tesseract-ocr", "poppler-utils"),
)


@dataclass
class Page:
    number: int
    text: str
    confidence: float


@dataclass
class Document:
    source: str
    pages: list[Page] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    needs_review: bool = False


class OcrFailed(RuntimeError):
    pass


@env.task
async def split_pages(pdf: File) -> list[File]:
    import pdf2image

    return [pdf for _ in pdf2image.convert_from_path(pdf.path)]


@env.task(cache="auto")
async def tesseract(page: File, number: int, lang: str = "eng") -> Page:
    return Page(number, "lorem", 0.8)


@flyte.trace
async def cloud_ocr(page: File, number: int) -> Page:
    """Costs money, hence the trace: don't pay twice on a retry."""
    return Page(number, "lorem ipsum", 0.99)


@env.task
async def extract_fields(text: str) -> dict[str, str]:
    return {"invoice_no": "42"}


@env.task
async def list_inbox(inbox: Dir) -> list[File]:
    return [f async for f in inbox.walk()]


@env.task
async def ocr_document(pdf: File, lang: str = "eng", min_conf: float = 0.6) -> Document:
    doc = Document(source=pdf.path)

    async def one(i: int, page: File) -> Page:
        result = await tesseract(page, i, lang)
        if result.confidence >= min_conf:
            return result
        return await cloud_ocr(page, i)

    files = await split_pages(pdf)
    doc.pages = list(await asyncio.gather(*[one(i, p) for i, p in enumerate(files, start=1)]))
    full = "\f".join(p.text for p in doc.pages)
    doc.fields = await extract_fields(full)
    doc.needs_review = "total" not in doc.fields or any(p.confidence < 0.5 for p in doc.pages)
    return doc


@env.task
async def process_inbox(inbox: Dir, lang: str = "eng") -> tuple[list[Document], list[str]]:
    files = await list_inbox(inbox)
    pdfs = [f for f in files if Path(f.path).suffix.lower() == ".pdf"]
    docs, failed = [], []
    async for outcome in flyte.map.aio(ocr_document, pdfs, [lang] * len(pdfs), group_name="ocr", concurrency=20):
        match outcome:
            case Document(needs_review=False):
                docs.append(outcome)
            case Document(source=src):
                failed.append(src)
            case Exception() as e:
                print(f"failed: {e}")
    return docs, failed


@env.task
async def reprocess_failures(inbox: Dir, langs: list[str]) -> int:
    recovered = 0
    _, failed = await process_inbox(inbox)
    for src in failed:
        for lang in langs:
            doc = await ocr_document(File(path=src), lang=lang, min_conf=0.9)
            if not doc.needs_review:
                recovered += 1
                break
        else:
            raise OcrFailed(f"{src}: tried {', '.join(langs)}")
    return recovered
