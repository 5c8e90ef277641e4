"""`python -m helpers VERB …`, what the Makefile calls."""

import signal
import sys

from . import compiled


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)  # as Ctrl-C: what runs is ended, what was begun tidied up
    try:
        compiled.settle()
        from .cli import main
    except KeyboardInterrupt:  # before there is anything to stop
        sys.exit(3)
    main()
