"""Declining: what kind it is, and what to say and show instead of an answer.

Hostile, chat and uncovered places are seen before the search. Afterwards, in this order: out of domain (no word of the field),
premise (`qa.answer.premise`), not stated (`qa.answer.unstated`), no evidence (a small linear model over how much of the
question was found, trained on our own train questions by `training/ranker.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.answer.draft import Draft, Outcome, Quote
from qa.answer.extract import Pick
from qa.answer.premise import contradicted
from qa.answer.rows import row_text
from qa.answer.unstated import unstated
from qa.corpus import Corpus
from qa.places import relation, short_name, within
from qa.rerank import load_weights
from qa.types import Hit, Passage, Query, Refusal, Role, Span

_ALIEN = 0.5  # probability of having found it, below which words that no document knows mean another trade
_ALIKE = 0.35  # inner product from which a passage is about the same thing
SIGNALS = ("bias", "coverage", "strict", "line_match", "vector", "share", "lead", "region_missed", "carried", "known")
PLAIN = tuple(name for name in SIGNALS if name not in ("line_match", "vector"))  # what is known of a document without lines
_FOUND = 0.15  # probability of having found the subject, below which the question is declined
_FOUND_PLAIN = 0.04  # the same for documents without lines: a policy added later is answered from unless next to nothing fits
_IN_DOMAIN = 0.7  # the same for questions without any word of the field
_IN_DOMAIN_PLACED = 0.3  # of those, when they name a place or a policy: founders describe things in words of their own
_HOSTILE = re.compile(
    r"(忽略|无视|忘掉|忘记|不要管|别管|抛开|跳过)[^，。]{0,14}(指令|规则|规矩|设定|提示|限制|要求|条文|原文|上面|之前|前面|以上)"
    r"|系统提示|(你的|输出|显示|打印|泄露)[^，。]{0,4}提示词|system\s*prompt|ignore (all|any|previous|the)|越狱|jailbreak|DAN模式|开发者模式"
    r"|(规矩|指令|规则|设定)[^，。]{0,6}(忘掉|忘了|忘光|忽略|无视|忘记)|(编|伪造|捏造|假造|杜撰|瞎编)[^，。]{0,24}(政策|文件|条款|条文|红头|公文|证明|材料|数字|金额|发票|合同)"
    r"|(造|做|弄|搞)(一份|个|点)?假|(虚报|谎报|冒领|套取|(?<![抓防反查])骗取?)[^？?]{0,30}(怎么|咋|办法|不被查|多领|拿)|怎么[^，。]{0,6}(骗|套取|虚报)"
    r"|(别管|不用管|不看)[^，。]{0,6}(文件|原文|政策)|(直接|就)(说|告诉我|回答)[^，。？]{0,16}(发|给|拿)[^，。？]{0,6}[千百]万"
)
_CONSEQUENCE = re.compile(r"查出|发现|(?<!不)(?<!不会)(?<!不想)被|后果|处罚|处理|会怎样|会怎么样|追回|收回|几年")
_CHAT = re.compile(
    r"^(谢谢|多谢|感谢|辛苦)(?!.*(补|奖|政策|申请|呢|吗|多少|哪|怎么))[^？?]{0,24}$|^(在[吗嘛么不]?){1,2}在?$|^(你好|您好|hi|hello|嗨|哈喽|在吗|在不在|早上好|下午好|晚上好|谢谢|多谢|辛苦了|再见|拜拜|好的|明白了|收到)[啊呀呢吗，,！!。.？?\s你您了]*$"
    r"|^(在吗|在么|在不在|早上好|下午好|晚上好|您?你?好)[^，。？]{0,3}[，,。！!\s]+(在吗|在不在|早上好|下午好|晚上好|您?你?好)[^补奖贴资申]{0,6}$"
    r"|你(是谁|是(真人|机器|人工|人还是|AI|ai)|叫什么|能做什么|会什么|能干什么|能干啥|会干啥|有什么用|能帮我做什么|可以做什么)|怎么用你|what can you do",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"(帮我|给我|替我|请你?)?(写|作|编|画)(一?(首|封|篇|幅|段|个|份)|下)[^，。？]{0,12}(诗|信|作文|小说|代码|程序|图|故事|申请|邮件|朋友圈|歌)|翻译(成|一下)|讲个?(笑话|故事)"
)
_DOMAIN = re.compile(
    r"补|奖|贴|资助|扶持|支持|政策|申报|申请|资金|基金|企业|公司|产业|人工智能|AI|智能|平台|人才|项目|园区|算力|数据|孵化|研发|规划|方案|计划|措施|办法|细则|意见|目标|责任|部门|单位|牵头|机器人|芯片|语音|示范|应用|标准|专利|贷款|融资|上市|租|税|落户|认定|场景|钱|建设|院士|高管|产线|布局|管委会|入驻|局|IPO|创新|科技|学校|教育|医疗|农业|交通|汽车|城市|费|博士|团队|实验室",
    re.IGNORECASE,
)


def before_search(query: Query, corpus: Corpus) -> Outcome | None:
    """What can be declined without a search: hostile instructions, chat, places that no document serves."""
    if _HOSTILE.search(query.text) and not _CONSEQUENCE.search(query.text):
        return Outcome(
            (
                _notice(
                    "我只依据收录的政策原文回答，不能改变规则，也不能编造文件、金额或申报材料。想了解某项扶持，可以直接问我条件和金额。"
                ),
            ),
            Refusal.HOSTILE,
        )
    if _CHAT.search(query.text):
        return Outcome(_greeting(corpus), Refusal.CHAT)
    if _TASK.search(query.text):
        return declining(Refusal.OUT_OF_DOMAIN, None, query, corpus)
    if query.uncovered and not query.regions:
        return _not_covered(query, corpus)
    if not re.search(r"[㐀-鿿]{2}", query.subject):
        return declining(Refusal.OUT_OF_DOMAIN, None, query, corpus)
    return None


def _notice(text: str) -> Draft:
    return Draft(text, role=Role.NOTICE)


def _greeting(corpus: Corpus) -> tuple[Draft, ...]:
    compiled = f"（资料截至{corpus.manifest.compiled.value}）" if corpus.manifest.compiled else ""
    return (
        _notice(
            f"您好！我帮您查人工智能产业政策：能拿多少、什么条件、找谁办、到什么时候，每句话都附原文出处。现在收录了{len(corpus.documents)}份文件{compiled}。"
        ),
        _notice("可以这样问：在某地办AI公司，租房能补多少？也可以让我比较几个城市。"),
    )


def _not_covered(query: Query, corpus: Corpus) -> Outcome:
    names = "、".join(short_name(path) for path in query.uncovered)
    province = query.uncovered[0].split("/")[0]
    near = [doc.info for doc in corpus if any(within(path, province) for path in doc.info.applies_to)]
    places = list(dict.fromkeys(short_name(info.applies_to[0]) for info in near))
    if places:
        text = f"资料库没有收录{names}的政策，无法回答。同省收录的有：{'、'.join(places)}。"
    else:
        cities = list(dict.fromkeys(short_name(doc.info.applies_to[0]) for doc in corpus))
        text = f"资料库没有收录{names}的政策，无法回答。收录的地方有：{'、'.join(cities)}。"
    return Outcome((_notice(text), _notice("可以告诉我要比较的收录城市，或向当地科技、工信部门咨询。")), Refusal.PLACE_NOT_COVERED)


def signals(query: Query, hits: Sequence[Hit], picks: Sequence[Pick], corpus: Corpus) -> NDArray[np.float64]:
    """How much of the question was found: shape (len(SIGNALS),)."""
    raw = hits[0].features
    missed = bool(query.regions) and not relation(query.regions, corpus.documents[hits[0].passage.document].info)
    lead = min(hits[0].score - hits[1].score, 6.0) if len(hits) > 1 else 0.0
    absolute = (raw.get(name, 0.0) for name in ("coverage", "strict", "raw_line", "raw_vector"))
    return np.array(
        [1.0, *absolute, picks[0].share if picks else 0.0, lead, float(missed), float(bool(query.carried)), raw.get("known", 1.0)]
    )


@dataclass(frozen=True, slots=True)
class FoundWeights:
    """Weights of `SIGNALS`: for documents that have plain-language lines, which the encoder has seen too, and for others."""

    familiar: NDArray[np.float64]
    plain: NDArray[np.float64]

    def probability(self, values: NDArray[np.float64], familiar: bool) -> tuple[float, float]:
        """The probability of having found the subject, and the least one at which to answer."""
        weights = self.familiar if familiar else self.plain
        return 1.0 / (1.0 + np.exp(-float(values @ weights))), _FOUND if familiar else _FOUND_PLAIN


def decide(
    query: Query, hits: Sequence[Hit], picks: Sequence[Pick], corpus: Corpus, weights: FoundWeights, familiar: bool
) -> Refusal | None:
    """Why the question is not answered, or None when it is.

    Args:
        query: the question as understood.
        hits: its ranking.
        picks: the clauses that would answer it.
        corpus: the documents.
        weights: of `SIGNALS`.
        familiar: whether the best passage's document has plain-language lines.
    """
    found, least = weights.probability(signals(query, hits, picks, corpus), familiar)
    in_domain = _IN_DOMAIN_PLACED if query.regions or query.documents else _IN_DOMAIN
    if found < in_domain and not query.carried and not _DOMAIN.search(query.subject):
        return Refusal.OUT_OF_DOMAIN
    told = picks[0].clause.passage if picks else hits[0].passage
    raw = hits[0].features
    if found < _ALIEN and not raw.get("known", 1.0) and 0.0 < raw.get("raw_vector", 0.0) < _ALIKE:  # another trade: 开饭店有补贴吗
        return Refusal.NO_EVIDENCE
    around = _article_text(told, hits)
    stated = [_with_unit(pick.clause.text, told, query, corpus) for pick in picks if pick.clause.passage == told]
    if not query.which_places and contradicted(query.text, told.text, "".join(stated), around):
        return Refusal.PREMISE
    if unstated(query, stated, around, corpus.documents[told.document].text):
        return Refusal.NOT_STATED
    return Refusal.NO_EVIDENCE if found < least else None


def _with_unit(clause: str, told: Passage, query: Query, corpus: Corpus) -> str:
    """A table's row as a sentence whose values have their unit: 2022年50（单位：亿元） as 2022年50亿元."""
    if not told.table:
        return clause
    sentence = row_text(told, corpus, query)[0]
    return re.sub(r"(?<=年)([\d.]+)(?=.*（单位：(.+?)）)", lambda value: value.group(1) + value.group(2), sentence)


