"""What each command of `python -m eval` does: load, call the module that knows how, print and write."""

from __future__ import annotations

import hashlib
import json
import shlex
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

import qa
from eval import ablate as ablation
from eval import bench as benching
from eval import compare as comparison
from eval import exports
from eval import external as outside
from eval import judge as judging
from eval import peers as peer
from eval.files import read_json, write_json
from eval.html import html_report
from eval.labels import label_questions
from eval.markdown import blocks, fill_blocks, markdown_summary, readme_block
from eval.questions import Row, load_questions
from eval.report import read_answers, score_all, summary, text_report
from eval.run import RESULTS, Asker, Finished, Known, read_run, run_set
from eval.sets import check_sets, coverage_text, read_unasked
from qa.chunk import make_passages
from qa.config import ROOT
from qa.corpus import Corpus, load_corpus
from qa.gaps import load_gaps
from qa.lines import load_lines

CHECKED = ("accuracy", "citation_recall", "citation_precision", "number_support", "balanced_accuracy", "hit@5")


def run(arguments: Namespace) -> None:
    """Run and score a set; write answers, metrics, HTML and Markdown."""
    config, corpus = _opened(arguments)
    finished = _run(arguments, config, corpus, RESULTS / (arguments.name or Path(arguments.set).stem), arguments.fresh)
    _write_reports(finished)
    print(text_report(finished.scored))
    print(f"\n{finished.folder}", file=sys.stderr)


def score(arguments: Namespace) -> None:
    """Score finished answers."""
    corpus = load_corpus(ROOT / "corpus")
    questions = _load(arguments.questions, corpus)
    known = known_of(questions, corpus)
    scored = score_all(questions, read_answers(arguments.answers), known.places)
    print(text_report(scored, known.labels, arguments.show))


def sets(arguments: Namespace) -> int:
    """Check what the shipped sets cover; 1 when something is lacking without a reason."""
    corpus = load_corpus(ROOT / "corpus")
    folder = ROOT / "eval" / "questions"
    passages = make_passages(corpus, qa.Config().passage_chars)
    shipped = {name: _load(folder / f"{name}.jsonl", corpus) for name in ("train", "dev", "test")}
    texts = [line.text for line in load_lines(corpus, passages)] + [gap.text for gap in load_gaps(corpus)]
    unasked = read_unasked(folder)
    found = check_sets(shipped, texts, passages, corpus, unasked)
    print(coverage_text(found, unasked))
    return int(any(astuple(found)))


def compare(arguments: Namespace) -> None:
    """Compare two finished runs."""
    a, b = _finished(arguments.a), _finished(arguments.b)
    print(comparison.comparison_text((a.folder.name, b.folder.name), *comparison.compare(a.scored, b.scored)))


def ablate(arguments: Namespace) -> None:
    """Run every variant and write the table."""
    config, corpus = _opened(arguments)
    folder = RESULTS / f"ablation-{Path(arguments.set).stem}"
    runs: dict[str, Finished] = {}
    for name, variant in ablation.variants(config):
        print(f"{name}:", file=sys.stderr)
        runs[name] = _run(arguments, variant, corpus, folder / ablation.folder_name(name), False)
    overall = {name: finished.metrics["overall"] for name, finished in runs.items()}
    table = ablation.ablation_table({name: finished.scored for name, finished in runs.items()}, overall)
    (folder / "ablation.md").write_text(f"`{_command_line(arguments)}`\n\n{table}\n", "utf-8")
    (folder / "ablation.html").write_text(ablation.ablation_page(overall, table), "utf-8")
    stamp = runs["full"].metrics["stamp"]
    write_json(folder / "ablation.json", {"command": _command_line(arguments), "stamp": stamp, "variants": overall})
    print(table)


def check(arguments: Namespace) -> int:
    """Compare a run with the recorded scores; status 1 when one fell by more than the margin."""
    config, corpus = _opened(arguments)
    finished = _run(arguments, config, corpus, RESULTS / "check", True)
    now = {name: finished.metrics["overall"][name] for name in CHECKED}
    if arguments.write:
        write_json(arguments.baseline, {"command": _command_line(arguments), "questions": len(finished.scored), "scores": now})
        return 0
    return _judge(now, arguments.baseline, arguments.margin)


def _judge(now: dict[str, float], baseline: Path, margin: float) -> int:
    try:
        before = json.loads(baseline.read_text("utf-8"))["scores"]
    except (OSError, ValueError, KeyError) as error:
        raise qa.errors.InputError(f"基准 {baseline} 读不到（{error}）。请先用 --write 记下分数。") from error
    fallen = {name for name, value in before.items() if value is not None and (now.get(name) or 0.0) < value - margin}
    for name, value in before.items():
        print(f"{'FAIL' if name in fallen else 'ok':5}{name:20} {value:.3f} -> {now.get(name) or 0.0:.3f}")
    return int(bool(fallen))


def report(arguments: Namespace) -> None:
    """Write the HTML page and the Markdown summary of a finished run again; with --readme, fill the blocks of that file."""
    if arguments.readme:
        text = arguments.readme.read_text("utf-8")
        runs = {name: readme_block(read_json(RESULTS / name / "metrics.json")) for name in blocks(text)}
        arguments.readme.write_text(fill_blocks(text, runs), "utf-8")
    for name in arguments.names:
        finished = _finished(name)
        _write_reports(finished)
        print(finished.folder / "report.html")


