"""`python -m tests.bench.served module:factory port threads`: an application of the bench on the service's listener."""

from __future__ import annotations

import os
import sys

from ivr.listener import Listener, serve
from ivr.process import tie_to_supervisor
from shared.addresses import Address

if __name__ == "__main__":
    tie_to_supervisor(os.environ)
    factory, port, threads = sys.argv[1:]
    serve(Listener(factory, Address("127.0.0.1", int(port)), int(threads)))
