"""What the system costs on this machine: index time and size, cold start, seconds a warm question, memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import qa
from eval.metrics import percentile
from eval.questions import Row
from qa.config import ROOT
from qa.index import build_index

_COLD = "import json, sys, qa; qa.load(qa.Config(**json.loads(sys.argv[1]))).ask(sys.argv[2])"


@dataclass(frozen=True, slots=True)
class Bench:
    """Seconds and MiB; `cold_s` is a new process from its start to its first answer."""

    questions: int
    index_s: float
    index_mib: float
    cold_s: float
    p50_s: float
    p95_s: float
    memory_mib: float


def bench(config: qa.Config, questions: Sequence[Row]) -> Bench:
    """Build an index in a folder of its own, start once cold, and ask every question without its history.

    Args:
        config: settings.
        questions: at least one.
    """
    with tempfile.TemporaryDirectory() as folder:
        own = replace(config, index_dir=folder)
        index_s = _timed(lambda: build_index(own))
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        asked = [row["question"] for row in questions]
        cold_s = _timed(lambda: _ask_cold(own, asked[0]))
        assistant = qa.load(own)
        assistant.ask(asked[0])
        seconds = [_timed(partial(assistant.ask, question)) for question in asked]
    p50, p95 = (percentile(seconds, share) or 0.0 for share in (0.5, 0.95))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Bench(len(asked), index_s, size / 2**20, cold_s, p50, p95, memory / 2**10)


def _ask_cold(config: qa.Config, question: str) -> None:
    subprocess.run([sys.executable, "-c", _COLD, json.dumps(asdict(config)), question], cwd=ROOT, check=True)


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def bench_table(result: Bench) -> str:
    """Markdown."""
    rows = [
        ("CPU 核数", str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())),
        ("建索引（秒）", f"{result.index_s:.1f}"),
        ("索引大小（MiB）", f"{result.index_mib:.1f}"),
        ("冷启动到第一个答案（秒）", f"{result.cold_s:.1f}"),
        (f"每题 p50（秒，{result.questions} 题）", f"{result.p50_s:.3f}"),
        ("每题 p95（秒）", f"{result.p95_s:.3f}"),
        ("内存峰值（MiB）", f"{result.memory_mib:.0f}"),
    ]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])
