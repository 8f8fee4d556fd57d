# drivers: make_thumbnails, gallery, nightly_galleries
import asyncio
import flyte

# thumbnails for the web shop. nothing fancy

env = flyte.TaskEnvironment(
    name="thumbs",
    image=flyte.Image.from_debian_base().with_pip_packages("pillow", "boto3"),
    resources=flyte.Resources(cpu=1, memory="512Mi"),
)

BUCKET = "shop-images"


@env.task
async def list_keys(prefix: str) -> list[str]:
    import boto3

    s3 = boto3.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
    return [o["Key"] for p in pages for o in p.get("Contents", [])]


@env.task
async def thumbnail(key: str, width: int = 200) -> str:
    from PIL import Image

    im = Image.open(f"/mnt/{BUCKET}/{key}")
    im.thumbnail((width, width))
    out = key.replace("orig/", f"thumb{width}/")
    im.save(f"/mnt/{BUCKET}/{out}")
    return out


@env.task
async def html(keys: list[str], title: str) -> str:
    imgs = "".join(f"<img src='{k}'>" for k in keys)
    return f"<h1>{title}</h1>{imgs}"


@env.task
async def upload(page: str, name: str) -> str:
    return f"https://shop/{name}.html"


@env.task
async def make_thumbnails(prefix: str, widths: list[int] = [100, 200]) -> list[str]:
    keys = await list_keys(prefix)
    tasks = []
    for key in keys:
        if not key.lower().endswith((".jpg", ".png")):
            continue
        for w in widths:
            tasks.append(thumbnail(key, w))
    thumbs = await asyncio.gather(*tasks)
    print(f"{len(thumbs)} thumbnails")
    return thumbs


@env.task
async def gallery(prefix: str) -> str:
    thumbs = await make_thumbnails(prefix)
    page = await html(thumbs, title=prefix.strip("/").title())
    return await upload(page, name=prefix.replace("/", "-"))


@env.task
async def nightly_galleries(prefixes: list[str]) -> list[str]:
    urls = []
    for prefix in prefixes:
        try:
            url = await gallery(prefix)
        except Exception as e:
            print("gallery failed", prefix, e)
            url = ""
        urls.append(url)
    return urls


if __name__ == "__main__":
    flyte.init_from_config()
    r = flyte.run(nightly_galleries, prefixes=["orig/shoes/", "orig/hats/"])
    print(r.name)
