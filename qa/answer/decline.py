"""Declining: what kind it is, and what to say and show instead of an answer.

Hostile, chat and uncovered places are seen before the search. Afterwards, in this order: out of domain (no word of the field),
premise (`qa.answer.premise`), not stated (`qa.answer.unstated`), no evidence (the subject was probably not found), not stated (it was
found, and what is asked of it probably is not there; both by `qa.answer.found`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answer.asked import YEAR, has
from qa.answer.draft import Draft, Outcome, Quote
from qa.answer.extract import Pick
from qa.answer.field import in_field
from qa.answer.found import Found
from qa.answer.premise import contradicted
from qa.answer.rows import row_text
from qa.answer.unstated import unstated
from qa.corpus import Corpus
from qa.intent import IntentModel
from qa.places import relation, short_name, within
from qa.types import Hit, Passage, Query, Refusal, Role, Span

_FOREIGN = 0.15  # by how much a question of another trade is nearer to its like than to any line
_ALIEN = 0.3  # probability of having found it, below which words that no document knows mean another trade
_ALIKE = 0.35  # inner product from which a passage is about the same thing
_FOUND = 0.05  # probability of having found the subject, below which the question is declined
_FOUND_PLAIN = 0.04  # the same for documents without lines: a policy added later is answered from unless next to nothing fits
_IN_DOMAIN = 0.7  # the same for questions without any word of the field
_IN_DOMAIN_PLACED = 0.33  # of those, when they name a place or a policy: founders describe things in words of their own
_STATED = 0.07  # probability that the article states what is asked, below which the question is declined
_FOUND_AND_STATED = 0.03  # both together: neither alone is low enough, but hardly anything speaks for an answer
_UNIT_ASKED = re.compile("(?:几|多少|哪个?)(?P<unit>月|平方公里|公里|公顷|亩)")
_GREETING = (
    "您好！我帮您查人工智能产业政策：能拿多少、什么条件、找谁办、到什么时候，每句话都附原文出处。",
    "可以这样问：在某地办AI公司，租房能补多少？也可以让我比较几个城市。",
)
_UNMOVED = "我只依据收录的政策原文回答，不能改变规则，也不能编造文件、金额或申报材料。想了解某项扶持，可以直接问我条件和金额。"


def before_search(query: Query, corpus: Corpus, intents: IntentModel | None) -> Outcome | None:
    """What can be declined without a search: hostile instructions, chat, other subjects, places that no document serves."""
    placed = bool(query.regions or query.uncovered or query.documents or query.carried)
    intent = intents.refusal(query.text, placed) if intents else None
    if intent is Refusal.HOSTILE:
        return Outcome((_notice(_UNMOVED),), intent)
    if intent is Refusal.CHAT:
        return Outcome(tuple(map(_notice, _GREETING)), intent)
    if intent:
        return declining(intent, None, query, corpus)
    if query.uncovered and not query.regions:
        return _not_covered(query, corpus)
    if not re.search(r"[㐀-鿿]{2}", query.subject):
        return declining(Refusal.OUT_OF_DOMAIN, None, query, corpus)
    return None


def _notice(text: str) -> Draft:
    return Draft(text, role=Role.NOTICE)


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


def decide(query: Query, hits: Sequence[Hit], picks: Sequence[Pick], corpus: Corpus, found: Found) -> Refusal | None:
    """Why the question is not answered, or None when it is.

    Args:
        query: the question as understood.
        hits: its ranking.
        picks: the clauses that would answer it.
        corpus: the documents.
        found: how likely the subject was found and what is asked stands there.
    """
    in_domain = _IN_DOMAIN_PLACED if query.regions or query.documents else _IN_DOMAIN
    if found.probability < in_domain and not query.carried and not in_field(query.text):
        return Refusal.OUT_OF_DOMAIN
    told = picks[0].clause.passage if picks else hits[0].passage
    raw = hits[0].features
    unknown = not raw.get("known", 1.0) and 0.0 < raw.get("raw_vector", 0.0) < _ALIKE
    if found.probability < _ALIEN and unknown:  # another trade: 开饭店有补贴吗
        return Refusal.NO_EVIDENCE
    around = _article_text(told, hits)
    stated = [_with_unit(pick.clause.text, told, query, corpus) for pick in picks if pick.clause.passage == told]
    if told.table:
        stated.append(told.text)  # the whole row: the clause shows only the columns that are asked for
    if not query.which_places and contradicted(query.text, told.text, "".join(stated), around):
        return Refusal.PREMISE
    if unstated(query, stated, around, corpus.documents[told.document].text):
        return Refusal.NOT_STATED
    if found.probability < (_FOUND if found.familiar else _FOUND_PLAIN) or _other_trade(found):
        return Refusal.NO_EVIDENCE
    unlikely = found.stated < _STATED or found.probability * found.stated < _FOUND_AND_STATED
    if unlikely and not (stated and _met(query, stated[0])):
        return Refusal.NOT_STATED if found.nearest and found.nearest.gap.subject else Refusal.NO_EVIDENCE
    return None


def _other_trade(found: Found) -> bool:
    """The question is near to one that no policy of any place answers (开饭店有补贴吗), and far from all that these answer."""
    near = found.nearest
    return near is not None and not near.gap.document and near.gap_score - near.line_score > _FOREIGN


def _met(query: Query, clause: str) -> bool:
    """The clause has just what is asked for: a figure for the year that is named, or one in the unit (几月份, 多少平方公里)."""
    same_year = set(YEAR.findall(query.text)) & set(YEAR.findall(clause))
    unit = _UNIT_ASKED.search(query.text)
    return bool(same_year and has(clause, ("amount", "ratio", "count"))) or bool(unit and re.search(rf"\d{unit['unit']}", clause))


def _with_unit(clause: str, told: Passage, query: Query, corpus: Corpus) -> str:
    """A table's row as a sentence whose values have their unit: 2022年50（单位：亿元） as 2022年50亿元."""
    if not told.table:
        return clause
    sentence = row_text(told, corpus, query)[0]
    return re.sub(r"(年[一-鿿]{0,4}[\d.]+)(?=.*（单位：(.+?)）)", lambda value: value.group(1) + value.group(2), sentence)


def _article_text(passage: Passage, hits: Sequence[Hit]) -> str:
    stem = passage.id.split("#")[0]
    return "\n".join(hit.passage.text for hit in hits[:8] if hit.passage.id.split("#")[0] == stem)


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
