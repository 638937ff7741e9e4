"""The commands of `python -m eval`: run, score, compare, ablate, check, sets, report, export, judge, external, peers, bench."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from qa.config import ROOT
from qa.errors import QAError

Add = Callable[..., argparse.ArgumentParser]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Errors that a user can mend are one line on stderr and status 1; Ctrl-C is status 130."""
    arguments = parser().parse_args(argv)
    from eval import commands  # imports of numpy and the like only once a command runs

    try:
        return int(getattr(commands, arguments.command)(arguments) or 0)
    except QAError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\n已停止；再次运行同一命令会接着做。", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """All commands with their arguments."""
    top = argparse.ArgumentParser(prog="python -m eval", description="评测：运行、打分、比较、导出。")
    commands = top.add_subparsers(dest="command", required=True, metavar="命令")
    run = _command(commands.add_parser, "run", "在一套题上运行并打分，中断后可续跑", asks=True)
    run.add_argument("--name", help="结果文件夹的名字（默认为题集的名字）")
    run.add_argument("--fresh", action="store_true", help="丢弃该文件夹里已有的答案")
    score = _command(commands.add_parser, "score", "给已有的答案打分")
    score.add_argument("questions", type=Path, help="题目（JSONL 或 CSV）")
    score.add_argument("answers", type=Path, help="qa ask --batch 写出的答案（JSONL）")
    score.add_argument("--show", type=int, default=20, help="列出多少个最差的问题")
    compare = _command(commands.add_parser, "compare", "比较两次运行（配对随机化检验，列出变化的题）")
    compare.add_argument("a", help="运行的名字或文件夹")
    compare.add_argument("b", help="运行的名字或文件夹")
    _command(commands.add_parser, "ablate", "每次关掉一个开关，看各部分的作用", asks=True)
    check = _command(commands.add_parser, "check", "与记录的分数相比，下降超过余量则失败", asks=True)
    check.add_argument("--baseline", type=Path, default=ROOT / "eval" / "baseline.json", help="记录的分数")
    check.add_argument("--margin", type=float, default=0.03, help="允许下降多少")
    check.add_argument("--write", action="store_true", help="把这次的分数记为基准")
    _command(commands.add_parser, "sets", "检查随附的题集：覆盖哪些条文，有没有几乎相同的题")
    report = _command(commands.add_parser, "report", "写出 report.html 和 report.md")
    report.add_argument("names", nargs="*", help="运行的名字或文件夹")
    report.add_argument("--readme", type=Path, help="把该文件中 <!-- eval 名字 --> 的表格换成最新的分数")
    export = _command(commands.add_parser, "export", "导出 BEIR 文件夹、TREC qrels 与 run、CSV")
    export.add_argument("name", help="运行的名字或文件夹")
    export.add_argument("--to", type=Path, help="写到哪里（默认为运行文件夹下的 export）")
    _config(export)
    judge = _command(commands.add_parser, "judge", "用设置中的语言模型评审一次运行（忠实、完整，两遍）")
    judge.add_argument("name", help="运行的名字或文件夹")
    _config(judge)
    _external(_command(commands.add_parser, "external", "在外部中文数据集上运行"))
    peers = _command(commands.add_parser, "peers", "与常见做法在同一套题上比较", asks=True)
    peers.add_argument("--only", help="只在本进程内测一个系统，输出一行 JSON")
    _command(commands.add_parser, "bench", "测本机的建索引时间、冷启动、每题用时、内存", asks=True)
    return top


def _command(add: Add, name: str, help: str, asks: bool = False) -> argparse.ArgumentParser:
    command = add(name, help=help, description=help + "。")
    if asks:
        command.add_argument("--set", default="dev", help="题集：train、dev、test，或 JSONL/CSV 文件")
        command.add_argument("--limit", type=int, help="只用前多少题")
        command.add_argument("--sample", type=int, help="只用固定抽样的多少题")
        command.add_argument("--as-of", type=date.fromisoformat, help="按哪一天判断有效期，如 2026-11-20")
        _config(command)
    return command


def _config(command: argparse.ArgumentParser) -> None:
    command.add_argument("--config", type=Path, help="设置文件（TOML）")


def _external(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, required=True, help="放数据集的文件夹（STARD、CMRC 2018 dev、DRCD dev）")
    command.add_argument("--limit", type=int, help="每套最多多少题（固定抽样）")
    command.add_argument("--no-reading", action="store_true", help="只评检索，不评回答")
    _config(command)
