"""Run as a program: builds the index of a corpus over and over, until it is killed.

Arguments: corpus folder, index folder, then the lengths of passages to build with, in turn. With `--at-swap` it kills itself
in the moment in which a finished generation is put in place.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from pathlib import Path

from qa.config import Config
from qa.index import build_index


def main(corpus: str, index: str, *rest: str) -> None:
    lengths = [int(text) for text in rest if text.isdigit()]
    if "--at-swap" in rest:
        _die_at_swap()
    configs = [Config(corpus_dir=corpus, index_dir=index, encoder="", passage_chars=length) for length in lengths]
    print("ready", flush=True)
    for config in itertools.cycle(configs):
        build_index(config)


def _die_at_swap() -> None:
    replace = os.replace

    def die(source: os.PathLike[str] | str, target: os.PathLike[str] | str) -> None:
        if Path(source).is_dir():
            os.kill(os.getpid(), signal.SIGKILL)
        replace(source, target)

    os.replace = die


if __name__ == "__main__":
    main(*sys.argv[1:])
