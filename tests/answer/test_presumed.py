"""What a question presumes and the text does not say: the case, the tier, the year, the rhythm, the gift, the office, the receiver."""

from __future__ import annotations

import pytest

from qa.answer.cases import cases, differences
from qa.answer.offices import doubted_office, not_shared, other_receiver, other_seat, wrong_office
from qa.answer.premise import contradicted
from qa.answer.presumed import not_free, paid_once

PRIZES = "对获得大赛一等奖、二等奖、三等奖的项目分别给予50万、25万、10万元奖励"
CAPS = "单个项目最高500万元，单个企业年度补助总额最高3000万元"
TIERS = "年收入首次达到1000万元、5000万元、1亿元的企业，分别一次性奖励20万元、100万元、300万元。"
ROLES = "（牵头责任单位：甲市政府、省经济和信息化厅，配合单位：省财政厅）"


AWARDS = "获得国家级奖项一等奖的，给予200万元奖励；获得国家级奖项二等奖的，给予100万元奖励。"
TALENTS = (
    "每引进1名世界级领军人才（院士、首席科学家等）落户的，给予单位和被引进人才各100万元补贴；"
    "每引进1名国家级人才（两院院士等）落户的，给予单位和被引进人才各50万元补贴。"
)
FAIRS = "全国性大赛按不高于活动成本的50%、省级大赛按不高于活动成本的30%给予资金补助"
GOALS = "到2020年，核心产业规模突破100亿元。到2023年，核心产业规模突破300亿元。"
HATCHED = "每认定1家，给予创业孵化载体20万元资金补助。"


def denied(question: str, text: str) -> bool:
    return contradicted(question, text, text, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("大赛二等奖那50万打给谁", PRIZES),
        ("一个项目最高能补3000万，什么时候打款", CAPS),
        ("收入头一回做到5000万，说好的300万奖励啥时候给", TIERS),
        ("房租补贴每年30万、连给三年，第二年还要报吗", "一次性给予最高30万元房租补贴"),
        ("那500万是白送的吧，不占股份对不对", "单个项目最高500万元，按照拨款转股权方式"),
        ("租金补贴的牵头单位省财政厅，联系哪个处", ROLES),
        ("办公用房能连补5年，第4年要重新交材料吗", "按租金的50%给予补贴，补贴期限3年"),
        ("引导基金50亿，我们A轮能找它投吧", "设立规模10亿元的产业引导基金"),
        ("到2025年核心产业规模超2000亿元，依据在哪", "核心产业规模超300亿元，带动相关产业规模2000亿元以上"),
        ("我们拿了国家级二等奖，不是说奖200万吗", AWARDS),
        ("引进国家级人才落户，给单位100万，本人那份也一样么", TALENTS),
        ("省级大赛按活动成本50%补助，赛前拨付吗", FAIRS),
        ("说好2020年核心产业就到300亿，后来怎么没提", GOALS),
        ("名单公示10个工作日，其间可否补正材料", "在媒体上公示5个工作日"),
        ("每年支持30个平台，今年还剩几个名额", "每年支持10个，每个平台给予100万元"),
        ("购房那10%分三年发，头一年能拿多少", "按购买价的10%一次性给予补贴"),
        ("头一回评上高新技术企业，说好给我们的20万怎么领", HATCHED),
        ("奖补资金全部由市级财政承担，区里为何还要盖章", "奖补资金由市、区两级财政按照1:1的比例承担"),
        ("领导小组办公室在市发改委，地址发我", "领导小组办公室设在市科技局，负责日常工作"),
    ],
)
def test_a_wrong_premise_is_seen(question: str, text: str) -> None:
    assert denied(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("大赛二等奖那25万打给谁", PRIZES),
        ("一个项目最高500万，什么时候打款", CAPS),
        ("收入头一回做到5000万，说好的100万奖励啥时候给", TIERS),
        ("去年收入2300万，领过20万奖励，还能拿多少", TIERS),
        ("我们投了2000万，按两成给400万可行吗", "给予不超过实际投资额20%、最高500万元资金支持"),
        ("贷了5000万做并购，期限两年，能贴几个点", "按贷款额的1.5%给予贴息，贴息期最长3年，每年最高100万元"),
        ("这笔钱是一次性给还是每年给", "一次性给予最高30万元房租补贴"),
        ("专项钱是白给的吗", "按照拨款转股权方式"),
        ("牵头单位是不是省财政厅", ROLES),
        ("配合单位省财政厅管什么", ROLES),
        ("我们拿了国家级二等奖，说是奖100万，找谁领", AWARDS),
        ("省里那份每年2亿，那市里自己每年掏多少", "省政府每年安排2亿元，市政府每年安排6亿元"),
        ("落户奖分三年给，每年各占多少", "给予一次性奖励。按4:3:3的比例分三年兑现。"),
        ("我们孵化器培育出一家，这20万怎么领", HATCHED),
        ("核心产业超500亿，带动相关产业规模多少", "核心产业规模超过500亿元，带动相关产业规模超过2000亿元"),
    ],
)
def test_what_is_right_or_only_asked_is_no_premise(question: str, text: str) -> None:
    assert not denied(question, text)


def test_cases_pair_each_label_with_its_sum() -> None:
    found = list(cases(PRIZES))
    assert [quantity.text for _, quantity in found] == ["50万", "25万", "10万元"]
    assert all(name in label for name, (label, _) in zip(("一等奖", "二等奖", "三等奖"), found, strict=True))


def test_labels_differ_in_the_words_that_name_the_case() -> None:
    assert ("一", "二") in [(a[:1], b[:1]) for a, b in differences("一等奖", "二等奖")]
    assert ("核心", "相关") in list(differences("人工智能核心产业产值达到", "相关产业产值达到"))


