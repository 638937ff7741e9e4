"""Whether a policy is in force on a date, as far as the texts say: from the manifest's rule, through linked documents.

A period of years from an issue date that nobody wrote down has two ends: the earliest and the latest possible one.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from qa.corpus import Corpus, Document
from qa.errors import CorpusError
from qa.manifest import Stated, ValidityRule
from qa.types import Computed, Evidence

State = Literal["in_force", "expired", "bounded", "linked", "not_stated"]


@dataclass(frozen=True, slots=True)
class Validity:
    """What is known on one date. `follows` is the title of the document whose validity decides, `years` the period.

    `start` and `end` are days that are certain; `earliest_end` and `latest_end` bound an end that is not. `evidence` is
    the clause that says it, in the deciding document.
    """

    state: State
    start: date | None = None
    end: date | None = None
    earliest_end: date | None = None
    latest_end: date | None = None
    follows: str = ""
    evidence: Evidence | None = None
    years: float = 0


def validity_of(document: Document, corpus: Corpus, as_of: date) -> Validity:
    """The validity of a document on a date; a link is followed when its target is in the corpus.

    Raises:
        CorpusError: the manifest writes a date that is none.
    """
    return _resolve(document, corpus, as_of, frozenset())


def _resolve(document: Document, corpus: Corpus, as_of: date, seen: frozenset[str]) -> Validity:
    rule = document.info.validity
    if rule.state == "linked":
        return _linked(document, corpus, as_of, seen | {document.id})
    validity = replace(_ends(document), evidence=_evidence(document, corpus))
    return replace(validity, state=_state(validity, as_of))


def _linked(document: Document, corpus: Corpus, as_of: date, seen: frozenset[str]) -> Validity:
    rule = document.info.validity
    target = corpus.documents.get(rule.document)
    if target is None or target.id in seen:
        follows = target.info.title if target else rule.named
        return Validity("linked", follows=follows, evidence=_evidence(document, corpus))
    resolved = _resolve(target, corpus, as_of, seen)
    if resolved.state == "not_stated":
        return Validity("linked", follows=target.info.title, evidence=_evidence(document, corpus))
    return replace(resolved, follows=resolved.follows or target.info.title)


def _state(validity: Validity, as_of: date) -> State:
    if validity.end:
        return "in_force" if as_of <= validity.end else "expired"
    if validity.latest_end and as_of > validity.latest_end:
        return "expired"
    if validity.earliest_end and as_of <= validity.earliest_end:
        return "in_force"
    return "bounded" if validity.years else "not_stated"


def _ends(document: Document) -> Validity:
    """A document's own period: its start and end where they are certain, else the bounds of its end."""
    rule = document.info.validity
    start = _start(rule)
    if rule.end:
        return Validity("not_stated", start, _day(rule.end, last=True))
    if not rule.years:
        return Validity("not_stated", start)
    if not start and (issued := document.info.issued):
        start = _day(issued.value) + timedelta(days=_delay(rule))
    if start:
        return Validity("not_stated", start, _end_of_period(start, rule), years=rule.years)
    earliest, latest = _bound(rule.issued_earliest, rule), _bound(rule.issued_latest, rule, last=True)
    return Validity("not_stated", earliest_end=earliest, latest_end=latest, years=rule.years)


def _start(rule: ValidityRule) -> date | None:
    """The written first day; `issue` and `issue+30d` name a day that is not written."""
    return _day(rule.start) if rule.start and not rule.start.startswith("issue") else None


def _delay(rule: ValidityRule) -> int:
    """The days between issue and entry into force: 30 for `issue+30d`."""
    match = re.fullmatch(r"issue\+(\d+)d", rule.start)
    return int(match.group(1)) if match else 0


def _bound(issued: str, rule: ValidityRule, last: bool = False) -> date | None:
    return _end_of_period(_day(issued, last) + timedelta(days=_delay(rule)), rule) if issued else None


def _end_of_period(start: date, rule: ValidityRule) -> date:
    """The last day of a period of years (fractions in months) that begins on `start`."""
    months = start.year * 12 + start.month - 1 + round(rule.years * 12)
    year, month = divmod(months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def _day(text: str, last: bool = False) -> date:
    """A date of the manifest; of a month or a year alone its first day, or its last one."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    try:
        if not match:
            raise ValueError(text)
        year, month = int(match[1]), int(match[2] or (12 if last else 1))
        return date(year, month, int(match[3] or (calendar.monthrange(year, month)[1] if last else 1)))
    except ValueError as error:
        raise CorpusError(f"语料清单 manifest.toml 中的日期 {text!r} 无效，应写作 2023-12-31。请改正后重试。") from error


def _evidence(document: Document, corpus: Corpus) -> Evidence | None:
    rule = document.info.validity
    return corpus.locate(Stated("", rule.quote, rule.line), document) if rule.quote else None


def describe(validity: Validity) -> str:
    """One short phrase for the page: 已于2023年12月31日到期, 有效期至…, 文中未写明有效期."""
    followed = f"随《{validity.follows}》的有效期" if validity.follows else ""
    if validity.state == "linked":
        return followed or "有效期随另一份文件，该文件未收录"
    own = _own(validity)
    return f"{followed}，{own}" if followed else own


def _own(validity: Validity) -> str:
    if validity.state == "not_stated":
        return f"自{_full(validity.start)}起施行，未写明有效期" if validity.start else "文中未写明有效期"
    if validity.end:
        return f"已于{_full(validity.end)}到期" if validity.state == "expired" else f"有效期至{_full(validity.end)}"
    return f"有效期{validity.years:g}年{_bounds(validity)}（发布日期未载明）"


def _bounds(validity: Validity) -> str:
    earliest, latest = validity.earliest_end, validity.latest_end
    if latest and validity.state == "expired":
        return f"，最迟已于{_month(latest)}到期"
    if earliest and validity.state == "in_force":
        return f"，最早{_month(earliest)}到期"
    if earliest and latest:
        return f"，到期日在{_month(earliest)}至{_month(latest)}之间"
    return f"，最迟{_month(latest)}到期" if latest else ""


def worked_out(validity: Validity) -> tuple[Computed, ...]:
    """The dates of `describe` that no text writes, as computed figures whose operand is the written period."""
    if not validity.years:
        return ()
    period = f"{validity.years:g}年"
    exact = [(_full(validity.end), "自施行之日起")] if validity.end else []
    bounds = [(validity.earliest_end, "自可能的最早发布日起"), (validity.latest_end, "自可能的最晚发布日起")]
    results = exact + [(_month(end), since) for end, since in bounds if end]
    return tuple(Computed(result, (period,), f"{since}{period}，到{result}") for result, since in results)


def _full(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"
