"""A run as one self-contained HTML page: charts, tables, and every failed question with its ranking and cited text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from eval import metrics
from eval.charts import bars, grouped, histogram
from eval.classes import CLASSES
from eval.facts import holds_quote
from eval.report import OVERALL, Scored, worst
from eval.run import Finished

NAMES = {
    "hit@1": "首位命中", "hit@3": "前三命中", "hit@5": "前五命中", "hit@10": "前十命中", "hit@20": "前二十命中", "mrr@10": "MRR@10",
    "ndcg@10": "nDCG@10", "recall@5": "多条依据召回@5", "recall@20": "多条依据召回@20", "accuracy": "答案正确率",
    "citation_recall": "引用召回", "citation_precision": "引用准确", "number_support": "数字有依据",
    "number_support_any": "数字有依据（不看标号）", "balanced_accuracy": "作答/拒答均衡准确率", "kind_right": "拒答理由正确",
    "correction": "更正有依据", "verdict_right": "能否享受判断正确", "refusal_right": "作答/拒答正确",
}  # fmt: skip
VALUE_NAMES = {
    "amount": "金额", "ratio": "比例", "condition": "条件", "procedure": "程序", "responsible": "责任单位", "target": "目标",
    "list": "列举", "definition": "定义", "plan": "规划", "comparison": "比较", "open": "不指明地方",
    "unanswerable": "不可答", "formal": "正式",
    "colloquial": "口语", "keyword": "关键词", "typo": "错别字", "situational": "自述情况",
}  # fmt: skip
SLICE_NAMES = {
    "type": "按题型",
    "style": "按问法",
    "turn": "按首问或追问",
    "region": "按地区",
    "kind": "按文件类别",
    "form": "按表格或正文",
    "documents": "按依据的文件数",
}

_CSS = (Path(__file__).parent / "report.css").read_text("utf-8")


def html_report(run: Finished, show: int = 200) -> str:
    """The page of a run.

    Args:
        run: a finished run.
        show: how many failed questions are written out.
    """
    overall = run.metrics["overall"]
    parts = [
        f"<h1>评测报告：{escape(run.metrics['name'])}</h1>",
        _about(run.metrics),
        _cards(overall),
        '<h2>概览</h2><div class="pair">',
        _figure("问题在哪一步丢失（可答的题）", funnel(run.scored)),
        _figure("失败类别", _failures(overall["failures"])),
        _figure("作答与拒答", _matrix(overall["refusal_table"])),
        _figure("每题用时", histogram(_seconds(run.scored), "每题用时")),
        "</div>",
        *(_slice(name, groups) for name, groups in run.metrics["slices"].items()),
        f"<h2>最差的题在前（{sum(overall['failures'].values())} 题有问题）</h2>",
        *(_question(item) for item in worst(run.scored)[:show]),
    ]
    return page(run.metrics["name"], parts)


def page(title: str, parts: Iterable[str]) -> str:
    """A whole HTML document around parts that are escaped already."""
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
    )
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head>{head}<style>{_CSS}</style></head><body>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _about(about: Mapping[str, Any]) -> str:
    stamp = about.get("stamp", {})
    models = "，".join(f"{name} {value}" for name, value in stamp.get("models", {}).items())
    facts = [("题目", about.get("set")), ("提交", stamp.get("commit")), ("设置", stamp.get("config")), ("语料", stamp.get("corpus")),
             ("模型", models), ("查询日期", stamp.get("as_of")), ("命令", about.get("command"))]  # fmt: skip
    return '<p class="soft">' + "　".join(f"{name} <code>{escape(str(value))}</code>" for name, value in facts if value) + "</p>"


def _cards(overall: Mapping[str, Any]) -> str:
    cells = [(NAMES[name], _percent(overall.get(name))) for name in OVERALL if overall.get(name) is not None]
    cells += [
        ("p50 秒", _seconds_text(overall["seconds"]["p50"])),
        ("p95 秒", _seconds_text(overall["seconds"]["p95"])),
    ]
    cells.insert(0, ("题数", str(overall["questions"])))
    return (
        '<div class="cards">' + "".join(f'<div class="card">{escape(name)}<b>{value}</b></div>' for name, value in cells) + "</div>"
    )


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _seconds_text(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _figure(title: str, body: str) -> str:
    return f"<div><h3>{escape(title)}</h3>{body or '<p>没有数据</p>'}</div>"


def funnel(scored: Sequence[Scored]) -> str:
    """How many answerable questions are still alive after each stage."""
    alive = [item for item in scored if metrics.answerable(item.question)]
    stages: dict[str, Callable[[Scored], object]] = {
        "可答的题": lambda item: True,
        "前二十检索到": lambda item: item.scores["hit@20"],
        "前五检索到": lambda item: item.scores["hit@5"],
        "作答而未拒答": lambda item: not metrics.declined(item.answer) and not metrics.failed(item.answer),
        "引用到依据": lambda item: item.scores["citation_recall"],
        "答案正确": lambda item: item.scores["accuracy"],
    }
    total, values = len(alive), []
    for name, passes in stages.items():
        alive = [item for item in alive if passes(item)]
        values.append((name, float(len(alive)), f"{len(alive)}（{len(alive) / total:.0%}）" if total else "0"))
    return bars(values, "问题在哪一步丢失", float(total))


def _failures(failures: Mapping[str, int]) -> str:
    values = [(CLASSES[name], float(count), str(count)) for name, count in failures.items()]
    return bars(values, "失败类别", float(max(failures.values(), default=1))) if values else "<p>没有失败</p>"


def _matrix(table: Mapping[str, int]) -> str:
    good, bad = '<td class="good">', '<td class="bad">'
    return (
        "<table><tr><th></th><th>作答</th><th>拒答</th></tr>"
        f"<tr><td>可答</td>{good}{table['answered']}</td>{bad}{table['wrongly_declined']}</td></tr>"
        f"<tr><td>不可答</td>{bad}{table['wrongly_answered']}</td>{good}{table['declined']}</td></tr></table>"
        f"<p class='soft'>出错：{table['failed']}</p>"
    )


def _seconds(scored: Sequence[Scored]) -> list[float]:
    return [item.answer["seconds"]["total"] for item in scored if item.answer.get("seconds")]


def _slice(name: str, groups: Mapping[str, Mapping[str, Any]]) -> str:
    shown = {VALUE_NAMES.get(key, key): group for key, group in list(groups.items())[:40]}
    chart = grouped(
        {f"{key}（{group['questions']}）": group for key, group in list(shown.items())[:14]}, ["accuracy"], "答案正确率"
    )
    columns = [name for name in OVERALL if any(group.get(name) is not None for group in shown.values())]
    head = "<tr><th></th><th>题数</th>" + "".join(f"<th>{escape(NAMES[column])}</th>" for column in columns) + "</tr>"
    rows = "".join(
        f"<tr><td>{escape(key)}</td><td>{group['questions']}</td>"
        + "".join(f"<td>{_percent(group.get(c))}</td>" for c in columns)
        + "</tr>"
        for key, group in shown.items()
    )
    title = f'<h2>{escape(SLICE_NAMES.get(name, name))}</h2><p class="soft">答案正确率</p>'
    return f'{title}{chart}<div class="scroll"><table>{head}{rows}</table></div>'


def _question(item: Scored) -> str:
    asked, answer = item.question, item.answer
    tags = [
        CLASSES.get(item.failure, item.failure),
        asked["type"],
        asked.get("style"),
        asked.get("region"),
        asked["id"],
    ]
    head = "".join(f'<span class="tag">{escape(str(tag))}</span>' for tag in tags if tag)
    earlier = "".join(f'<p class="soft">此前问：{escape(text)}</p>' for text in asked.get("history", []))
    shown = answer.get("error") or answer.get("answer") or "（没有答案）"
    return (
        f"<details><summary>{head}{escape(asked['question'])}</summary>{earlier}"
        f"<p>答：</p><blockquote>{escape(shown)}</blockquote>"
        f"<p>参考答案：{escape(str(asked.get('answer', '')))}　应含：{escape(str(asked.get('must_have', [])))}</p>"
        + "".join(f'<blockquote class="right">{escape(quote)}</blockquote>' for quote in metrics.quotes(asked))
        + _cited(asked, answer)
        + _ranking(asked, answer)
        + "</details>"
    )


def _cited(asked: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    cites = answer.get("citations") or []
    return "".join(_passage(f"[{c['marker']}] {c['title']} {c['article']}", c["text"], asked) for c in cites)


def _ranking(asked: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    passages = (answer.get("passages") or [])[:10]
    rows = "".join(_passage(f"{p['rank']}. {p['document']} {p['article']}（{p['score']:.3f}）", p["text"], asked) for p in passages)
    return f"<details><summary>检索排序（前 {len(passages)}）</summary>{rows}</details>" if passages else ""


def _passage(title: str, text: str, asked: Mapping[str, Any]) -> str:
    right = any(holds_quote(text, quote) for quote in metrics.quotes(asked))
    return f'<p>{"✓ " if right else ""}{escape(title)}</p><blockquote class="{"right" if right else ""}">{escape(text[:700])}</blockquote>'
