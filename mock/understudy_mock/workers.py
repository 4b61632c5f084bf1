"""A command and a listening socket go in; several processes of it answer there, watched by this one until a signal.

The socket is taken once and inherited by every worker (pre-fork), but each worker is a program of its own, started anew
and not forked off: what threads and event loops of this process hold, none of them has. A pipe leads to each worker;
its end tells the one side that the other is gone, so that a dead worker is replaced and orphans end by themselves.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from typing import TYPE_CHECKING, Any

from understudy.errors import EnvironmentFailedError, UnderstudyError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
"""Seconds until a worker that did not even come up is started again; each time twice as many."""
_ASKED = 2
"""How often workers are asked to end before they are killed."""


@dataclass(frozen=True)
class Up:
    """A worker answers."""


@dataclass(frozen=True)
class Failed:
    """A worker could not come up; texts are for people, the exit code is that of the error."""

    message: str
    remedy: str
    exit_code: int


@dataclass(frozen=True)
class Stopped:
    """A worker has ended as it was told to."""

    cut_off: int


@dataclass(frozen=True)
class Staffing:
    """How many workers there are to be, and how many there are."""

    wanted: int
    running: int

    @property
    def is_whole(self) -> bool:
        """Tell whether all are there."""
        return self.running >= self.wanted


@dataclass(frozen=True)
class Plan:
    """What to run: `count` processes of a command, each told its `brief` by its number before anything else.

    The command gets two more words: the file descriptors of the listening socket and of its end of the pipe.
    """

    command: tuple[str, ...]
    count: int
    listener: socket.socket = field(repr=False)
    brief: Callable[[int], Any] = field(repr=False)


@dataclass(eq=False)
class _Worker:
    number: int
    process: subprocess.Popen[bytes]
    pipe: Connection[Any, Any]
    is_up: bool = False
    cut_off: int = 0
    failure: Failed | None = None

    def __str__(self) -> str:
        return f"Worker {self.number + 1} (process {self.process.pid})"

    @property
    def end(self) -> str:
        """Say how it ended."""
        code = self.process.returncode
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"

    @property
    def error(self) -> UnderstudyError:
        """Say why it never came up."""
        if self.failure is None:
            return EnvironmentFailedError(f"{self} {self.end} before it was up.")
        kind = _ERRORS.get(self.failure.exit_code, EnvironmentFailedError)
        return kind(self.failure.message, self.failure.remedy)


_ERRORS: dict[int, type[UnderstudyError]] = {UsageError.exit_code: UsageError}


class Crew:
    """The workers of one address. `tell` hears one line for each that is lost."""

    def __init__(self, plan: Plan, tell: Callable[[str], None]) -> None:
        self._plan, self._tell = plan, tell
        self._workers: list[_Worker] = []
        self._due: list[tuple[float, int]] = []
        self._pauses: dict[int, float] = {}
        self._orders = 0
        self._was_whole = False
        self._cut_off = 0

    def run(self, on_start: Callable[[], None]) -> int:
        """Keep all workers running until SIGINT or SIGTERM; gives how many requests had to be cut off.

        Raises UsageError or EnvironmentFailedError if they don't come up in the first place.
        """
        with self._signals() as bell:
            try:
                for number in range(self._plan.count):
                    self._start(number)
                while self._workers or self._due:
                    self._step(bell, on_start)
            finally:
                self._put_down()
        return self._cut_off

    def _step(self, bell: socket.socket, on_start: Callable[[], None]) -> None:
        pause = max(0.0, min(when for when, _ in self._due) - time.monotonic()) if self._due else None
        sources: list[Any] = [bell, *(worker.pipe for worker in self._workers)]
        for source in wait(sources, pause):
            if source is bell:
                for _ in bell.recv(64):
                    self._end()
            else:
                self._listen(next(worker for worker in self._workers if worker.pipe is source))
        for due in [due for due in self._due if due[0] <= time.monotonic()]:
            self._due.remove(due)
            self._start(due[1])
        if not self._was_whole and not self._is_ending and self._running == self._plan.count:
            self._was_whole = True
            on_start()

    @property
    def _is_ending(self) -> bool:
        return self._orders > 0

    @property
    def _running(self) -> int:
        return sum(worker.is_up for worker in self._workers)

    def _listen(self, worker: _Worker) -> None:
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            self._bury(worker)
            return
        if isinstance(said, Up):
            worker.is_up = True
            self._pauses.pop(worker.number, None)
            self._announce()
        elif isinstance(said, Failed):
            worker.failure = said
        elif isinstance(said, Stopped):
            worker.cut_off = said.cut_off

    def _bury(self, worker: _Worker) -> None:
        """Take note of a worker's end; another takes its place unless all are to end."""
        worker.pipe.close()
        worker.process.wait()
        self._workers.remove(worker)
        self._cut_off += worker.cut_off
        if self._is_ending:
            return
        if not self._was_whole:
            raise worker.error
        reason = f" {worker.failure.message}" if worker.failure else ""
        self._tell(f"{worker} {worker.end}; another takes its place.{reason}")
        self._announce()
        self._due.append((time.monotonic() + self._pause(worker), worker.number))

    def _pause(self, worker: _Worker) -> float:
        if worker.is_up:
            return 0.0
        pause = self._pauses.get(worker.number, _FIRST_PAUSE)
        self._pauses[worker.number] = min(pause * 2, _LONGEST_PAUSE)
        return pause

    def _announce(self) -> None:
        """Let every worker know whether all are there."""
        news = Staffing(self._plan.count, self._running)
        for worker in self._workers:
            with contextlib.suppress(OSError):  # it is gone, which its pipe tells at the next look
                worker.pipe.send(news)

    def _start(self, number: int) -> None:
        ours, theirs = Pipe()
        handed = (self._plan.listener.fileno(), theirs.fileno())
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*self._plan.command, *map(str, handed)],
            stdin=subprocess.DEVNULL,
            pass_fds=handed,
            process_group=0,  # what a terminal sends comes to this process, which passes it on once
        )
        theirs.close()
        self._workers.append(_Worker(number, process, ours))
        with contextlib.suppress(OSError):  # it is gone, which its pipe tells at the next look
            ours.send(self._plan.brief(number))

    def _end(self) -> None:
        """Let every worker finish what it has begun; told twice they don't wait, and three times they are not asked."""
        self._orders += 1
        self._due.clear()
        for worker in self._workers:
            worker.process.send_signal(signal.SIGTERM if self._orders <= _ASKED else signal.SIGKILL)

    def _put_down(self) -> None:
        """Leave no worker behind, whatever happened."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.wait()
            worker.pipe.close()
        self._workers.clear()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[socket.socket]:
        """Turn SIGINT and SIGTERM into bytes that can be waited for."""
        bell, hammer = socket.socketpair()
        hammer.setblocking(False)
        former = signal.set_wakeup_fd(hammer.fileno())
        handlers = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield bell
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(former)
            bell.close()
            hammer.close()


class Lead:
    """A worker's end of the pipe."""

    def __init__(self, descriptor: int) -> None:
        self._pipe: Connection[Any, Any] = Connection(descriptor)

    def brief(self) -> Any:
        """Learn what this worker is to do."""
        return self._pipe.recv()

    def say(self, word: Up | Failed | Stopped) -> None:
        """Tell the crew; that nobody listens any more is told by the pipe's end."""
        with contextlib.suppress(OSError):
            self._pipe.send(word)

    def follow(self, on_staffing: Callable[[Staffing], None]) -> None:
        """Hear in a thread how many others there are; end this process as soon as nobody watches over it."""
        threading.Thread(target=self._hear, args=(on_staffing,), daemon=True).start()

    def _hear(self, on_staffing: Callable[[Staffing], None]) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                on_staffing(self._pipe.recv())
        os.kill(os.getpid(), signal.SIGTERM)
