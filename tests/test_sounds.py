"""Places that the input method misspelt."""

from __future__ import annotations

import pytest

from qa.pipeline import Assistant
from qa.sounds import is_han, pinyin, sound


@pytest.mark.parametrize(
    ("typed", "regions", "uncovered"),
    [
        ("武汗孵化器补贴", ("湖北/武汉",), ()),
        ("福洲AI公司房租补贴", (), ("福建/福州",)),
        ("我们程度不够能拿补贴吗", (), ()),
    ],
)
def test_a_misspelt_place_is_heard_and_a_word_is_left_alone(
    assistant: Assistant, typed: str, regions: tuple[str, ...], uncovered: tuple[str, ...]
) -> None:
    query = assistant.parse(typed)
    assert (query.regions, query.uncovered) == (regions, uncovered)


def test_sounds_that_are_confused_are_equal_and_pinyin_is_not() -> None:
    assert sound("资助") == sound("姿助")
    assert sound("南阳") == sound("南宴")
    assert pinyin("南阳") != pinyin("南宴")
    assert is_han("武汉")
    assert not is_han("AI公司")
