"""The index: built, loaded, current or stale, damaged, killed while it is built; and the whole pipeline on it."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from checks import one_clear_message
from invented import MANIFEST, TEXTS, without_document

import qa
from qa.cli import main
from qa.config import Config
from qa.corpus import Corpus, load_corpus
from qa.errors import IndexFileError, QAError
from qa.index import build_index, index_exists, index_hash, indexed_text, is_current, load_index

ROOT = Path(__file__).parents[1]
AS_OF = date(2032, 6, 1)
QUESTIONS = [
    ("在云州租办公室能补多少", "yunzhou-measures", "45%"),
    ("云州新开的AI公司租房每年封顶多少", "yunzhou-measures", "66万元"),
    ("云州国家级创新平台奖励多少", "yunzhou-measures", "220万元"),
    ("云州年薪80万的人才奖励多少", "yunzhou-measures", "13万元"),
    ("青河算力券一年最高多少", "qinghe-rules", "120万元"),
    ("云州2033年智能产业规模目标是多少", "yunzhou-plan", "370亿元"),
]


def config_of(corpus: Path, index: Path, encoder: str = "") -> Config:
    return Config(corpus_dir=str(corpus), index_dir=str(index), encoder=encoder)


@pytest.fixture(scope="module")
def built(invented: Path, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The invented corpus with an index; not to be changed."""
    config = config_of(invented, tmp_path_factory.mktemp("index"))
    build_index(config)
    return config


