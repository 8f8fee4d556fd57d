# drivers:
import argparse
from datetime import datetime

import flyte

from . import daily
from .models import Station


def main() -> None:
    parser = argparse.ArgumentParser(prog="weather")
    parser.add_argument("--at", type=datetime.fromisoformat)
    parser.add_argument("--local", action="store_true")
    args = parser.parse_args()
    flyte.init_from_config()
    stations = [Station("AMS", 52.3, 4.8), Station("LHR", 51.5, -0.5)]
    ctx = flyte.with_runcontext(mode="local" if args.local else "remote")
    run = ctx.run(daily, stations=stations, at=args.at)
    print(run.url or run.name)


if __name__ == "__main__":
    main()
