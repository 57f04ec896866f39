"""`python -m benchmarks PART [--smoke]`: one part, in the environment that `benchmarks/run` (suite.py) makes for it."""

import argparse
import importlib

import django
from django.conf import settings

# The sizes of a trial run, which only shows that everything works.
SMOKE = {
    "pages": {"rows": 2, "rounds": 1, "repeat": 1},
    "summary": {"sizes": (5, 10), "rounds": 1},
    "documents": {"sizes": (3,), "rounds": 1},
    "jobs": {"rounds": 1},
    "matrix": {"units": 2, "rounds": 1, "repeat": 1},
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("part", choices=SMOKE)
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    django.setup()
    from benchmarks import measuring, world

    world.prepare()
    part = importlib.import_module(f"benchmarks.{options.part}")
    rows = part.measure(**(SMOKE[options.part] if options.smoke else {}))
    print(f"Database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}. {part.__doc__.splitlines()[0]}\n")
    print(measuring.table(rows), flush=True)


if __name__ == "__main__":
    main()
