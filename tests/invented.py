"""A small corpus that nobody has seen: three policies of places that do not exist, with the traps of real files."""

from __future__ import annotations

from pathlib import Path

MEASURES = """\
云州市促进人工智能产业发展若干措施

为促进我市人工智能产业发展，制定本措施。

第一章 总则

第一条 本措施适用于在云州市登记注册、从事人工智能研发和服务的企业。

第二章 扶持内容

第二条 租金补贴。对新设立的人工智能企业租用办公用房的，按实际租金的45%给予补贴，补贴期限2年，每家企业每年最高补贴66万元。

第三条 人才奖励。对年薪达到50万元、80万元的人工智能人才，分别给予7万元、13万元一次
性奖励。

第四条 创新奖励。本条包括下列内容：
（一）对获评国家级创新平台的企业，给予一次性奖励220万元。
（二）对获评省级创新平台的企业，给予一次性奖励85万元。

第三章 附则

第五条 同一项目适用本市其他政策的，按从高不重复原则执行。

第六条 本措施自2031年3月1日起施行，有效期3年。由市经济和信息化局负责解释，咨询电话：0999-8765
4321。
"""

PLAN = """\
云州市智能产业行动计划（2031—2033年）

一、发展目标

到2033年，全市智能产业规模达到370亿元。
表1 主要指标
指标\t单位\t2031年\t2033年
智能产业规模\t亿元\t190\t370
示范场景\t个\t40\t95

二、重点任务

（一）建设算力设施。建成公共算力中心，算力规模达到900P。
1. 建设算力调度平台。
2. 建设数据流通平台。
（二）开放应用场景。
3. 每年开放示范场景20个以上。
专栏1 重点工程
1. 智能港口工程。
2. 智能果园工程。

三、保障措施

（一）加强组织领导。由市科技局牵头落实。
"""

RULES = """\
发布日期：2031年5月6日
青河高新区算力券发放实施细则

一、 支持对象。在青河高新区办公、使⽤本区算力中心的企业 [bookmark: x1]和高校。

二、 支持标准。按照算力费用的30%发放算力券，单个企业每年不超过120万元。

三、 申请程序。企业向高新区科技局提出申请，科技局在15个工作日内完成审核。

四、 监督管理。弄虚作假骗取算力券的，全额收回，三年内不得再次申请。
"""

MANIFEST = """\
compiled = { value = "2031年6月", quote = "2031年5月6日", line = 1, file = "qinghe.txt" }

[[file]]
name = "yunzhou.txt"
title = "云州市政策两则"

[[file]]
name = "qinghe.txt"
title = "青河高新区文件"
[[file.matter]]
kind = "notice"
lines = [1, 1]

[[document]]
id = "yunzhou-measures"
file = "yunzhou.txt"
lines = [1, 25]
title = "云州市促进人工智能产业发展若干措施"
short_title = "云州若干措施"
aliases = ["云州人工智能措施"]
issued_by = "云岭/云州"
level = "city"
kind = "政策措施"
claimable = true
[document.validity]
state = "dated"
from = "2031-03-01"
years = 3
quote = "本措施自2031年3月1日起施行，有效期3年"
line = 24
[[document.general]]
kind = "no_double"
quote = "按从高不重复原则执行"
line = 22

[[document]]
id = "yunzhou-plan"
file = "yunzhou.txt"
lines = [26, 49]
title = "云州市智能产业行动计划（2031—2033年）"
issued_by = "云岭/云州"
level = "city"
kind = "行动计划"
claimable = false
period = { from = 2031, to = 2033 }

[[document]]
id = "qinghe-rules"
file = "qinghe.txt"
lines = [2, 10]
title = "青河高新区算力券发放实施细则"
issued_by = "云岭/青河"
applies_to = ["云岭/青河/青河高新区"]
level = "district"
kind = "实施细则"
claimable = true
issue_date = { value = "2031-05-06", quote = "2031年5月6日", line = 1 }

[[removal]]
file = "qinghe.txt"
line = 4
text = "[bookmark: x1]"
reason = "a bookmark of the word processor"

[[numbering]]
document = "yunzhou-measures"
kind = "article"
mode = "runs_on"

[[numbering]]
document = "yunzhou-plan"
kind = "item"
mode = "runs_on"
"""

LEXICON = """\
kind\tterm\ttarget\tweight
place\t云州\t云岭/云州\t1
place\t云州市\t云岭/云州\t1
place\t青河\t云岭/青河|云岭/青河/青河高新区\t1
place\t青河高新区\t云岭/青河/青河高新区\t1
place\t雾城\t雾城\t1
policy\t算力券细则\tqinghe-rules\t1
synonym\t租办公室\t租用办公用房|租金补贴\t0.8
synonym\t租房\t租用办公用房|租金补贴\t0.8
synonym\t公司\t企业\t0.5
synonym\t新开\t新设立\t0.6
synonym\t封顶\t最高|不超过\t0.5
term\t算力券
kindword\t多少\tamount\t0.6
kindword\t补多少\tamount\t1
kindword\t找谁\tresponsible\t1
kindword\t怎么申请\tprocedure\t1
"""

TEXTS = {"yunzhou.txt": MEASURES + PLAN, "qinghe.txt": RULES}


def write_invented(folder: Path) -> Path:
    """Write the three policies, their manifest and their lexicon into `folder`."""
    (folder / "texts").mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / "texts" / name).write_text(text, "utf-8")
    (folder / "manifest.toml").write_text(MANIFEST, "utf-8")
    (folder / "lexicon.tsv").write_text(LEXICON, "utf-8")
    return folder


def without_document(manifest: str, id: str) -> str:
    """The manifest's text without one document and its sub-tables."""
    blocks = manifest.split("[[document]]\n")
    kept = [block for block in blocks[1:] if f'id = "{id}"' not in block]
    dropped = next(block for block in blocks[1:] if f'id = "{id}"' in block)
    rest = [line for line in ("\n" + dropped).split("\n[[") if line.startswith(("removal", "repair", "numbering", "file]"))]
    tail = "".join(f"[[{part}\n" for part in rest)
    return blocks[0] + "".join("[[document]]\n" + block for block in kept) + tail
