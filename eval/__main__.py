"""`python -m eval …`: score, run and compare. `--help` of each command says what it needs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.questions import QuestionSet, load_questions
from eval.report import read_answers, score_all, text_report
from qa.config import ROOT
from qa.errors import QAError
from qa.manifest import Manifest, load_manifest


def places_of(manifest: Manifest) -> dict[str, frozenset[str]]:
    """Where each document applies, for the failure class "wrong place"."""
    return {document.id: frozenset(document.applies_to) for document in manifest.documents}


def load_set(path: str | Path, manifest: Manifest) -> QuestionSet:
    """Read a set and name its bad rows on stderr."""
    found = load_questions(path, manifest)
    for problem in found.problems:
        print(problem, file=sys.stderr)
    return found


def score_command(arguments: argparse.Namespace) -> None:
    """Score finished answers."""
    manifest = load_manifest(ROOT / "corpus" / "manifest.toml")
    questions = load_set(arguments.questions, manifest).rows
    print(text_report(score_all(questions, read_answers(arguments.answers), places_of(manifest)), arguments.show))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; errors are one line on stderr and status 1."""
    parser = argparse.ArgumentParser(prog="python -m eval", description="评测：运行、打分、比较。")
    commands = parser.add_subparsers(required=True)
    score = commands.add_parser("score", help="给已有的答案打分")
    score.add_argument("questions", help="题目（JSONL 或 CSV）")
    score.add_argument("answers", help="qa ask --batch 写出的答案（JSONL）")
    score.add_argument("--show", type=int, default=20, help="列出多少个最差的问题")
    score.set_defaults(command=score_command)
    arguments = parser.parse_args(argv)
    try:
        arguments.command(arguments)
    except QAError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
