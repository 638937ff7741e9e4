"""The assistant, loading in a thread of its own while the page is already up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from qa.errors import QAError

if TYPE_CHECKING:
    from qa import Assistant
    from qa.index import Progress

_UNEXPECTED = "出现了意外错误，详情见启动窗口的日志。请重试；如再次出现，请重新启动。"


class Loading:
    """An assistant that is there, is coming, or failed to load.

    `load` is called at once in a thread; it gets a function that takes the step and the share done.
    """

    def __init__(self, load: Callable[[Progress], Assistant]) -> None:
        self._load = load
        self._assistant: Assistant | None = None
        self._message = "正在载入资料…"
        self._error = ""
        self._done = threading.Event()
        threading.Thread(target=self._run, daemon=True, name="load").start()

    @property
    def done(self) -> bool:
        """Whether loading has ended, well or badly."""
        return self._done.is_set()

    def assistant(self) -> Assistant:
        """The assistant; waits until it is there.

        Raises:
            QAError: it could not be loaded; the message says why.
        """
        self._done.wait()
        if self._assistant is None:
            raise QAError(self._error)
        return self._assistant

    def progress(self, every_s: float = 0.4) -> Iterator[str]:
        """What is being done now, again and again until the assistant is there or has failed."""
        while not self._done.wait(every_s):
            yield self._message

    def _report(self, step: str, share: float) -> None:
        self._message = f"首次使用，正在建立索引：{step} {share:.0%}"

    def _run(self) -> None:
        try:
            self._assistant = self._load(self._report)
        except Exception as error:
            self._error = error_message(error)
        finally:
            self._done.set()


def error_message(error: Exception) -> str:
    """The sentence for the user: an expected error says it itself, any other is logged."""
    if isinstance(error, QAError):
        return str(error)
    logging.getLogger(__name__).error("unexpected error", exc_info=error)
    return _UNEXPECTED
