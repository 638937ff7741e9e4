"""The word list: read, checked, and found in questions longest first."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from checks import one_clear_message
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus import Corpus
from qa.errors import CorpusError
from qa.lexicon import Lexicon, find_mentions, load_lexicon
from qa.places import is_covered
from qa.types import Asked

SHIPPED = load_lexicon(Path(__file__).parents[1] / "corpus" / "lexicon.tsv")
TERMS = st.text("甲乙丙", min_size=1, max_size=3)
TABLES = st.dictionaries(TERMS, st.lists(st.tuples(st.text("路", min_size=1, max_size=2), st.floats(0, 1)), min_size=1, max_size=2))


def read(tmp_path: Path, text: str) -> Lexicon:
    path = tmp_path / "lexicon.tsv"
    path.write_text(text, "utf-8")
    return load_lexicon(path)


def test_kinds_targets_and_weights(tmp_path: Path) -> None:
    lexicon = read(
        tmp_path,
        "kind\tterm\ttarget\tweight\n# note\n\nplace\t云州\t云岭/云州\t1\npolicy\t细则\trules\n"
        "synonym\t租房\t租金补贴|办公用房\t0.6\nsynonym\t租房\t租赁\t0.3\nterm\t算力券\nkindword\t多少\tamount\t0.5\n",
    )
    assert lexicon.places == {"云州": [("云岭/云州", 1.0)]}
    assert lexicon.policies == {"细则": [("rules", 1.0)]}
    assert lexicon.synonyms == {"租房": [("租金补贴", 0.6), ("办公用房", 0.6), ("租赁", 0.3)]}
    assert lexicon.kindwords == {"多少": [("amount", 0.5)]}
    assert set(lexicon.vocabulary()) >= {"算力券", "云州", "租房", "租金补贴", "办公用房", "租赁"}


def test_a_missing_file_is_an_empty_list(tmp_path: Path) -> None:
    assert list(load_lexicon(tmp_path / "none.tsv").vocabulary()) == []


@pytest.mark.parametrize(
    ("line", "says"),
    [("lieu\t云州\t云岭", "lieu"), ("place", "place"), ("kindword\t多少\tprice", "price"), ("synonym\t租房\t租赁\t高", "权重")],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(CorpusError) as error:
        read(tmp_path, f"term\t算力券\n{line}\n")
    one_clear_message(error.value, "lexicon.tsv", "第 2 行", says)


def test_a_broken_encoding(tmp_path: Path) -> None:
    (tmp_path / "lexicon.tsv").write_bytes("term\t算力券".encode("gbk"))
    with pytest.raises(CorpusError) as error:
        load_lexicon(tmp_path / "lexicon.tsv")
    one_clear_message(error.value, "lexicon.tsv", "UTF-8", "请")


@given(st.text("甲乙丙丁", max_size=20), TABLES, st.floats(0, 1))
def test_mentions_lie_apart_in_order_and_are_the_longest(
    text: str, table: dict[str, list[tuple[str, float]]], least: float
) -> None:
    found = find_mentions(text, table, least)
    assert all(mention.span.of(text) == mention.term for mention in found)
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))
    assert all(weight >= least for mention in found for _, weight in mention.targets)
    for mention in found:
        for length in range(len(mention.span) + 1, 4):
            longer = text[mention.span.start : mention.span.start + length]
            assert not (len(longer) == length and any(weight >= least for _, weight in table.get(longer, ())))
    taken = {i for mention in found for i in range(mention.span.start, mention.span.end)}
    for i in set(range(len(text))) - taken:
        assert not any(weight >= least for _, weight in table.get(text[i], ()))


def test_the_shipped_list_fits_the_corpus(corpus: Corpus) -> None:
    assert {target for targets in SHIPPED.policies.values() for target, _ in targets} <= set(corpus.documents)
    assert {target for targets in SHIPPED.kindwords.values() for target, _ in targets} <= set(Asked)
    assert len(SHIPPED.synonyms) >= 500
    named = {path for targets in SHIPPED.places.values() for path, _ in targets}
    infos = [document.info for document in corpus]
    assert {region for info in infos for region in info.applies_to} <= named
    assert any(not is_covered(path, infos) for path in named)
    tables = (SHIPPED.places, SHIPPED.policies, SHIPPED.synonyms)
    weights = [weight for table in tables for targets in table.values() for _, weight in targets]
    assert all(0 < weight <= 1 for weight in weights)
