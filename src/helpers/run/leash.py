"""`python -m helpers.run.leash VERB …`: a verb that ends when whoever started it ends, told by the
end of its stdin."""

from __future__ import annotations

import os
import sys
import threading


def _end_with_stdin() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    import runpy

    threading.Thread(target=_end_with_stdin, daemon=True).start()
    sys.argv[0] = __package__.partition(".")[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
