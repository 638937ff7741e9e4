"""The judge: two passes, failures counted, server of the settings."""

from __future__ import annotations

import pytest
from eval_rows import answer, question, unanswerable

from eval.judge import judge, judge_all, judge_prompt, read_reply, server
from eval.report import score_all
from qa.config import Config
from qa.errors import ConfigError

ROWS = [question(), question(id="declined"), question(id="failed"), unanswerable(id="no")]
SCORED = score_all(ROWS, {"q1": answer(), "declined": answer(refused=True), "no": answer(refused=True)})
GOOD = '好的：{"faithful": 1, "complete": 1, "reason": "一致"}'


class Replies:
    """Gives its replies one after the other; an exception is raised."""

    def __init__(self, *replies: str | Exception) -> None:
        self.left = list(replies)

    def __call__(self, prompt: str) -> str:
        reply = self.left.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


def test_the_second_pass_has_the_parts_in_the_other_order() -> None:
    first, second = judge_prompt(SCORED[0], False), judge_prompt(SCORED[0], True)
    assert first.index("<引用原文>") < first.index("<回答>")
    assert second.index("<引用原文>") > second.index("<回答>")


@pytest.mark.parametrize("reply", ["", "不知道", '{"faithful": 2, "complete": 1}', '{"faithful": 1}', "{坏}"])
def test_other_replies_are_not_read(reply: str) -> None:
    assert read_reply(reply) is None


def test_agreement_disagreement_and_failure() -> None:
    assert judge(SCORED[0], Replies(GOOD, GOOD)).agreed
    split = judge(SCORED[0], Replies(GOOD, '{"faithful": 0, "complete": 1}'))
    assert (split.faithful, split.complete, split.agreed) == (0.5, 1.0, False)
    assert judge(SCORED[0], Replies("?", GOOD, RuntimeError("断"), GOOD)).faithful == 1
    assert judge(SCORED[0], Replies("?", "?", GOOD)).faithful is None


def test_only_answers_are_judged_and_failures_stay_out_of_the_means() -> None:
    means, found = judge_all(SCORED, Replies("?", "?", "?", "?"))
    assert (means["judged"], means["failures"], means["faithful"], len(found)) == (1, 1, None, 1)


def test_a_judge_needs_a_server() -> None:
    with pytest.raises(ConfigError):
        server(Config())
