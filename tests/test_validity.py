"""The five states of validity, through links, on any date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus import Corpus, Document, load_corpus
from qa.errors import CorpusError
from qa.manifest import Stated, ValidityRule
from qa.validity import Validity, describe, validity_of, worked_out
from qa.verify import verify_sentence

CORPUS = load_corpus(Path(__file__).parents[1] / "corpus")
WUHAN, CHENGDU, RULES = "wuhan-policies", "chengdu-policy", "chengdu-rules"
DATED = ValidityRule("dated", end="2023-12-31", quote="有效期至2023年12月31日")
FOUR_YEARS = ValidityRule(
    "relative", start="issue+30d", years=4, issued_earliest="2019-01-10", issued_latest="2022-01-31", quote="有效期四年"
)


def corpus_with(**rules: ValidityRule) -> Corpus:
    """The corpus with the rules of some documents (`_` for `-` in their ids) replaced."""
    documents = dict(CORPUS.documents)
    for name, rule in rules.items():
        document = documents[name.replace("_", "-")]
        documents[document.id] = replace(document, info=replace(document.info, validity=rule, issued=None))
    return replace(CORPUS, documents=documents)


def check(corpus: Corpus, id: str, as_of: date) -> Validity:
    return validity_of(corpus.documents[id], corpus, as_of)


def test_a_written_end_decides_to_the_day() -> None:
    corpus = corpus_with(wuhan_policies=DATED)
    last = check(corpus, WUHAN, date(2023, 12, 31))
    after = check(corpus, WUHAN, date(2024, 1, 1))
    assert (last.state, after.state) == ("in_force", "expired")
    assert describe(last) == "有效期至2023年12月31日"
    assert describe(after) == "已于2023年12月31日到期"
    assert after.evidence is not None
    assert "有效期至2023年12月31日" in after.evidence.span.of(corpus.documents[WUHAN].text).replace(" ", "")


def test_a_period_from_a_written_start_is_worked_out() -> None:
    corpus = corpus_with(changsha_platforms=ValidityRule("dated", start="2021-11-12", years=2, quote="有效期两年"))
    validity = check(corpus, "changsha-platforms", date(2023, 11, 12))
    assert (validity.state, validity.end) == ("expired", date(2023, 11, 11))
    assert check(corpus, "changsha-platforms", date(2023, 11, 11)).state == "in_force"


@pytest.mark.parametrize(
    ("as_of", "state", "phrase"),
    [
        (date(2020, 1, 1), "in_force", "有效期4年，最早2023年2月到期（发布日期未载明）"),
        (date(2024, 6, 1), "bounded", "有效期4年，到期日在2023年2月至2026年3月之间（发布日期未载明）"),
        (date(2026, 11, 20), "expired", "有效期4年，最迟已于2026年3月到期（发布日期未载明）"),
    ],
)
def test_an_unwritten_issue_date_bounds_the_end(as_of: date, state: str, phrase: str) -> None:
    validity = check(corpus_with(chengdu_policy=FOUR_YEARS), CHENGDU, as_of)
    assert (validity.state, describe(validity)) == (state, phrase)


def test_one_bound_is_enough_to_say_something() -> None:
    corpus = corpus_with(chengdu_policy=replace(FOUR_YEARS, issued_earliest=""))
    assert describe(check(corpus, CHENGDU, date(2020, 1, 1))) == "有效期4年，最迟2026年3月到期（发布日期未载明）"
    unknown = corpus_with(chengdu_policy=replace(FOUR_YEARS, issued_earliest="", issued_latest=""))
    assert describe(check(unknown, CHENGDU, date(2020, 1, 1))) == "有效期4年（发布日期未载明）"


def test_a_known_issue_date_makes_a_period_exact() -> None:
    corpus = corpus_with(chengdu_policy=FOUR_YEARS)
    document = corpus.documents[CHENGDU]
    issued = replace(document, info=replace(document.info, issued=Stated("2019-02-01", "", 0)))
    validity = validity_of(issued, corpus, date(2021, 1, 1))
    assert (validity.start, validity.end) == (date(2019, 3, 3), date(2023, 3, 2))


def test_a_link_inside_the_corpus_is_followed() -> None:
    corpus = corpus_with(chengdu_policy=FOUR_YEARS, chengdu_rules=ValidityRule("linked", document=CHENGDU))
    validity = check(corpus, RULES, date(2026, 11, 20))
    assert validity.state == "expired"
    assert validity.follows == corpus.documents[CHENGDU].info.title
    assert describe(validity).startswith(f"随《{validity.follows}》的有效期，有效期4年，最迟已于2026年3月到期")
    assert validity.evidence is not None
    assert validity.evidence.document == CHENGDU


def test_a_link_out_of_the_corpus_stays_a_link() -> None:
    rule = ValidityRule("linked", named="关于加快IAB产业发展的实施意见")
    validity = check(corpus_with(huangpu_rules=rule), "huangpu-rules", date(2026, 1, 1))
    assert (validity.state, describe(validity)) == ("linked", "随《关于加快IAB产业发展的实施意见》的有效期")


def test_a_circle_of_links_ends() -> None:
    corpus = corpus_with(
        chengdu_policy=ValidityRule("linked", document=RULES), chengdu_rules=ValidityRule("linked", document=CHENGDU)
    )
    assert check(corpus, RULES, date(2026, 1, 1)).state == "linked"


def test_a_link_to_a_removed_document_stays_a_link() -> None:
    corpus = corpus_with(chengdu_rules=ValidityRule("linked", document=CHENGDU, named="成都专项政策"))
    documents = {id: document for id, document in corpus.documents.items() if id != CHENGDU}
    validity = check(replace(corpus, documents=documents), RULES, date(2026, 1, 1))
    assert (validity.state, describe(validity)) == ("linked", "随《成都专项政策》的有效期")


def test_no_statement_is_said_so() -> None:
    corpus = corpus_with(wuhan_policies=ValidityRule())
    assert describe(check(corpus, WUHAN, date(2026, 1, 1))) == "文中未写明有效期"
    begun = corpus_with(wuhan_policies=ValidityRule("dated", start="2020-01-13"))
    assert describe(check(begun, WUHAN, date(2026, 1, 1))) == "自2020年1月13日起施行，未写明有效期"


def test_a_damaged_date_names_the_manifest() -> None:
    with pytest.raises(CorpusError, match="2023-13-01"):
        check(corpus_with(wuhan_policies=ValidityRule("dated", end="2023-13-01")), WUHAN, date(2026, 1, 1))


def test_the_phrase_passes_verification_with_its_computed_dates() -> None:
    validity = check(corpus_with(chengdu_policy=FOUR_YEARS), CHENGDU, date(2026, 11, 20))
    phrase = f"注意：成都专项政策{describe(validity)}。"
    assert verify_sentence(phrase, ["本政策自印发之日起30日后正式施行，有效期四年。"], "", worked_out(validity)) == ()
    assert verify_sentence(phrase, ["本政策自印发之日起30日后正式施行，有效期四年。"])


@pytest.mark.parametrize("document", list(CORPUS), ids=lambda document: document.id)
def test_every_document_of_the_corpus_has_a_state(document: Document) -> None:
    validity = validity_of(document, CORPUS, date(2026, 11, 20))
    assert describe(validity)
    if document.info.validity.quote:
        assert validity.evidence is not None


@given(st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.integers(0, 2000), st.integers(1, 10))
def test_time_never_brings_an_expired_policy_back(issued: date, spread: int, years: int) -> None:
    rule = ValidityRule(
        "relative",
        start="issue",
        years=years,
        issued_earliest=issued.isoformat(),
        issued_latest=(issued + timedelta(days=spread)).isoformat(),
    )
    corpus = corpus_with(chengdu_policy=rule)
    order = ["in_force", "bounded", "expired"]
    days = [issued + timedelta(days=180 * step) for step in range(40)]
    states = [order.index(check(corpus, CHENGDU, day).state) for day in days]
    assert states == sorted(states)
