"""Figures of a question under the rules of real clauses: tiers, thresholds, rates with caps, shares; never a guess."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.tiers import TierResult, work_out
from qa.answer.wording import money
from qa.readers import fold
from qa.verify import verify_sentence

TEXTS = Path(__file__).parents[2] / "corpus" / "texts"

SOFTWARE = "企业年软件业务收入首次达到1000万元、2000万元、5000万元、1亿元企业，分别一次性奖励20万元、50万元、100万元、300万元。"
FACTORY = (
    "固定资产投资总额达到5000万元、1亿元、5亿元、10亿元的，经认定，"
    "分别给予500万元、1000万元、5000万元、1亿元奖励，同一企业按差额补足方式最高奖励1亿元。"
)
GROWTH = (
    "对主营业务收入首次超过500万元、1000万元、2000万元、5000万元、1亿元的企业，"
    "按照晋级补差原则分别给予20万元、30万元、50万元、100万元、200万元的奖励。"
)
RENT = (
    "对新设立的人工智能企业，实缴注册资本1000万元以上的（外资企业注册资本折算为人民币核算），经登记入库，"
    "在区内租赁办公用房自用的，按实际租金的50%给予补贴，补贴期限3年，每家企业每年最高补贴100万元。"
)
OFFICE = "按办公用房（不包括附属及配套用房，如食堂、车库、仓库等）购买价的10%一次性给予补贴，最高补贴500万元。"
SUPPLIER = "对已签订“龙头+配套”合作协议且带动每款配套产品年销售收入1000万元以上的，给予龙头企业每款配套产品50万元奖励。"
TALENT = "高层次创新创业人才工资性年收入超过50万元且本地实缴个人所得税10万元以上者，前3年按在本地实缴个人所得税部分等额奖补"
LEADERS = "对新引进且年收入50万元以上的人工智能领军人才，按其贡献给予不超过其年度个人收入5%的奖励。"
MANAGERS = "对经认定的人工智能企业年度应纳税工资薪金30万元（含）以上的高级管理、技术人才，按照其个人经济贡献50%予以特殊人才奖励。"
INTEREST = "对企业年度金融机构融资利息按50%给予最高不超过100万元贴息。"
SHANGHAI = "给予总投资最高30%，总额最高2000万元的支持。"
BIG_DATA = "对大数据领域合同额占主营业务收入60%以上的企业，给予不超过合同额10%、最高50万元支持。"
PLATFORM = (
    "对软硬件投入达到500万元（含）以上，且用户数不低于20家的，经认定后按平台软件和硬件设备投资额"
    "（不包括各级财政投入部分）的30%给予补助，单个平台最高1000万元。"
)
HANGZHOU = "对实际投入500万元以上、服务产业取得良好成效的，按其软硬件投入的30%给予补助，最高不超过500万元。"
SCENES = "总投资在1500万元及以下的一般项目，资助最高不超过300万元；总投资在1500万元以上的重点项目，资助最高不超过1000万元。"
FACTORY_SHARE = (
    "按项目投入的15%给予资金支持；购置本地企业生产的智能装备产品超过50%的，按项目投入的20%给予资金支持，"
    "单个项目补助最高不超过500万元。"
)
WUHAN = "对在我市实施总投资超过2亿元的人工智能制造业重大项目，按照其实际固定资产投资的10%给予最高5亿元资金支持"
FIRMS = "对人工智能企业数量达到30家的创业孵化载体，给予100万元资金补助。"
VENTURE = (
    "对创业投资机构设立的针对年销售收入不超过2000万元的人工智能领域初创期科技型中小企业的投资项目，"
    "给予不超过实际投资额5%的风险补助，单个项目最高不超过50万元，每家创业投资机构年度累计补助额度最高不超过100万元。"
)
LOANS = (
    "年单笔贷款额不低于50万元（含50万元），且不超过1000万元（含1000万元）的流动资金贷款，"
    "可按年度实际支付利息和担保费用的40%申请融资费用补贴"
)
ARRIVED = "对实际到位资金额达到2000万元（含）以上的，按其实收资本的5%给予一次性奖励，单个企业最高1000万元。"
RESEARCH = (
    "对科技型企业上一年度享受研发费用加计扣除政策的实际研发经费投入新增部分，分级分类按照最高10%的比例给予最高100万元后补助支持。"
)
HEADQUARTERS = "资本性支出不低于1亿元的企业或估值10亿美元以上的人工智能企业总部"
INCUBATOR = (
    "成功培育的企业应满足进驻该众创空间、孵化器时年度营业收入低于2000万元，进驻时间满一年，并在该场地实际开展经营活动的条件。"
)
TESTING = "按照不高于企业测试费用30%的比例给予补贴支持，最高补贴300万元"
BUILDING = "对实际建设投资额不低于500万的项目，按其实际建设投资额的30%给予奖励，每个项目奖励不超过1000万元。"
EVENTS = "全国性大赛按不高于活动成本的50%、省级大赛按不高于活动成本的30%给予举办方资金补助，单个项目补助金额最高100万元"
CLAUSES = {name: text for name, text in list(globals().items()) if name.isupper() and isinstance(text, str)}


@pytest.fixture(scope="module")
def sources() -> str:
    return "".join(_joined(path) for path in sorted(TEXTS.glob("*.txt")))


def _joined(path: Path) -> str:
    return fold(path.read_text("utf-8")).replace(",", "，")


@pytest.mark.parametrize("name", sorted(CLAUSES))
def test_the_clauses_are_those_of_the_corpus(name: str, sources: str) -> None:
    assert fold(CLAUSES[name]).replace(",", "，").rstrip("。") in sources


def result(question: str, clause: str) -> TierResult:
    """The result, checked to pass verification against its clause and question."""
    worked = work_out(question, clause)
    assert worked is not None
    assert verify_sentence(worked.sentence, [clause], question, worked.computed) == ()
    return worked


@pytest.mark.parametrize(
    ("question", "clause", "verdict", "sentence"),
    [
        (
            "去年软件业务收入2300万，今年头一回冲到5600万，这次能拿多少？",
            SOFTWARE,
            "yes",
            "您的5600万元达到5000万元一档、未达到1亿元，对应一次性奖励100万元。",
        ),
        (
            "今年软件收入做到六千万",
            SOFTWARE,
            "yes",
            "您的6000万元达到5000万元一档、未达到1亿元，对应一次性奖励100万元。",
        ),
        ("软件收入2.3亿元", SOFTWARE, "yes", "您的2.3亿元达到1亿元一档，对应一次性奖励300万元。"),
        ("软件收入900多万能拿吗", SOFTWARE, "no", "您的900万元未达到最低一档1000万元。"),
        ("收入不到1000万，有奖吗", SOFTWARE, "no", "您的不到1000万元未达到最低一档1000万元。"),
        (
            "审计下来固定资产投了1.3亿元，落地奖能拿多少？",
            FACTORY,
            "yes",
            "您的1.3亿元达到1亿元一档、未达到5亿元，对应奖励1000万元（原文另有“差额补足”的规定）。",
        ),
        ("只投了3800万元固定资产，能按比例给300万吧？", FACTORY, "no", "您的3800万元未达到最低一档5000万元。"),
        (
            "去年主营收入才900万、领过20万奖励，今年头一次做到2300万，还能怎么拿？",
            GROWTH,
            "yes",
            "您的2300万元达到2000万元一档、未达到5000万元，对应奖励50万元（原文另有“晋级补差”的规定）。",
        ),
        ("带的那款麦克风去年卖了700万，能领吗？", SUPPLIER, "no", "您的700万元未达到1000万元以上的要求。"),
        ("实缴才500万，能拿租房补贴吗？", RENT, "no", "您的500万元未达到1000万元以上的要求。"),
        (
            "实缴1500万元，每年租金300万，能补多少",
            RENT,
            "yes",
            "您的1500万元达到1000万元以上的要求；300万元×50%=150万元，超出每家企业每年最高100万元的上限，按100万元计。",
        ),
        ("打算买3000万的办公楼自用", OFFICE, None, "3000万元×10%=300万元，没有超出最高500万元的上限。"),
        (
            "工资性年收入85万，去年本地实缴个税16万，能返吗？",
            TALENT,
            "yes",
            "您的85万元达到“超过50万元”的要求；您的16万元达到10万元以上的要求。",
        ),
        (
            "年薪45万，交了8万多个税，能返吗？",
            TALENT,
            "no",
            "您的45万元未达到“超过50万元”的要求；您的8万元未达到10万元以上的要求。",
        ),
        ("算法负责人年薪46万，能申请不？", LEADERS, "no", "您的46万元未达到50万元以上的要求。"),
        ("年薪40万的高管能返多少？", MANAGERS, "yes", "您的40万元达到30万元以上的要求。"),
        ("银行贷款利息就付了180万，能扛多少？", INTEREST, None, "180万元×50%=90万元，没有超出最高100万元的上限。"),
        (
            "项目总投8000万，最多能要到多少？",
            SHANGHAI,
            None,
            "按最高30%计，8000万元×30%=2400万元，超出总额最高2000万元的上限，按2000万元计。",
        ),
        ("大数据合同只占主营收入四成，能拿吗？", BIG_DATA, "no", "您的占比40%未达到60%以上的要求。"),
        (
            "大数据合同占主营收入七成，去年这类合同签了400万。够格吗？",
            BIG_DATA,
            "yes",
            "您的占比70%达到60%以上的要求；按不超过10%计，400万元×10%=40万元，没有超出最高50万元的上限，即最多40万元。",
        ),
        ("平台投了600万，但用户只有12家，能补吗？", PLATFORM, "no", "您的12家未达到“不低于20家”的要求。"),
        (
            "砸了800万搭平台，里头软件硬件花了600万。能到手多少？",
            HANGZHOU,
            "yes",
            "您的800万元达到500万元以上的要求；600万元×30%=180万元，没有超出最高500万元的上限。",
        ),
        ("380万——这是我们搭平台的全部投入，够格吗？", HANGZHOU, "no", "您的380万元未达到500万元以上的要求。"),
        ("我们实打实投了900万，这笔稳了吗？", HANGZHOU, "depends", "您的900万元达到500万元以上的要求。"),
        ("项目总投资两千万，封顶多少？", SCENES, None, "您的2000万元属于1500万元以上的情形，最高1000万元。"),
        ("总投资一千二百万的项目", SCENES, None, "您的1200万元属于1500万元以下的情形，最高300万元。"),
        (
            "项目一共投了3000万元，买的机器人有六成是成都本地企业造的。",
            FACTORY_SHARE,
            None,
            "您的占比60%达到“超过50%”的要求；3000万元×20%=600万元，超出单个项目最高500万元的上限，按500万元计。",
        ),
        (
            "产线投了2000万，成都本地货只占三成，按百分之几补？",
            FACTORY_SHARE,
            None,
            "您的占比30%未达到“超过50%”的要求；2000万元×15%=300万元。",
        ),
        (
            "总投资3亿元，其中固定资产实际投入2.4亿元，能给多少？",
            WUHAN,
            "yes",
            "您的3亿元达到“超过2亿元”的要求；2.4亿元×10%=2400万元，没有超出最高5亿元的上限。",
        ),
        ("投一个亿建AI工厂够格吗？", WUHAN, "no", "您的1亿元未达到“超过2亿元”的要求。"),
        ("众创空间里已有31家AI公司，能领多少？", FIRMS, "yes", "您的31家达到30家的要求。"),
        ("我们孵化器有20家AI公司，听说20家就给100万？", FIRMS, "no", "您的20家未达到30家的要求。"),
        (
            "刚给济南一家年销售收入1500万元的公司投了800万元，能补多少？",
            VENTURE,
            "yes",
            "您的1500万元符合“不超过2000万元”的要求；"
            "按不超过5%计，800万元×5%=40万元，没有超出单个项目最高50万元的上限，即最多40万元。",
        ),
        ("就贷了30万流动资金，能申请不？", LOANS, "no", "您的30万元未达到“不低于50万元”的要求。"),
        (
            "今年拿了300万元流动资金贷款，利息加担保费一共花了18万元",
            LOANS,
            "yes",
            "您的300万元达到“不低于50万元”的要求；您的300万元符合“不超过1000万元”的要求；18万元×40%=7.2万元。",
        ),
        ("到位资金刚好2000万，够门槛吗？", ARRIVED, "yes", "您的2000万元达到2000万元以上的要求。"),
        (
            "按加计扣除口径比前年多花了700万搞研发，能返多少？",
            RESEARCH,
            None,
            "按最高10%计，700万元×10%=70万元，没有超出最高100万元的上限，即最多70万元。",
        ),
        ("我们估值12亿美元，够条件吗？", HEADQUARTERS, "yes", "您的12亿美元达到10亿美元以上的要求。"),
        ("那家公司进来才8个月，能拿吗？", INCUBATOR, "no", "您的8个月未达到一年的要求。"),
        (
            "今年测试上花了400万，最多补多少？",
            TESTING,
            None,
            "按不高于30%计，400万元×30%=120万元，没有超出最高300万元的上限，即最多120万元。",
        ),
        ("打算投400万建AI体验中心，够格吗？", BUILDING, "no", "您的400万元未达到“不低于500万”的要求。"),
    ],
)
def test_real_questions_and_clauses(question: str, clause: str, verdict: str | None, sentence: str) -> None:
    worked = result(question, clause)
    assert (worked.verdict, worked.sentence) == (verdict, sentence)
    assert worked.computed
    assert all(item.operands and item.rule for item in worked.computed)


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("我们5600万", SOFTWARE),  # of what?
        ("固定资产投了5600万", SOFTWARE),  # of something else
        ("收入5000万到8000万都有过", GROWTH),
        ("主营收入1亿元", GROWTH),  # 超过1亿元 asks for more than that
        ("收入近1亿", SOFTWARE),
        ("投了6000万，落地奖多少", FACTORY),  # 固定资产?
        ("固定资产投资达5亿元、10亿元的分别奖多少", FACTORY),
        ("注册资本1000万，能拿吗", RENT),  # 实缴?
        ("月租金20万能补多少", RENT),
        ("每年最高能补200万对吧？", RENT),
        ("总投资1500万以内的项目资助封顶", SCENES),
        ("总投资1500万", SCENES),  # both cases hold it
        ("我们是一家AI公司", FIRMS),
        ("办全国大赛花了300万", EVENTS),  # 50% or 30%
        ("没有数字的问题", SOFTWARE),
        ("收入5600万", "没有数字的条文。"),
        ("", ""),
    ],
)
def test_no_result_without_certainty(question: str, clause: str) -> None:
    assert work_out(question, clause) is None


def test_a_cap_of_doubtful_reach_gives_no_sum() -> None:
    worked = result("产线投了6000万，成都本地货只占三成", FACTORY_SHARE)
    assert "×" not in worked.sentence


def test_the_working_names_its_operands() -> None:
    worked = result("项目总投8000万", SHANGHAI)
    assert [(c.result, c.operands) for c in worked.computed] == [
        ("2400万元", ("8000万", "30%")),
        ("2000万元", ("2400万元", "2000万元")),
    ]
    assert worked.computed[-1].rule == "8000万元×30%=2400万元，超过上限，按2000万元"


rising = st.lists(st.integers(1, 99999), min_size=2, max_size=5, unique=True).map(sorted)


@given(rising, st.integers(1, 120000))
def test_the_tier_is_the_highest_one_reached(steps: list[int], figure: int) -> None:
    awards = [10 * (i + 1) for i in range(len(steps))]
    clause = f"营业收入首次达到{'、'.join(f'{s}万元' for s in steps)}的，分别奖励{'、'.join(f'{a}万元' for a in awards)}。"
    worked = result(f"今年营业收入{figure}万", clause)
    reached = [award for step, award in zip(steps, awards, strict=True) if figure >= step]
    assert worked.verdict == ("yes" if reached else "no")
    assert worked.sentence.endswith(f"奖励{reached[-1]}万元。" if reached else f"{steps[0]}万元。")


@given(st.integers(1, 10**6), st.integers(1, 99), st.integers(1, 10**5))
def test_a_rate_never_pays_more_than_its_cap(figure: int, rate: int, cap: int) -> None:
    clause = f"按实际投入的{rate}%给予补助，单个项目最高{cap}万元。"
    worked = result(f"我们投了{figure}万元", clause)
    product = Decimal(figure) * rate * 100
    paid = min(product, Decimal(cap) * 10**4)
    assert worked.computed[0].result == money(product)
    assert worked.computed[-1].result in (money(paid), f"{cap}万元")


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["{}万元以上", "不低于{}万元", "不超过{}万元"]))
def test_bounds_include_themselves(figure: int, bound: int, form: str) -> None:
    prefix, clause = form.split("{}")[0], form.format(bound)
    worked = result(f"实缴资本{figure}万元", f"实缴资本{clause}的企业，给予补贴。")
    assert worked.verdict == ("yes" if (figure <= bound if prefix == "不超过" else figure >= bound) else "no")


@given(st.text(alphabet="收入投资租金实缴达到超过不低于最高给予补助分别按的、，。；0123456789万亿元%以上家", max_size=60))
def test_any_text_is_worked_out_or_left(text: str) -> None:
    work_out(text, text)
    work_out("今年收入5600万，投了300万", text)