def test_the_pieces_alone() -> None:
    assert paid_once("年年都发吧", "一次性奖励10万元", "")
    assert not paid_once("年年都发吧", "每年奖励10万元", "")
    assert not_free("不用还吧", "以股权方式支持")
    assert wrong_office("由省财政厅牵头，找谁", ROLES)
    assert wrong_office("由市经信局牵头组织实施，科室怎么分工", "由市科技局负责牵头组织实施")
    assert not wrong_office("由哪个厅牵头", ROLES)
    assert other_seat("办公室设在市经信局吗", "领导小组办公室设在市科技局")
    assert not other_seat("办公室设在市科技局吗", "领导小组办公室设在市科技局")
    assert not_shared("全由市财政出", "市、区各承担50%")
    assert other_receiver("每人150元打给员工吗", "按150元/人的标准对培训机构给予补贴")


LED = "（牵头单位：市工业和信息化局；配合单位：市发展改革委、市卫生健康委、市人力资源社会保障局）"


@pytest.mark.parametrize(
    "question",
    [
        "听说由市工信局牵头，那谁配合",
        "发改委也配合吧",
        "卫健委和人社局都配合，没错吧",
        "补贴标准是一事一议吧，哪几个局管",
        "最高200万是吧，财政局管不管",
        "市委网信办管吧",
    ],
)
def test_an_office_is_known_by_its_everyday_name(question: str) -> None:
    assert not doubted_office(question, LED)
    assert not wrong_office(question, LED)


@pytest.mark.parametrize("question", ["是市交通局挑头吧", "听说归财政厅管，电话多少", "由商务局配合，是吧"])
def test_an_office_that_is_not_named_is_doubted(question: str) -> None:
    assert doubted_office(question, LED)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("听说示范园区只有五个，没有二十个吧", "建设5个人工智能特色示范园区"),
        ("听说布局叫“一核三区”，那核在哪", "形成“一核、三区”布局，建设两个核心区和5个园区"),
        ("2015年是88亿吧，那2020年呢", "高新技术产业增加值：2015年实际值88.1亿元；2020年160亿元。"),
        ("只给一次，没有每年领的事吧", "一次性给予建设投资额30%的补贴"),
        ("是全额补吗", "按年度运营经费的30%补贴"),
    ],
)
def test_what_is_not_claimed_or_is_only_rounded_is_not_denied(question: str, text: str) -> None:
    assert not denied(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("全额补的网站运营费，一家最多多少", "给予年度运营经费30%的补贴，单个平台最高50万元"),
        ("我们公司的利息最多能贴500万，有这回事没有", "按50%给予最高不超过100万元贴息"),
        ("我记得优势赛道一共选了6条", "遴选4条人工智能优势赛道"),
        ("网上说办公平台要推到1000万户", "完成推广应用智能办公平台100万户目标"),
    ],
)
def test_what_is_heard_said_is_held_against_the_text(question: str, text: str) -> None:
    assert denied(question, text)


LEVELS = "对新建国家、省级重点实验室等平台，按照实施绩效，分别给予一次性200万元、100万元的经费支持。"
DUE = "到2025年，全面建成智能交通体系，培育2家龙头企业。"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("省级实验室那200万怎么领", LEVELS),
        ("智能交通2030年才建成吗，龙头养几家", DUE),
        ("龙头企业要养20家，归谁管", DUE),
        ("规划期限是2020至2025年，谁评估", "规划期限为2017~2022年。"),
        ("每年3月征集吧，由谁发文", "每年9月联合发文征集"),
        ("市级创新中心给配1:1吧", "对被认定为国家级创新中心的，给予1:1配套"),
        ("示范单位评到区级，奖多少", "对被评为国家级的示范单位，给予奖励，最高500万元"),
        ("上市奖励去问市科技局，给多少", "政策咨询部门：市金融局资本市场处。给予100万元奖励"),
        ("由市府办牵头的示范由市教育局牵头吧", "牵头单位：市体育局、市工信局；配合单位：市教育局"),
        ("这笔低息贷款几年还清", "采取无偿资助方式给予支持"),
        ("落户奖一次打清，何时到账", "给予一次性奖励。按4：3：3的比例分三年兑现。"),
        ("没验收也照样补，最高多少", "验收合格的，给予补助，最高200万元"),
        ("投入含增值税来算，能补多少", "投入金额不含增值税，给予20%补助"),
        ("同一事项能叠加领，报哪项由谁定", "按照同一事项不重复享受的原则"),
        ("基金总规模10亿元，谁出资", "发起设立总规模20亿元的基金，另有10亿元专项"),
    ],
)
def test_more_that_is_turned_round(question: str, text: str) -> None:
    assert denied(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("国家级实验室那200万怎么领", LEVELS),
        ("智能交通是2025年建成吧，龙头养几家", DUE),
        ("现在是2026年了，还算数吗", DUE),
        ("今年4月才想起来报，一般几月截止", "一般为每年3月底前"),
        ("办事大厅要提高哪些服务", "由市数据局负责"),
        ("没验收的就不给补吧", "验收合格的，给予补助"),
        ("同一事项不能叠加领，报哪项", "按照同一事项不重复享受的原则"),
        ("两百来亩的核心区在哪", "规划用地208亩"),
        ("一次给清还是分三年", "按4：3：3的比例分三年兑现"),
        ("项目干了四年，都能算上吗", "最多可计入近2年的投入"),
    ],
)
def test_more_that_is_honest(question: str, text: str) -> None:
    assert not denied(question, text)
