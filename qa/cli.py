"""The command line: index, ask, search, show, serve. Heavy imports happen inside the commands, so `--help` is instant."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from qa.config import Config, load_config
from qa.errors import InputError, QAError

if TYPE_CHECKING:
    from qa.pipeline import Assistant
    from qa.types import Turn


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; errors are one line on standard error and status 1."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or 0)
    except QAError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("已停止。", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qa", description="人工智能产业政策问答：每句话都有原文出处。")
    commands = parser.add_subparsers(required=True, metavar="命令")
    index = _command(commands, "index", "建立或更新索引", _index)
    index.add_argument("--force", action="store_true", help="即使索引是最新的也重新建立")
    ask = _command(commands, "ask", "回答一个问题，或一整个问题文件", _ask)
    ask.add_argument("question", nargs="?", help="问题")
    ask.add_argument("--region", default="", help="地区路径，如 某省/某市；问题里没有地点时使用")
    ask.add_argument("--json", action="store_true", help="输出 JSON")
    ask.add_argument("--batch", type=Path, metavar="FILE", help="问题文件（每行一个 JSON）")
    ask.add_argument("--out", type=Path, metavar="FILE", help="批量回答写到这个文件；默认输出到屏幕")
    ask.add_argument("--as-of", type=_day, default=None, metavar="YYYY-MM-DD", help="按哪一天判断政策是否有效；默认今天")
    search = _command(commands, "search", "只检索，不回答", _search)
    search.add_argument("question")
    search.add_argument("-k", type=int, default=10, help="显示几条")
    search.add_argument("--region", default="", help="地区路径")
    search.add_argument("--json", action="store_true", help="输出 JSON")
    show = _command(commands, "show", "列出文件，或显示一份文件、一条条文", _show)
    show.add_argument("document", nargs="?", help="文件标识；不写则列出全部")
    show.add_argument("article", nargs="?", help="条文编号，如 第六条")
    show.add_argument("--json", action="store_true", help="输出 JSON")
    serve = _command(commands, "serve", "打开网页", _serve)
    serve.add_argument("--host", default="127.0.0.1", help="监听地址，默认只对本机开放")
    serve.add_argument("--port", type=int, default=None, help="端口；默认从 7860 起找空闲的")
    return parser


def _command(commands: Any, name: str, text: str, run: Any) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=run)
    command.add_argument("--config", metavar="FILE", help="设置文件（TOML）；默认读当前目录的 qa.toml")
    for setting, text_ in (
        ("corpus-dir", "语料文件夹"),
        ("index-dir", "索引文件夹"),
        ("encoder", "向量模型"),
        ("generator", "回答方式"),
    ):
        command.add_argument(f"--{setting}", default=None, help=text_)
    return command


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} 不是 YYYY-MM-DD 形式的日期") from error


def _settings(arguments: argparse.Namespace) -> Config:
    flags = {name: getattr(arguments, name) for name in ("corpus_dir", "index_dir", "encoder", "generator")}
    return load_config(arguments.config, **flags)


def _load(arguments: argparse.Namespace) -> Assistant:
    from qa.pipeline import load

    return load(_settings(arguments), progress=show_progress)


def show_progress(step: str, share: float) -> None:
    """A bar on standard error, when that is a terminal; else a line a step."""
    if sys.stderr.isatty():
        done = int(share * 30)
        print(
            f"\r[{'█' * done}{' ' * (30 - done)}] {share:4.0%} {step}   ",
            end="\n" if share >= 1 else "",
            file=sys.stderr,
            flush=True,
        )
    elif share >= 1:
        print("索引已建立。", file=sys.stderr)


def _index(arguments: argparse.Namespace) -> int:
    from qa.index import build_index, is_current

    config = _settings(arguments)
    if not arguments.force and is_current(config):
        print("索引已是最新，无需重建（--force 可强制重建）。")
        return 0
    build_index(config, show_progress)
    return 0


def _ask(arguments: argparse.Namespace) -> int:
    if bool(arguments.question) == bool(arguments.batch):
        raise InputError("请给出一个问题，或用 --batch 给出问题文件。")
    if arguments.batch:
        return _batch(arguments)
    from qa.export import answer_json, answer_lines

    assistant = _load(arguments)
    answer = assistant.ask(arguments.question, region=arguments.region, as_of=arguments.as_of)
    if arguments.json:
        print(json.dumps(answer_json(answer, assistant.corpus), ensure_ascii=False, indent=2))
    else:
        print("\n".join(answer_lines(answer, assistant.corpus)))
    return 0


def _batch(arguments: argparse.Namespace) -> int:
    rows = list(_rows(arguments.batch))
    assistant = _load(arguments)
    out = _open(arguments.out) if arguments.out else sys.stdout
    failed = 0
    try:
        for count, row in enumerate(rows, start=1):
            result = _answer_row(row, assistant, arguments)
            failed += "error" in result
            print(json.dumps(result, ensure_ascii=False), file=out, flush=True)
            if sys.stderr.isatty():
                print(f"\r{count}/{len(rows)}", end="", file=sys.stderr)
    finally:
        if arguments.out:
            out.close()
    print(f"回答了 {len(rows)} 个问题，{failed} 个出错。", file=sys.stderr)
    return 0


def _open(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise InputError(f"结果文件 {path} 写不了（{error.strerror}）。请检查文件夹是否存在、能否写入。") from error


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"问题文件 {path} 读不到（{error.strerror}）。请检查路径。") from error
    except UnicodeDecodeError as error:
        raise InputError(f"问题文件 {path} 不是 UTF-8 编码。请转换编码后重试。") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _row(line, number)


def _row(line: str, number: int) -> dict[str, Any]:
    """A row, or an object that carries its error: one bad row must not stop the others."""
    id: Any = f"line-{number}"
    try:
        row = json.loads(line)
        id = row.get("id", id) if isinstance(row, dict) else id
        if not isinstance(row, dict) or not isinstance(row.get("question"), str):
            raise ValueError("没有 question")
        history = row.get("history") or []
        if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
            raise ValueError("history 应为问题的列表")
    except ValueError as error:
        return {"id": id, "question": "", "error": f"第 {number} 行写错了：{error}"}
    return {"id": id, "question": row["question"], "history": history}


def _answer_row(row: dict[str, Any], assistant: Assistant, arguments: argparse.Namespace) -> dict[str, Any]:
    from qa.export import answer_json

    if "error" in row:
        return row
    try:
        history = replay(assistant, row.get("history") or [], arguments.as_of)
        answer = assistant.ask(row["question"], history, region=arguments.region, as_of=arguments.as_of)
    except QAError as error:
        return {"id": row["id"], "question": row["question"], "error": str(error)}
    except Exception as error:  # a batch of questions must not end with the first surprise
        return {"id": row["id"], "question": row["question"], "error": f"{type(error).__name__}: {error}"}
    return answer_json(answer, assistant.corpus, str(row["id"]))


def replay(assistant: Assistant, questions: Iterable[str], as_of: date | None = None) -> list[Turn]:
    """Earlier turns asked again, oldest first, so that a batch sees what the page would have seen."""
    from qa.types import Turn

    turns: list[Turn] = []
    for question in questions:
        try:
            turns.append(Turn(question, assistant.ask(question, turns, as_of=as_of)))
        except InputError:
            turns.append(Turn(question))
    return turns


def _search(arguments: argparse.Namespace) -> int:
    assistant = _load(arguments)
    query, hits = assistant.search(arguments.question, region=arguments.region, k=arguments.k)
    rows = [
        {
            "rank": rank,
            "score": round(hit.score, 3),
            "document": hit.passage.document,
            "title": assistant.corpus.documents[hit.passage.document].info.title,
            "article": hit.passage.article,
            "via": list(hit.via),
            "text": hit.passage.text,
        }
        for rank, hit in enumerate(hits, start=1)
    ]
    if arguments.json:
        print(
            json.dumps({"query": query.search_text, "regions": list(query.regions), "passages": rows}, ensure_ascii=False, indent=2)
        )
        return 0
    for row in rows:
        print(
            f"{row['rank']:2d}  {row['score']:7.2f}  {row['document']}  {row['article']}  {str(row['text'])[:50]}".replace(
                "\n", " "
            )
        )
    return 0


def _show(arguments: argparse.Namespace) -> int:
    from qa.show import show

    print(show(_settings(arguments), arguments.document, arguments.article, arguments.json))
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    import app  # the page stands beside this package and is imported only here, at the user's wish

    app.serve(_settings(arguments), arguments.host, arguments.port)
    return 0
