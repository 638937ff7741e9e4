"""The answerability model: what its readers see, what the shipped ones have learnt, and what is refused with one clear sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from checks import one_clear_message
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file

from qa.answerability import BUCKETS, FILE, Answerability, Reader, buckets, load_answerability
from qa.config import ROOT, Config
from qa.errors import ModelError
from qa.pipeline import load

RENT = "按实际租金的50%给予补贴，补贴期限3年，每家企业每年最高补贴100万元。"
OFFICE = "（责任单位：市工业和信息化局、各区人民政府）"


@pytest.fixture(scope="module")
def shipped() -> dict[str, Reader]:
    read = load_answerability(str(ROOT / "models" / "answerability"))
    assert read.passage is not None
    assert read.clause is not None
    return {"passage": read.passage, "clause": read.clause}


@given(st.text(max_size=60), st.text(max_size=60))
def test_features_are_bounded_and_of_length_one(question: str, text: str) -> None:
    numbers, values = buckets(question, text)
    assert len(set(numbers.tolist())) == len(numbers) == len(values)
    assert ((numbers >= 0) & (numbers < BUCKETS)).all()
    assert np.linalg.norm(values) == pytest.approx(1.0, abs=1e-3)


@given(st.text(max_size=40), st.text(max_size=40))
def test_width_case_and_white_space_of_letters_do_not_matter(question: str, text: str) -> None:
    once, again = buckets(f"{question}AI 5", f"{text}GPU 8%"), buckets(f" {question}ａｉ5", f"{text} gpu８％")
    np.testing.assert_array_equal(once[0], again[0])


def test_what_the_passage_holds_and_states_changes_the_features() -> None:
    one, other = (set(buckets("租房补多少", text)[0].tolist()) for text in (RENT, OFFICE))
    assert one != other
    assert set(buckets("租房补多少", RENT)[0].tolist()) != set(buckets("几号到账", RENT)[0].tolist())


@pytest.mark.parametrize("unit", ["passage", "clause"])
def test_shipped_readers_tell_what_is_stated_from_what_is_not(shipped: dict[str, Reader], unit: str) -> None:
    odds = shipped[unit].odds
    assert odds("租办公室能补多少", RENT) > odds("租办公室能补多少", OFFICE)
    assert odds("这事归哪个部门管", OFFICE) > odds("这事归哪个部门管", RENT)


def test_the_reader_of_passages_says_what_stays_open(shipped: dict[str, Reader]) -> None:
    odds = shipped["passage"].odds
    assert odds("租办公室能补多少", RENT) > 0 > odds("补贴几号打到账上", RENT)


def test_none_is_configured() -> None:
    assert load_answerability("") == Answerability(None, None)


def test_a_model_that_is_not_there_or_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / FILE).write_bytes(b"no weights")
    (tmp_path / "half").mkdir()
    save_file({"passage": np.zeros(4, np.float16)}, tmp_path / "half" / FILE)
    for name in ("nothing", "damaged", "half"):
        with pytest.raises(ModelError) as caught:
            load_answerability(str(tmp_path / name))
        one_clear_message(caught.value, "answerability")


def test_the_pipeline_answers_with_and_without(invented: Path, tmp_path: Path) -> None:
    for name in (Config().answerability, ""):
        config = Config(corpus_dir=str(invented), index_dir=str(tmp_path / "index"), encoder="", answerability=name)
        assert load(config).ask("青河高新区算力券发多少").citations
