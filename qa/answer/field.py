"""The words of industrial policy."""

from __future__ import annotations

import re

_DOMAIN = re.compile(
    r"补|奖|贴|资助|扶持|支持|政策|申报|申请|资金|基金|企业|公司|产业|人工智能|AI|智能|平台|人才|项目|园区|算力|数据|孵化|研发|规划|方案|计划|措施|办法|细则|意见|目标|责任|部门|单位|牵头|机器人|芯片|语音|示范|应用|标准|专利|贷款|融资|上市|租|税|落户|认定|场景|钱|建设|院士|高管|产线|布局|管委会|入驻|局|IPO|创新|科技|学校|教育|医疗|农业|交通|汽车|城市|基地|小镇|新城|试验区|片区|产值|生态城|占地|用地|面积|费|博士|团队|实验室",
    re.IGNORECASE,
)


def in_field(text: str) -> bool:
    """Whether a text holds a word of industrial policy."""
    return bool(_DOMAIN.search(text))
