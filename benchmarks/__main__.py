"""Run every benchmark: ``python -m benchmarks`` (a minute or two)."""

from __future__ import annotations

import subprocess
import sys

PARTS = ("benchmarks.build",)


def main() -> int:
    """Run each part in a process of its own; return the worst exit code."""
    return max(
        subprocess.run([sys.executable, "-m", part], check=False).returncode for part in PARTS
    )


if __name__ == "__main__":
    sys.exit(main())
