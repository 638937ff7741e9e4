"""The evaluators' tab of the page: choose or upload a set, run it with progress and a stop button, read and keep the report.

Built here and mounted by the page, which stays ignorant of what happens inside. The run has an assistant of its own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

import qa
from eval.commands import known_of
from eval.files import read_json, write_json
from eval.html import html_report
from eval.questions import load_questions
from eval.report import read_answers
from eval.run import Asker, Finished, answer_rows, finish, stamp_of
from qa.config import ROOT
from qa.corpus import load_corpus
from qa.errors import InputError, QAError

SHIPPED = ("dev", "test", "train")
REPORT = "report.html"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the tab shows at one moment: a line, a page (HTML), and the file to download."""

    status: str
    report: str = ""
    file: str | None = None


def steps(path: Path, folder: Path, ask: Asker, limit: int | None = None) -> Iterator[Shown]:
    """Run a set into a folder; one `Shown` a question, the last with the report.

    Raises:
        QAError: the set, the corpus or a model cannot be used.
    """
    corpus = load_corpus(ask.config.corpus_dir)
    found = load_questions(path, corpus.manifest)
    questions = found.rows[:limit]
    if not questions:
        raise InputError("这套题里没有可以运行的题目：" + "；".join(map(str, found.problems[:5])))
    bad = "".join(f"<br>{escape(str(problem))}" for problem in found.problems)
    yield Shown(f"正在载入…{bad}")
    ask.prepare()
    write_json(folder / "set.json", {"path": str(path), "set": path.stem})
    answers: dict[str, dict[str, Any]] = {}
    for count, question in enumerate(questions, start=1):
        answers = answer_rows([question], folder / "answers.jsonl", answers, ask)
        yield Shown(f"{count} / {len(questions)}　{escape(question['question'][:60])}{bad}")
    run = finish(
        folder, questions, answers, {"name": path.stem, "set": path.stem, "stamp": stamp_of(ask)}, known_of(questions, corpus)
    )
    yield shown(run, f"已完成 {len(questions)} 题。{bad}")


def shown(run: Finished, status: str) -> Shown:
    """A finished run as a framed page, and the same page as a file."""
    page = html_report(run)
    file = run.folder / REPORT
    file.write_text(page, "utf-8")
    frame = f'<iframe title="评测报告" sandbox style="width:100%;height:80vh;border:1px solid #8884" srcdoc="{escape(page, quote=True)}">'
    return Shown(status, f"{frame}</iframe>", str(file))


def stopped(folder: Path, ask: Asker) -> Shown:
    """The report over what was answered before the user pressed stop."""
    if not (folder / "answers.jsonl").exists():
        return Shown("已停止，还没有答案。")
    corpus = load_corpus(ask.config.corpus_dir)
    path = Path(read_json(folder / "set.json")["path"])
    answers = read_answers(folder / "answers.jsonl")
    questions = [row for row in load_questions(path, corpus.manifest).rows if row["id"] in answers]
    run = finish(
        folder, questions, answers, {"name": path.stem, "set": path.stem, "stamp": stamp_of(ask)}, known_of(questions, corpus)
    )
    return shown(run, f"已停止，以下是已回答的 {len(questions)} 题。")


def shipped_set(name: str) -> Path:
    """The file of a set that ships here."""
    return ROOT / "eval" / "questions" / f"{name}.jsonl"


def evaluator_tab(config: qa.Config) -> None:
    """Put the tab's components into the surrounding `gr.Blocks`.

    Args:
        config: settings of the assistant that is measured.
    """
    ask = Asker(config)
    with gr.Row():
        choice = gr.Dropdown([name for name in SHIPPED if shipped_set(name).exists()], value="dev", label="题集")
        upload = gr.File(label="或上传自己的题集（JSONL、CSV）", file_types=[".jsonl", ".csv"], type="filepath")
        limit = gr.Number(label="最多多少题（0 为全部）", value=0, precision=0, minimum=0)
    with gr.Row():
        start, stop = gr.Button("运行", variant="primary"), gr.Button("停止")
        download = gr.DownloadButton("下载报告", interactive=False)
    status, report, folder = gr.HTML(), gr.HTML(), gr.State("")
    outputs = [status, report, download, folder]
    event = start.click(_starter(ask), [choice, upload, limit], outputs, concurrency_limit=1, api_visibility="private")
    stop.click(_stopper(ask), folder, outputs, cancels=[event], api_visibility="private")


def _starter(ask: Asker) -> Callable[..., Iterator[Any]]:
    def run(choice: str, upload: str | None, limit: float) -> Iterator[Any]:
        folder = tempfile.mkdtemp(prefix="qa-eval-")
        path = Path(upload) if upload else shipped_set(choice)
        try:
            for now in steps(path, Path(folder), ask, int(limit) or None):
                yield _components(now, folder)
        except QAError as error:
            yield _components(Shown(escape(str(error))), folder)

    return run


def _stopper(ask: Asker) -> Callable[[str], Any]:
    def stop(folder: str) -> Any:
        return _components(stopped(Path(folder), ask) if folder else Shown("没有在运行。"), folder)

    return stop


def _components(now: Shown, folder: str) -> tuple[Any, ...]:
    button = gr.DownloadButton(value=now.file, interactive=now.file is not None)
    return f'<p role="status">{now.status}</p>', now.report, button, folder
