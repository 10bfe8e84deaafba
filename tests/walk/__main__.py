"""`python -m tests.walk --calls N --seed S`: random callers, handlers and faults, in virtual time.

Fails if anyone was lost, or any answer was not Twilio's documented TwiML.
"""

from __future__ import annotations

import argparse
import sys
from typing import TextIO

from tests.walk.run import last_line, walk_all

SHOWN = 20  # of what was wrong


def main(arguments: list[str], out: TextIO) -> int:
    """Walk, and say what became of everyone. Returns 0 if nobody was lost and nothing refused."""
    parser = argparse.ArgumentParser(prog="python -m tests.walk", description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    tally = walk_all(asked.calls, asked.seed, out)
    for wrong in tally.wrong[:SHOWN]:
        out.write(f"{wrong}\n")
    out.write(f"{last_line(tally, asked.seed)}\n")
    return int(bool(tally.wrong or tally.lost or tally.refused))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
