"""`python -m tests.bench.edge_served port socket forks`: times bare forks of itself, then serves as the service's edge.

Says what it measured on standard output, one JSON object a line: the forks, an empty one when it is ready, and at the
end the processor time of all it served.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import socket
import sys
from pathlib import Path
from time import perf_counter

from ivr.edge_process import Edge
from ivr.line.hand_over import HandOver
from ivr.line.public import LineSettings
from ivr.prefork import serve_each
from ivr.process import say, tie_to_supervisor
from tests.bench.webhooks import AUTH_TOKEN, LINE_NUMBER, address


def bare_fork() -> float:
    """Milliseconds for a process that is made, does nothing, and has ended."""
    begun = perf_counter()
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return (perf_counter() - begun) * 1000


def processor_ms() -> float:
    """What this process and its ended children have used."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used) * 1000


def main(port: int, path: Path, forks: int) -> None:
    edge = Edge(LineSettings(address(port), (AUTH_TOKEN,), LINE_NUMBER), HandOver(path))
    edge.rehearse()
    gc.collect()
    gc.freeze()
    before = processor_ms()
    took = [bare_fork() for _ in range(forks)]
    say(json.dumps({"forks": took, "processor": (processor_ms() - before) / forks}))
    before = processor_ms()
    with socket.create_server(("127.0.0.1", port), backlog=512) as listener:
        serve_each(listener, edge.answer, edge.rehearse, lambda: say("{}"))
    say(json.dumps({"processor": processor_ms() - before}))


if __name__ == "__main__":
    tie_to_supervisor(os.environ)
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
