"""``python -m nuanhu``."""

import sys

from nuanhu.cli import main

if __name__ == "__main__":
    sys.exit(main())
