"""The papermill engine `fork`: the cells of a notebook run in this process, which was forked for it
and dies with it.

Papermill stays papermill (injection, markers, the file), nbclient's own code turns messages into
outputs, and the shell is ipykernel's own: only the sockets between them are gone. What a kernel
would send is handed over at once, in this process.
"""

from __future__ import annotations

import asyncio
import builtins
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOBase
from typing import NoReturn

import papermill.execute
from ipykernel.compiler import XCachingCompiler
from ipykernel.displayhook import ZMQShellDisplayHook
from ipykernel.zmqshell import ZMQDisplayPublisher, ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import json_packer, json_unpacker
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from traitlets import Any, Type
from traitlets.config import Config

from .engine import CELL_OUTPUTS, STREAM_CHARACTERS
from .once import validated_as_a_whole, written

ROOM = STREAM_CHARACTERS + 1  # one more than is kept, so that the cut is seen
PRESENT = ("stdout", "stderr")


class Wire:
    """Stands where a kernel's session and sockets stand: whatever is sent is received at once."""

    def __init__(self, receive: Callable[[dict], None]):
        self.receive = receive

    def msg(self, msg_type: str, content: dict | None = None, *_: object, **__: object) -> dict:
        return {
            "msg_type": msg_type,
            "header": {"msg_type": msg_type},
            "parent_header": {},
            "metadata": {},
            "content": content or {},
        }

    def send(
        self,
        _socket: object,
        message: dict | str,
        content: dict | None = None,
        *_: object,
        **__: object,
    ) -> dict:
        message = self.msg(message, content) if isinstance(message, str) else message
        self.receive(
            {**message, "content": json_unpacker(json_packer(message["content"]))}
        )  # as it would arrive: bytes are base64
        return message


class Stream(TextIOBase):
    """stdout or stderr of a notebook: gathered, sent when a display comes or the cell ends, as
    ipykernel does.

    What is written below Python (a subprocess, C code, a process a cell forked) goes to the file
    that stands at the descriptor, and is taken from there before anything that follows.
    """

    encoding, errors = "utf-8", "strict"

    def __init__(self, name: str, wire: Wire):
        self.stream, self.wire, self.owner = name, wire, os.getpid()
        self.descriptor = PRESENT.index(name) + 1
        self.below, path = tempfile.mkstemp()
        os.unlink(path)
        os.dup2(self.below, self.descriptor)
        self.begin()

    def begin(self) -> None:
        """A new cell."""
        self.pieces: list[str] = []
        self.room = ROOM

    name = property(lambda self: f"<{self.stream}>")

    def fileno(self) -> int:
        return self.descriptor

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self.owner:
            os.write(self.descriptor, text.encode("utf-8", "replace"))
            return len(text)
        self._take()
        self._add(text)
        return len(text)

    def flush(self) -> None:
        if os.getpid() != self.owner:
            return
        self._take()
        text, self.pieces = "".join(self.pieces), []
        if text:
            self.wire.send(None, "stream", {"name": self.stream, "text": text})

    def _take(self) -> None:
        """What was written below Python since the last time; the file is emptied."""
        size = os.fstat(self.below).st_size
        if size:
            raw = os.pread(self.below, min(size, 4 * ROOM), 0)
            os.ftruncate(self.below, 0)
            os.lseek(self.below, 0, os.SEEK_SET)
            self._add(raw.decode("utf-8", "replace"))

    def _add(self, text: str) -> None:
        if self.room > 0:
            self.pieces.append(text[: self.room])
        self.room -= len(text)


class _Hook(ZMQShellDisplayHook):
    session = Any()


class _Publisher(ZMQDisplayPublisher):
    session = Any()


class _Shell(ZMQInteractiveShell):
    compiler_class = (
        XCachingCompiler  # names a cell's code as a kernel does: tracebacks and warnings show it
    )
    displayhook_class, display_pub_class = Type(_Hook), Type(_Publisher)

    def ask_exit(self) -> None:
        """`exit` ends nothing; in a kernel the moment decides whether the next cell still runs."""

    def enable_gui(self, gui: object = None) -> None:
        if gui not in (None, "inline"):
            raise RuntimeError(f"there is no event loop for {gui!r} here; use ENGINE=kernel")


_Shell.__name__ = _Shell.__qualname__ = (
    ZMQInteractiveShell.__name__
)  # libraries ask for the shell by its name


