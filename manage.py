"""Django's own entry, for editors and tools that look for it; the same as `python -m cailan manage`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from cailan.config.cli import main

if __name__ == "__main__":
    main(["manage", *sys.argv[1:]])
