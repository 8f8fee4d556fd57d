"""Started from a shell, with arguments and a log."""

import argparse
import logging
import sys

import flyte

logging.basicConfig(level=logging.INFO, stream=sys.stderr)
log = logging.getLogger(__name__)

env = flyte.TaskEnvironment("shell")


@env.task
async def resize(width: int, height: int, factor: float) -> tuple[int, int]:
    log.info("resizing %dx%d by %s", width, height, factor)
    return int(width * factor), int(height * factor)


@env.task
async def main(width: int, height: int, factor: float = 0.5) -> str:
    log.info("starting")
    width, height = await resize(width, height, factor)
    log.info("done")
    return f"{width}x{height}"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=480)
    parser.add_argument("--remote", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    args = arguments()
    flyte.init_from_config()
    run = flyte.with_runcontext(mode="remote" if args.remote else "local").run(
        main, width=args.width, height=args.height
    )
    print(run.url)
    sys.exit(0 if run.outputs() else 1)
