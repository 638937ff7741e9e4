"""The whole path: events, dev questions proved figure by figure, switches, bad input, other languages."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from checks import one_clear_message
from told import AS_OF, DEV, MOBILE, as_row, check_quotes, said

import qa
from eval.metrics import number_support
from qa.cli import replay
from qa.config import Config
from qa.corpus import Corpus
from qa.errors import InputError, QAError
from qa.pipeline import Assistant, load
from qa.readers import fold
from qa.types import Answer, Delta, Done, Found, Role, Turn
from qa.verify import verify_sentence

RENT = "在黄埔办AI公司，租房能补多少？"
SAMPLE = DEV[:: max(len(DEV) // 60, 1)][:60]


@pytest.fixture(scope="module")
def answered(assistant: Assistant) -> list[tuple[dict[str, Any], Answer]]:
    """Sixty dev questions, those with a history among them, and their answers."""
    return [
        (row, assistant.ask(row["question"], replay(assistant, row.get("history") or [], AS_OF), as_of=AS_OF)) for row in SAMPLE
    ]


def test_every_quote_is_the_slice_of_its_document_and_of_its_file(
    answered: list[tuple[dict[str, Any], Answer]], corpus: Corpus
) -> None:
    assert len(answered) == 60
    for _, answer in answered:
        check_quotes(answer, corpus)
        for citation in as_row({}, corpus, answer)["citations"]:
            file = (corpus.folder / "texts" / citation["source"]).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
            assert all(fold(file[a:b]) == fold(q) for (a, b), q in zip(citation["spans"], citation["quotes"], strict=True))


def test_every_figure_is_proved(answered: list[tuple[dict[str, Any], Answer]], corpus: Corpus) -> None:
    unproved = []
    for row, answer in answered:
        support = number_support(row, as_row(row, corpus, answer))
        if support is not None and support < 1.0:
            unproved.append((row["id"], support, answer.text))
    assert not unproved


def test_every_sentence_passes_its_own_check(answered: list[tuple[dict[str, Any], Answer]], corpus: Corpus) -> None:
    problems = []
    for row, answer in answered:
        for sentence in answer.sentences:
            known = answer.notes if sentence.aside else answer.citations
            cited = [c for c in known if c.marker in sentence.markers]
            texts = [span.of(corpus.documents[c.passage.document].text) for c in cited for span in (*c.spans, *c.passage.context)]
            if sentence.role is not Role.NOTICE:
                assert sentence.markers, (row["id"], sentence.text)
                problems += [(row["id"], p) for p in verify_sentence(sentence.text, texts, answer.query.text, answer.computed)]
    assert not problems


def test_no_mobile_number_is_told(answered: list[tuple[dict[str, Any], Answer]]) -> None:
    assert not [row["id"] for row, answer in answered if re.search(MOBILE, re.sub(r"[ -]", "", answer.text))]


def test_no_answer_is_empty(answered: list[tuple[dict[str, Any], Answer]]) -> None:
    for row, answer in answered:
        assert answer.text.strip(), row["id"]
        assert all(sentence.text.strip("，。；：… ") for sentence in answer.sentences), (row["id"], answer.text)
        assert "\n" not in "".join(sentence.text for sentence in answer.sentences)


def test_a_stream_finds_then_tells_then_is_done(assistant: Assistant) -> None:
    found, *told, done = assistant.stream(RENT, as_of=AS_OF)
    assert isinstance(found, Found)
    assert isinstance(done, Done)
    deltas = [event for event in told if isinstance(event, Delta)]
    assert len(deltas) == len(told)
    assert tuple(delta.sentence for delta in deltas) == done.answer.sentences
    assert found.hits == done.answer.hits
    assert found.query == done.answer.query
    known: set[int] = set()
    for delta in deltas:
        known |= {citation.marker for citation in delta.citations}
        assert delta.sentence.aside or set(delta.sentence.markers) <= known


def test_asking_searching_and_streaming_agree(assistant: Assistant) -> None:
    answer, again = assistant.ask(RENT, as_of=AS_OF), assistant.ask(RENT, as_of=AS_OF)
    query, hits = assistant.search(RENT)
    assert replace(answer, seconds={}) == replace(again, seconds={})
    assert (query, hits) == (answer.query, answer.hits)
    assert len(hits) == 20
    assert hits[:3] == assistant.search(RENT, k=3)[1]


def test_an_answer_names_its_settings_date_and_seconds(assistant: Assistant) -> None:
    answer = assistant.ask(RENT)
    assert answer.as_of == date.today()
    assert answer.config_hash == assistant.config.hash()
    assert {"query", "retrieve", "answer", "verify", "total"} <= set(answer.seconds)
    assert sum(value for key, value in answer.seconds.items() if key != "total") <= answer.seconds["total"] + 1e-3


def test_threads_share_one_assistant(assistant: Assistant) -> None:
    questions = [RENT, "声谷上市奖励多少", "哪些城市给上市企业奖励", "南京的补贴", "德清2022年智能物流增加值目标"] * 3
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda question: assistant.ask(question, as_of=AS_OF).text, questions))
    assert together == [assistant.ask(question, as_of=AS_OF).text for question in questions]


@pytest.mark.parametrize("question", ["", "租" * 100_000, "😀🎉", "\x00\x01\x02", " \n ", "？？？"])
def test_what_cannot_be_read_is_one_clear_sentence(assistant: Assistant, question: str) -> None:
    with pytest.raises(InputError) as caught:
        assistant.ask(question)
    one_clear_message(caught.value)


@pytest.mark.parametrize("question", ["<script>alert(1)</script>", "'; DROP TABLE x; --", "${jndi:ldap://x}", "../../etc/passwd"])
def test_code_is_declined_in_one_sentence_and_not_repeated(assistant: Assistant, question: str) -> None:
    text = told_or_hinted(assistant, question)
    assert "\n" not in text
    assert not re.search("script|DROP|jndi|passwd", text)


@pytest.mark.parametrize(
    "question",
    [f"<b>{RENT}</b>", RENT.replace("租", "\x00租"), RENT + "\u202e", RENT + "<script>alert('x')</script>", RENT + "😀" * 20],
)
def test_a_question_in_rubbish_is_answered(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, as_of=AS_OF)
    assert not answer.refused
    assert "50%" in answer.text


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("在黃埔辦AI公司，租房能補多少？", "100万元"),
        ("聲谷創業團隊房租補貼最高多少", "30万元"),
        ("成都首發上市的企業最高獎勵多少", "350万元"),
    ],
)
def test_traditional_characters_are_converted_and_answered(assistant: Assistant, question: str, fact: str) -> None:
    answer = assistant.ask(question, as_of=AS_OF)
    assert not answer.refused
    assert fact in answer.text


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("How much rent subsidy can an AI company get in Huangpu, Guangzhou?", "huangpu-rules"),
        ("What is the IPO reward in Chengdu?", "chengdu"),
    ],
)
def test_english_is_answered_in_chinese_when_place_and_topic_are_known(assistant: Assistant, question: str, document: str) -> None:
    answer = assistant.ask(question, as_of=AS_OF)
    assert not answer.refused
    assert answer.citations[0].passage.document.startswith(document)


@pytest.mark.parametrize("question", ["What is the weather?", "How do I apply?", "hello world"])
def test_english_that_is_not_understood_gets_a_hint_in_both_languages(assistant: Assistant, question: str) -> None:
    text = told_or_hinted(assistant, question)
    assert re.search("[一-鿿]{4}", text)
    assert re.search("[A-Za-z]{4,} [a-z]+", text)


def told_or_hinted(assistant: Assistant, question: str) -> str:
    """What a question gets that cannot be answered: a declining answer, or the message of an `InputError`."""
    try:
        answer = assistant.ask(question, as_of=AS_OF)
    except InputError as error:
        return str(error)
    assert answer.refused
    assert not answer.citations
    return answer.text


SWITCHES: list[dict[str, Any]] = [
    {"lexical": False},
    {"dense": False},
    {"lines": False},
    {"thesaurus": False},
    {"region": False},
    {"verification": False},
    {"reranker": ""},
    {"encoder": "", "dense": False},
]


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: "-".join(switch))
def test_every_part_can_be_switched_off(invented: Path, tmp_path_factory: pytest.TempPathFactory, switch: dict[str, Any]) -> None:
    folder = tmp_path_factory.getbasetemp() / f"switch-{'none' if 'encoder' in switch else 'shipped'}"
    small = load(replace(Config(corpus_dir=str(invented), index_dir=str(folder)), **switch))
    answer = small.ask("云州租办公用房能补多少", as_of=AS_OF)
    assert not answer.refused
    assert answer.citations[0].passage.id.startswith("yunzhou-measures")
    assert "45%" in answer.text
    check_quotes(answer, small.corpus)


def test_with_everything_off_it_still_answers(assistant: Assistant) -> None:
    bare = load(replace(assistant.config, dense=False, lines=False, thesaurus=False, region=False, verification=False, reranker=""))
    answer = bare.ask("对新设立的人工智能企业在区内租赁办公用房，按实际租金的多少给予补贴", as_of=AS_OF)
    assert answer.text
    assert answer.hits
    check_quotes(answer, bare.corpus)
    assert answer.config_hash != assistant.config.hash()


def test_a_missing_index_is_built(invented: Path, tmp_path: Path) -> None:
    steps: list[float] = []
    config = Config(corpus_dir=str(invented), index_dir=str(tmp_path / "deep" / "index"), encoder="")
    small = load(config, lambda step, share: steps.append(share))
    assert steps[-1] == 1.0
    assert steps == sorted(steps)
    again: list[float] = []
    assert (
        load(config, lambda step, share: again.append(share)).ask("云州租办公用房能补多少").text
        == small.ask("云州租办公用房能补多少").text
    )
    assert not again


@pytest.mark.parametrize(
    "setting", [{"corpus_dir": "nowhere"}, {"encoder": "nowhere/at-all"}, {"reranker": "nowhere/at-all"}, {"generator": "magic"}]
)
def test_a_part_that_is_missing_is_one_clear_sentence(invented: Path, tmp_path: Path, setting: dict[str, Any]) -> None:
    config = Config(corpus_dir=str(invented), index_dir=str(tmp_path / "index"), encoder="")
    value = {key: str(tmp_path / text) if "/" in text or key == "corpus_dir" else text for key, text in setting.items()}
    with pytest.raises(QAError) as caught:
        load(replace(config, **value))
    one_clear_message(caught.value)


@pytest.mark.parametrize(
    ("question", "fact", "document"),
    [
        ("云州租办公室封顶多少", "66万元", "yunzhou-measures"),
        ("青河算力券每年最多多少", "120万元", "qinghe-rules"),
        ("云州国家级创新平台奖励多少", "220万元", "yunzhou-measures"),
    ],
)
def test_policies_nobody_has_seen(invented_assistant: Assistant, question: str, fact: str, document: str) -> None:
    answer = invented_assistant.ask(question, as_of=AS_OF)
    assert fact in answer.text
    assert answer.citations[0].passage.document == document
    check_quotes(answer, invented_assistant.corpus)


def test_a_history_without_answers_is_enough(assistant: Assistant) -> None:
    answer = assistant.ask("那补几年？", [Turn(RENT)], as_of=AS_OF)
    assert "3年" in said(answer, Role.ANSWER)
    assert answer.query.carried


def test_the_public_functions_are_those_of_the_package() -> None:
    assert qa.load is load
    assert qa.Assistant is Assistant