def _article_text(passage: Passage, hits: Sequence[Hit]) -> str:
    stem = passage.id.split("#")[0]
    return "\n".join(hit.passage.text for hit in hits[:8] if hit.passage.id.split("#")[0] == stem)


def load_found_weights(path: Path) -> FoundWeights:
    """Read both sets of weights.

    Raises:
        ModelError: the file is missing or damaged.
    """
    return FoundWeights(load_weights(path, "found", SIGNALS), load_weights(path, "found:plain", SIGNALS))


_LEADS = {
    Refusal.NOT_STATED: "原文没有写明您问的这一点，相关条文只说：",
    Refusal.PREMISE: "与原文不符，原文是：",
    Refusal.NO_EVIDENCE: "收录的文件里没有找到这一项，最接近的是：",
}


def declining(refusal: Refusal, draft: Draft | None, query: Query, corpus: Corpus) -> Outcome:
    """The words of a declining answer; the nearest clause is shown and cited where that helps."""
    if refusal is Refusal.OUT_OF_DOMAIN or draft is None:
        text = "这个问题不在资料范围内。我只回答收录的人工智能产业政策：补贴奖励、申报条件、负责部门、目标任务等。"
        if refusal is not Refusal.OUT_OF_DOMAIN:
            text = "收录的文件里没有找到这一项。可以换个说法，或说明是哪个地方的政策。"
        return Outcome((_notice(text),), refusal)
    info = corpus.documents[draft.quotes[0].passage.document].info
    asked = "、".join(short_name(region) for region in query.regions)
    elsewhere = f"{short_name(info.applies_to[0])}的" if query.regions and not relation(query.regions, info) else ""
    lead = _LEADS[refusal]
    if elsewhere or (refusal is Refusal.NO_EVIDENCE and asked):
        lead = f"收录的{asked}文件里没有找到这一项，最接近的是{elsewhere}："
    return Outcome((Draft(lead + draft.text, draft.quotes, Role.ANSWER),), refusal)


def nearest_quote(hit: Hit) -> Quote:
    """The whole passage as a quote."""
    return Quote(hit.passage, (Span(hit.passage.span.start, hit.passage.span.end),))