def export(arguments: Namespace) -> None:
    """Write a finished run as BEIR, TREC and CSV."""
    finished = _finished(arguments.name)
    config = qa.load_config(arguments.config)
    corpus = load_corpus(config.corpus_dir)
    folder = arguments.to or finished.folder / "export"
    questions = [item.question for item in finished.scored]
    articles = exports.articles_of(corpus, make_passages(corpus, config.passage_chars))
    qrels = exports.qrels_of(questions, articles)
    exports.write_beir(folder / "beir", questions, articles, qrels, finished.folder.name)
    ranked = exports.run_of({item.question["id"]: item.answer for item in finished.scored})
    exports.write_trec(folder / "trec", qrels, ranked, finished.folder.name)
    exports.write_csv(folder / "answers.csv", finished.scored)
    print(folder)


def external(arguments: Namespace) -> None:
    """Run the outside sets and print one table."""
    config = qa.load_config(arguments.config)
    results = []
    for found in outside.read_sets(arguments.data):
        print(f"{found.name}…", file=sys.stderr)
        results.append(outside.evaluate(outside.sample(found, arguments.limit), config, not arguments.no_reading))
    _write_table("external", arguments, config, outside.external_table(results), results)


def peers(arguments: Namespace) -> None:
    """Measure the peers and this system; with --only, one of them in this process."""
    config, corpus = _opened(arguments)
    questions = _chosen(arguments, corpus)
    if arguments.only:
        print(json.dumps(peer.peers_json([peer.measure(arguments.only, config, questions)])[0]))
        return
    results = peer.measure_apart(shlex.split(_command_line(arguments))[4:])
    _write_table(f"peers-{Path(arguments.set).stem}", arguments, config, peer.peers_table(results), peer.peers_json(results))


def judge(arguments: Namespace) -> None:
    """Let the configured language model judge a finished run; writes judge.json."""
    finished = _finished(arguments.name)
    means, found = judging.judge_all(finished.scored, judging.server(qa.load_config(arguments.config)))
    write_json(finished.folder / "judge.json", means | {"rows": [asdict(judgement) for judgement in found]})
    print("\n".join(f"{name:16}{value}" for name, value in means.items()))


def bench(arguments: Namespace) -> None:
    """Measure index time, cold start, seconds a question and memory."""
    config, corpus = _opened(arguments)
    result = benching.bench(config, _chosen(arguments, corpus))
    _write_table("bench", arguments, config, benching.bench_table(result), [asdict(result)])


def _write_table(name: str, arguments: Namespace, config: qa.Config, table: str, rows: Sequence[Any]) -> None:
    from eval.stamp import make_stamp

    folder = RESULTS / name
    folder.mkdir(parents=True, exist_ok=True)
    command = _command_line(arguments)
    (folder / "table.md").write_text(f"`{command}`\n\n{table}\n", "utf-8")
    write_json(folder / "metrics.json", {"name": name, "command": command, "stamp": make_stamp(config), "rows": list(rows)})
    print(table)


def _opened(arguments: Namespace) -> tuple[qa.Config, Corpus]:
    config = qa.load_config(arguments.config)
    return config, load_corpus(config.corpus_dir)


def _run(arguments: Namespace, config: qa.Config, corpus: Corpus, folder: Path, fresh: bool) -> Finished:
    questions = _chosen(arguments, corpus)
    about = {"set": Path(arguments.set).stem, "command": _command_line(arguments)}
    return run_set(
        questions,
        folder,
        Asker(config, arguments.as_of),
        known=known_of(questions, corpus),
        step=_progress,
        about=about,
        fresh=fresh,
    )


def _progress(done: int, total: int, row: Row) -> None:
    end = "\n" if done == total or row.get("error") else ""
    print(f"\r{done}/{total} {row.get('error', '')}", end=end, file=sys.stderr, flush=True)


def _chosen(arguments: Namespace, corpus: Corpus) -> list[dict[str, Any]]:
    shipped = ROOT / "eval" / "questions" / f"{arguments.set}.jsonl"
    questions = _load(shipped if shipped.exists() else Path(arguments.set), corpus)
    if arguments.sample:
        chosen = {
            row["id"] for row in sorted(questions, key=lambda row: hashlib.sha256(row["id"].encode()).digest())[: arguments.sample]
        }
        questions = [row for row in questions if row["id"] in chosen]
    return questions[: arguments.limit]


def _load(path: Path, corpus: Corpus) -> list[dict[str, Any]]:
    """The rows that can run; the others are named on stderr."""
    found = load_questions(path, corpus.manifest)
    for problem in found.problems:
        print(problem, file=sys.stderr)
    return list(found.rows)


def known_of(questions: Sequence[Row], corpus: Corpus) -> Known:
    """What the corpus tells about a set: places of documents, labels of the evidence."""
    places = {document.id: frozenset(document.info.applies_to) for document in corpus}
    return Known(places, label_questions(questions, corpus))


def _finished(name: str) -> Finished:
    return read_run(Path(name) if Path(name).is_dir() else RESULTS / name)


def _write_reports(finished: Finished) -> None:
    (finished.folder / "report.html").write_text(html_report(finished), "utf-8")
    (finished.folder / "report.md").write_text(markdown_summary(finished.metrics), "utf-8")


def _command_line(arguments: Namespace) -> str:
    """The command that a reader types to get the same numbers."""
    parts = ["python", "-m", "eval", arguments.command]
    for name in ("set", "name", "limit", "sample", "as_of", "config", "data"):
        value = getattr(arguments, name, None)
        if value is not None:
            parts.append(f"--{name.replace('_', '-')} {value}")
    return " ".join(parts)


__all__ = ["ablate", "bench", "check", "compare", "export", "external", "judge", "peers", "report", "run", "score", "summary"]