@pytest.fixture
def copy(built: Config, tmp_path: Path) -> Config:
    """Corpus and index of its own, to be damaged."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(built.corpus_dir, corpus)
    shutil.copytree(built.index_dir, index)
    return config_of(corpus, index)


def generation(config: Config) -> Path:
    return Path(config.index_dir) / json.loads((Path(config.index_dir) / "current.json").read_text("utf-8"))["generation"]


def snapshot(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_built_and_loaded(built: Config) -> None:
    corpus = load_corpus(built.corpus_dir)
    index = load_index(built, corpus)
    assert index_exists(built)
    assert is_current(built)
    assert index.hash == index_hash(built)
    assert [p.text for p in index.passages] == [p.span.of(corpus.documents[p.document].text) for p in index.passages]
    assert index.text_lexical.size == len(index.passages)
    assert {p.document for p in index.passages} == set(corpus.documents)


def test_passages_come_back_as_they_were(built: Config) -> None:
    from qa.chunk import make_passages

    corpus = load_corpus(built.corpus_dir)
    assert load_index(built, corpus).passages == tuple(make_passages(corpus, built.passage_chars))


def test_no_pickle_and_no_leftovers(built: Config) -> None:
    names = [path.name for path in Path(built.index_dir).rglob("*")]
    assert not [name for name in names if name.endswith((".pkl", ".pickle", ".pt", ".part")) or name.startswith(".build-")]
    for array in Path(built.index_dir).rglob("*.npy"):
        np.load(array, allow_pickle=False)


def test_progress_rises_to_the_end(copy: Config) -> None:
    steps: list[tuple[str, float]] = []
    build_index(copy, lambda step, share: steps.append((step, share)))
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all(step for step, _ in steps)


def test_what_is_searched_holds_title_region_and_heading(built: Config) -> None:
    corpus = load_corpus(built.corpus_dir)
    passage = next(p for p in load_index(built, corpus).passages if p.text.startswith("示范场景"))
    text = indexed_text(passage, corpus)
    assert all(word in text for word in ("云州市智能产业行动计划", "云岭", "表1主要指标", "2033年", "示范场景"))


def test_repairs_are_in_the_indexed_form_only(copy: Config) -> None:
    manifest = Path(copy.corpus_dir) / "manifest.toml"
    repair = '\n[[repair]]\nfile = "qinghe.txt"\nline = 6\nwrong = "算力券"\nright = "算力优惠券"\n'
    manifest.write_text(manifest.read_text("utf-8") + repair, "utf-8")
    corpus = load_corpus(copy.corpus_dir)
    assert "优惠券" not in corpus.documents["qinghe-rules"].text
    build_index(copy)
    passage = next(p for p in load_index(copy, corpus).passages if "单个企业每年不超过" in p.text)
    assert "优惠券" not in passage.text
    assert "发放算力优惠券" in indexed_text(passage, corpus)


def test_no_index_yet(invented: Path, tmp_path: Path) -> None:
    config = config_of(invented, tmp_path / "index")
    assert not index_exists(config)
    with pytest.raises(IndexFileError) as error:
        load_index(config, load_corpus(invented))
    one_clear_message(error.value, "qa index")


@pytest.mark.parametrize(
    "what", ["manifest.toml", "lexicon.tsv", "lines.jsonl", "gaps.jsonl", "texts/qinghe.txt", "passage_chars", "encoder"]
)
def test_a_stale_index_is_refused_with_its_remedy(copy: Config, what: str) -> None:
    config = copy
    if what == "passage_chars":
        config = replace(copy, passage_chars=333)
    elif what == "encoder":
        config = replace(copy, encoder=Config().encoder)
    else:
        path = Path(copy.corpus_dir) / what
        path.write_text((path.read_text("utf-8") if path.exists() else "") + "\n", "utf-8")
    assert index_exists(config)
    assert not is_current(config)
    with pytest.raises(IndexFileError) as error:
        load_index(config, load_corpus(config.corpus_dir))
    one_clear_message(error.value, "请运行 qa index")
    with pytest.raises(IndexFileError):
        qa.load(config)


FILES = (
    *("passages.jsonl", "lines.jsonl", "gaps.jsonl", "manifest.json", "bm25-text", "bm25-lines"),
    *("text.faiss", "lines.faiss", "gaps.faiss"),
)


def test_every_file_is_known_to_the_damage_test(built: Config) -> None:
    assert {path.name for path in generation(built).iterdir()} == set(FILES)


def test_an_index_cut_short_anywhere(copy: Config) -> None:
    """Each file in turn: half of it, none of it, and the file gone."""
    corpus = load_corpus(copy.corpus_dir)
    for path in sorted(p for p in generation(copy).rglob("*") if p.is_file()):
        content = path.read_bytes()
        for left in {content[: len(content) // 2], b"", None} - {content}:
            path.unlink()
            if left is not None:
                path.write_bytes(left)
            with pytest.raises(IndexFileError) as error:
                load_index(copy, corpus)
            one_clear_message(error.value, "请运行 qa index")
            path.write_bytes(content)
    load_index(copy, corpus)


def test_garbage_of_the_right_length(copy: Config) -> None:
    corpus = load_corpus(copy.corpus_dir)
    for name in ("passages.jsonl", "text.faiss", "bm25-text/params.index.json"):
        path = generation(copy) / name
        content = path.read_bytes()
        path.write_bytes(b"\1" * len(content))
        with pytest.raises(IndexFileError) as error:
            load_index(copy, corpus)
        one_clear_message(error.value, "请运行 qa index")
        path.write_bytes(content)


@pytest.mark.parametrize("content", ["", '{"generation": "ab', "[]", '{"generation": "0123456789abcdef"}'])
def test_a_damaged_pointer(copy: Config, content: str) -> None:
    (Path(copy.index_dir) / "current.json").write_text(content, "utf-8")
    with pytest.raises(IndexFileError) as error:
        load_index(copy, load_corpus(copy.corpus_dir))
    one_clear_message(error.value, "请运行 qa index")


def test_the_command_repairs_what_is_damaged(copy: Config, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--corpus-dir", copy.corpus_dir, "--index-dir", copy.index_dir, "--encoder", ""]
    (generation(copy) / "passages.jsonl").write_text("", "utf-8")
    assert main(["ask", QUESTIONS[0][0], *flags]) == 1
    message = capsys.readouterr().err.strip().splitlines()
    assert len(message) == 1
    one_clear_message(message[0], "错误：", "qa index --force")
    assert main(["index", "--force", *flags]) == 0
    assert main(["ask", QUESTIONS[0][0], *flags]) == 0
    assert "45%" in capsys.readouterr().out


def test_skipped_when_current(copy: Config, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--corpus-dir", copy.corpus_dir, "--index-dir", copy.index_dir, "--encoder", ""]
    before = snapshot(Path(copy.index_dir))
    assert main(["index", *flags]) == 0
    assert "最新" in capsys.readouterr().out
    assert snapshot(Path(copy.index_dir)) == before
    assert main(["index", "--force", *flags]) == 0
    assert snapshot(Path(copy.index_dir)) != before


def test_a_new_generation_replaces_the_old_one(copy: Config) -> None:
    old = generation(copy)
    shorter = replace(copy, passage_chars=60)
    build_index(shorter)
    assert generation(shorter) != old
    assert not old.exists()
    assert [path.name for path in Path(copy.index_dir).iterdir() if path.is_dir()] == [generation(shorter).name]
    load_index(shorter, load_corpus(copy.corpus_dir))


def damage(config: Config, name: str) -> Config:
    """What can be wrong with the input of a build."""
    corpus = Path(config.corpus_dir)
    text = corpus / "texts" / "yunzhou.txt"
    if name == "missing":
        text.unlink()
    elif name == "key":
        (corpus / "manifest.toml").write_text(MANIFEST.replace('title = "青河高新区文件"\n', ""), "utf-8")
    elif name == "model":
        model = Path(config.index_dir).parent / "encoder"
        shutil.copytree(Config().encoder, model, ignore=shutil.ignore_patterns("*.safetensors"))
        return replace(config, encoder=str(model))
    else:
        text.write_bytes({"empty": b"", "encoding": TEXTS["yunzhou.txt"].encode("gbk"), "binary": b"\x7fELF\0"}[name])
    return config


@pytest.mark.parametrize("name", ["missing", "empty", "encoding", "binary", "key", "model"])
def test_a_build_that_fails_says_why_and_leaves_the_old_index(copy: Config, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(Path(copy.index_dir))
    config = damage(copy, name)
    with pytest.raises(QAError) as error:
        build_index(config)
    one_clear_message(error.value, "请")
    with pytest.raises(QAError) as error:
        qa.load(replace(config, index_dir=str(Path(copy.index_dir).parent / "other")))
    one_clear_message(error.value, "请")
    flags = ["--corpus-dir", config.corpus_dir, "--index-dir", config.index_dir, "--encoder", config.encoder]
    assert main(["index", *flags]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    one_clear_message(lines[0], "错误：", "请")
    assert snapshot(Path(copy.index_dir)) == before


def start(config: Config, *rest: str) -> subprocess.Popen[str]:
    """A process that builds until it is killed."""
    command = [sys.executable, str(ROOT / "tests" / "building.py"), config.corpus_dir, config.index_dir, *rest]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)


def serving(config: Config, lengths: tuple[int, ...]) -> Config:
    """The settings whose index is live; loading it must work."""
    for length in lengths:
        candidate = replace(config, passage_chars=length)
        if is_current(candidate):
            assert load_index(candidate, load_corpus(config.corpus_dir)).passages
            return candidate
    raise AssertionError("no generation is live")


def test_killed_at_any_moment_an_index_still_serves(copy: Config) -> None:
    moments = random.Random(7)
    for _ in range(4):
        process = start(copy, "60", "500")
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moments.uniform(0.0, 1.2))
        process.kill()
        process.wait()
        process.stdout.close()
        serving(copy, (60, 500))
    answer = qa.load(serving(copy, (60, 500))).ask(QUESTIONS[0][0], as_of=AS_OF)
    assert "45%" in answer.text
    build_index(copy)
    load_index(copy, load_corpus(copy.corpus_dir))


def test_killed_while_the_current_index_is_built_anew(copy: Config) -> None:
    """`qa index --force` on an index that is current: the old one serves until the new one stands."""
    process = start(copy, str(copy.passage_chars), "--at-swap")
    process.communicate(timeout=60)
    assert process.returncode < 0
    assert serving(copy, (copy.passage_chars,)) == copy


def test_the_whole_pipeline_on_policies_nobody_has_seen(built: Config) -> None:
    assistant = qa.load(built)
    for question, document, figure in QUESTIONS:
        answer = assistant.ask(question, as_of=AS_OF)
        assert not answer.refused, question
        assert figure in answer.text, (question, answer.text)
        assert answer.citations[0].passage.document == document, question
        for citation in answer.citations:
            text = assistant.corpus.documents[citation.passage.document].text
            assert citation.quotes == tuple(span.of(text) for span in citation.spans)


def test_whom_to_ask_and_what_is_not_covered(built: Config) -> None:
    assistant = qa.load(built)
    assert "高新区科技局" in assistant.ask("青河高新区算力券找谁申请", as_of=AS_OF).text
    declined = assistant.ask("雾城租办公室补多少", as_of=AS_OF)
    assert declined.refused
    assert "雾城" in declined.text
    assert not declined.citations


def test_validity_follows_the_date(built: Config) -> None:
    assistant = qa.load(built)
    question = QUESTIONS[0][0]
    during, after = (assistant.ask(question, as_of=day).text for day in (AS_OF, date(2035, 1, 1)))
    assert during != after
    assert any(word in after for word in ("失效", "过期", "到期", "届满", "已过有效期"))


def test_the_same_with_the_shipped_encoder(invented: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    assistant = qa.load(config_of(invented, tmp_path / "index", Config().encoder), lambda step, share: steps.append(step))
    assert steps
    for question, document, figure in QUESTIONS:
        answer = assistant.ask(question, as_of=AS_OF)
        assert figure in answer.text, (question, answer.text)
        assert answer.citations[0].passage.document == document


def test_approximate_search_above_the_limit(invented: Path, tmp_path: Path) -> None:
    config = replace(config_of(invented, tmp_path / "index", Config().encoder), exact_below=5)
    assert "45%" in qa.load(config).ask(QUESTIONS[0][0], as_of=AS_OF).text
    assert "HNSW" in type(load_index(config, load_corpus(invented)).text_vectors).__name__


def test_the_shipped_corpus_without_one_document(corpus: Corpus, tmp_path: Path) -> None:
    """A document that another one follows; the lexicon and the lines still name it."""
    gone = next(document.info.validity.document for document in corpus if document.info.validity.document)
    folder = Path(shutil.copytree(corpus.folder, tmp_path / "corpus"))
    manifest = folder / "manifest.toml"
    manifest.write_text(without_document(manifest.read_text("utf-8"), gone), "utf-8")
    assistant = qa.load(config_of(folder, tmp_path / "index"))
    assert set(assistant.corpus.documents) == set(corpus.documents) - {gone}
    answer = assistant.ask("在黄埔办AI公司，租办公室能补多少？", as_of=date(2022, 1, 31))
    assert "50%" in answer.text
    title = corpus.documents[gone].info.title
    for question in (f"{title}最高奖励多少？", f"{title}的有效期到什么时候？"):
        answer = assistant.ask(question, as_of=date(2022, 1, 31))
        assert gone not in {hit.passage.document for hit in answer.hits}
        assert answer.sentences


def test_a_corpus_with_one_document_removed(copy: Config, tmp_path: Path) -> None:
    (Path(copy.corpus_dir) / "manifest.toml").write_text(without_document(MANIFEST, "qinghe-rules"), "utf-8")
    assistant = qa.load(replace(copy, index_dir=str(tmp_path / "fresh")))
    assert "45%" in assistant.ask(QUESTIONS[0][0], as_of=AS_OF).text
    gone = assistant.ask("青河算力券一年最高多少", as_of=AS_OF)
    assert gone.refused
    assert "120万元" not in gone.text
