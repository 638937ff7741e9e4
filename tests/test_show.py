"""`qa show`: the list, a document, an article, as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checks import one_clear_message

from qa.config import Config
from qa.corpus import Corpus
from qa.errors import InputError
from qa.show import show

CONFIG = Config()


def test_the_list_names_every_document(corpus: Corpus) -> None:
    lines = show(CONFIG).splitlines()
    assert len(lines) == len(corpus.documents) == 38
    for line, document in zip(lines, corpus, strict=True):
        assert line.startswith(document.id)
        assert line.endswith(document.info.title)


def test_the_list_as_json_says_kind_validity_and_region(corpus: Corpus) -> None:
    rows = json.loads(show(CONFIG, as_json=True))
    assert [row["id"] for row in rows] == list(corpus.documents)
    assert all(row["title"] and row["region"] and row["kind"] and row["validity"] for row in rows)
    assert {row["claimable"] for row in rows} == {True, False}


def test_a_document_is_shown_whole(corpus: Corpus) -> None:
    text = show(CONFIG, "huangpu-rules")
    document = corpus.documents["huangpu-rules"]
    assert text.startswith(document.info.title)
    assert document.text.strip() in text
    row = json.loads(show(CONFIG, "huangpu-rules", as_json=True))
    assert row["text"] == document.text
    assert row["article"] is None


@pytest.mark.parametrize(
    ("document", "article", "words"),
    [
        ("huangpu-rules", "第二十三条", "按实际租金的50%给予补贴"),
        ("huangpu-rules", "第十六条", "100万元"),
        ("chengdu-policy", "三（十二）", "按融资额的1%"),
        ("chengdu-policy", "三(十二)", "按融资额的1%"),
        ("shenggu-support", "二", "房租补贴"),
    ],
)
def test_an_article_is_shown_whole_and_alone(document: str, article: str, words: str) -> None:
    text = show(CONFIG, document, article)
    assert words in text
    row = json.loads(show(CONFIG, document, article, as_json=True))
    assert words in row["text"]
    assert row["article"] == article
    assert len(row["text"]) < 3000


def test_every_cited_article_can_be_shown(corpus: Corpus) -> None:
    from qa.chunk import make_passages

    wanted = [
        p
        for p in make_passages(corpus, 500)
        if p.document in ("huangpu-rules", "changsha-plan", "hangzhou-policies") and not p.table
    ]
    labels = {(p.document, p.article): p for p in wanted if p.article not in ("正文", "")}
    for (document, article), passage in list(labels.items())[::15]:
        assert passage.text[:20] in show(CONFIG, document, article)


def test_what_is_not_there_is_one_clear_sentence_with_what_is() -> None:
    with pytest.raises(InputError) as caught:
        show(CONFIG, "nowhere")
    assert "huangpu-rules" in str(caught.value)
    with pytest.raises(InputError) as caught:
        show(CONFIG, "huangpu-rules", "第九百条")
    one_clear_message(str(caught.value)[:200] + "。", "第九百条")
    assert "第六条" in str(caught.value)


def test_other_corpora(invented: Path) -> None:
    config = Config(corpus_dir=str(invented))
    assert len(show(config).splitlines()) == 3
    assert "45%" in show(config, "yunzhou-measures", "第二条")