def made() -> _Shell:
    """The shell of this process: one made before a fork is each child's own."""
    quiet = Config({"HistoryManager": {"enabled": False}})
    return _Shell.instance(user_ns={"__name__": "__main__"}, config=quiet)


class Client(PapermillNotebookClient):
    """Papermill's client with a shell in this process for a kernel. `starts` is told the number of
    each cell, from 1."""

    def __init__(self, nb_man: object, starts: Callable[[int], None], **options: object):
        super().__init__(nb_man, **options)
        self.starts, self.owner = starts, os.getpid()
        self.cell: tuple[NotebookNode, int] = (NotebookNode(), 0)
        self.wire = Wire(self._receive)
        self.shell = made()
        for part in (self.shell.displayhook, self.shell.display_pub):
            part.set_trait("session", self.wire)
            part.set_trait("pub_socket", None)
        self.streams = [Stream(name, self.wire) for name in PRESENT]
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)

    def execute(self, **_: object) -> object:
        with _standing_in(*self.streams), validated_as_a_whole():
            self.papermill_execute_cells()
        return self.nb

    def execute_cell(self, cell, cell_index: int, **_: object):
        """What nbclient does with a cell, `_run` standing for its question to a kernel and the
        reply."""
        self.starts(cell_index + 1)
        if (
            cell.cell_type != "code"
            or not cell.source.strip()
            or self.skip_cells_with_tag in cell.metadata.get("tags", ())
        ):
            return cell
        cell.outputs, self.clear_before_next_output, self.cell = [], False, (cell, cell_index)
        for stream in self.streams:
            stream.begin()
        reply = self.loop.run_until_complete(self._run(cell.source))
        if os.getpid() != self.owner:
            os._exit(
                0
            )  # forked by the cell and not ended by it: the notebook goes on in its owner only
        for stream in self.streams:
            stream.flush()
        cell["execution_count"] = reply["execution_count"]
        self.loop.run_until_complete(
            self._check_raise_for_error(cell, cell_index, {"content": reply})
        )
        return cell

    def _receive(self, message: dict) -> None:
        """One message of the shell. Outputs beyond what is kept are dropped at once: an endless
        loop must not fill the memory."""
        cell, index = self.cell
        if len(cell.outputs) <= CELL_OUTPUTS or message["msg_type"] not in (
            "display_data",
            "stream",
        ):
            self.process_message(message, cell, index)

    async def _run(self, code: str) -> dict:
        """ipykernel's `do_execute`: an asynchronous cell is awaited, any other runs inside the
        running loop. The reply's content."""
        shell, broken = self.shell, None
        try:
            transformed = shell.transform_cell(code)
        except Exception:
            transformed, broken = code, sys.exc_info()
        if shell.should_run_async(
            code, transformed_cell=transformed, preprocessing_exc_tuple=broken
        ):
            result = None
            try:
                result = await shell.run_cell_async(
                    code,
                    store_history=True,
                    transformed_cell=transformed,
                    preprocessing_exc_tuple=broken,
                )
            finally:
                shell.events.trigger("post_execute")
                shell.events.trigger("post_run_cell", result)
        else:
            result = shell.run_cell(code, store_history=True)
        reply = {"execution_count": shell.execution_count - 1, "status": "ok"}
        error = result.error_before_exec or result.error_in_exec
        if not result.success or getattr(shell, "_last_traceback_during_displayhook", None):
            reply |= {
                "status": "error",
                "ename": type(error).__name__,
                "evalue": str(error),
                "traceback": shell._last_traceback or [],
            }
        if shell.payload_manager is not None:
            shell.payload_manager.clear_payload()
        return reply


@contextmanager
def _standing_in(stdout: Stream, stderr: Stream) -> Iterator[None]:
    """The streams in Python's names, no question to anybody."""

    def nobody_answers(*_: object) -> NoReturn:
        raise StdinNotImplementedError(
            "raw_input was called, but this frontend does not support input requests."
        )

    before = sys.stdout, sys.stderr, builtins.input
    sys.stdout, sys.stderr, builtins.input = stdout, stderr, nobody_answers
    try:
        yield
    finally:
        sys.stdout, sys.stderr, builtins.input = before


class Fork(Engine):
    """What papermill calls for `engine_name="fork"`."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man, _kernel, starts: Callable[[int], None] = lambda _: None, **_: object
    ) -> None:
        Client(nb_man, starts).execute()


papermill_engines.register("fork", Fork)
papermill.execute.write_ipynb = written
