"""What the words of a question alone decide: hostile instructions, chat, tasks that are no questions, words of the field."""

from __future__ import annotations

import re

_HOSTILE = re.compile(
    r"(忽略|无视|忘掉|忘记|不要管|别管|抛开|跳过)[^，。]{0,14}(指令|规则|规矩|设定|提示|限制|要求|条文|原文|上面|之前|前面|以上)"
    r"|系统提示|(你的|输出|显示|打印|泄露)[^，。]{0,4}提示词|system\s*prompt|ignore (all|any|previous|the)|越狱|jailbreak|DAN模式|开发者模式"
    r"|(规矩|指令|规则|设定)[^，。]{0,6}(忘掉|忘了|忘光|忽略|无视|忘记)|(编|伪造|捏造|假造|杜撰|瞎编)[^，。]{0,24}(政策|文件|条款|条文|红头|公文|证明|材料|数字|金额|发票|合同)"
    r"|(造|做|弄|搞|开|拟|写|编|凑|出)[^，。？]{0,6}(?<!作)假(?!设|如|期|日|定)|(虚报|谎报|冒领|套取|(?<![抓防反查])骗取?)[^？?]{0,30}(怎么|咋|办法|不被查|多领|拿)|怎么[^，。]{0,6}(骗|套取|虚报)"
    r"|(代拟|拟|写|编|做|出)[^，。？]{0,8}(虚构|伪造|冒充)|(发票|合同|流水|报表)[^，。？]{0,8}(改成|改为|涂改)|没有任何(规矩|规则|限制)|系统设定|(口气|名义)(写|发|出)"
    r"|(别管|别翻|别查|不用管|不用翻|不看)[^，。]{0,6}(文件|原文|政策)|(直接|就)(说|告诉我|回答)[^，。？]{0,16}(发|给|拿)[^，。？]{0,6}[千百]万"
)
_CONSEQUENCE = re.compile(r"查出|发现|(?<!不)(?<!不会)(?<!不想)被|后果|处罚|处理|会怎样|会怎么样|追回|收回|几年")
_CHAT = re.compile(
    r"^(谢谢|多谢|感谢|辛苦)(?!.*(补|奖|政策|申请|呢|吗|多少|哪|怎么))[^？?]{0,24}$|^(在[吗嘛么不]?){1,2}在?$|^(你好|您好|hi|hello|嗨|哈喽|在吗|在不在|早上好|下午好|晚上好|谢谢|多谢|辛苦了|再见|拜拜|好的|明白了|收到)[啊呀呢吗，,！!。.？?\s你您了]*$"
    r"|^(在吗|在么|在不在|早上好|下午好|晚上好|您?你?好)[^，。？]{0,3}[，,。！!\s]+(在吗|在不在|早上好|下午好|晚上好|您?你?好)[^补奖贴资申]{0,6}$"
    r"|^(?!.*(补|奖|政策|申请|多少|哪|怎么|什么|[？?]))[^？?]{0,24}(辛苦[啦了]|多谢|点个赞|先忙|请你喝|(讲|说|答)得(挺|很|真|太)?(明白|清楚|好))[^？?]{0,16}$"
    r"|你[^，。？]{0,12}(累不累|会不会累|累吗|忙不忙|唠嗑)|问你的人"
    r"|你(是谁|是(真人|机器|人工|人还是|AI|ai)|叫什么|能做什么|会什么|能干什么|能干啥|会干啥|有什么用|能帮我做什么|可以做什么)|怎么用你|what can you do",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"(帮我|给我|替我|请你?)?(写|作|编|画)(一?(首|封|篇|幅|段|个|份)|下)[^，。？]{0,12}(诗|信|作文|小说|代码|程序|图|故事|申请|邮件|朋友圈|歌)|翻译(成|一下)|讲个?(笑话|故事)"
)
_DOMAIN = re.compile(
    r"补|奖|贴|资助|扶持|支持|政策|申报|申请|资金|基金|企业|公司|产业|人工智能|AI|智能|平台|人才|项目|园区|算力|数据|孵化|研发|规划|方案|计划|措施|办法|细则|意见|目标|责任|部门|单位|牵头|机器人|芯片|语音|示范|应用|标准|专利|贷款|融资|上市|租|税|落户|认定|场景|钱|建设|院士|高管|产线|布局|管委会|入驻|局|IPO|创新|科技|学校|教育|医疗|农业|交通|汽车|城市|费|博士|团队|实验室",
    re.IGNORECASE,
)


def hostile(text: str) -> bool:
    """Instructions to ignore the rules, or help asked for with fraud; what happens to those who cheat is an honest question."""
    return bool(_HOSTILE.search(text)) and not _CONSEQUENCE.search(text)


def chat(text: str) -> bool:
    """A greeting, thanks, or a question about the assistant itself."""
    return bool(_CHAT.search(text))


def task(text: str) -> bool:
    """Something to be written, drawn or translated."""
    return bool(_TASK.search(text))


def in_field(text: str) -> bool:
    """Whether a text holds a word of industrial policy."""
    return bool(_DOMAIN.search(text))
