"""The codes that casework chooses from: findings, decisions, ways, results."""

from collections.abc import Mapping
from types import MappingProxyType

from whistle.rules.codes import Choice, Coded, by_code, choice
from whistle.rules.measures import MEASURES
from whistle.rules.terms import Term, cite

#: 予以了结: why a case ends without a finding.
FINDINGS: tuple[Choice, ...] = (
    choice("unfounded", "查无实据", "no evidence found", source=cite("JCF 41")),
    choice("no_breach", "不构成违纪违法", "no breach", source=cite("JCF 41")),
    choice("cleared_up", "已澄清", "cleared up", source=cite("JCF 41")),
    choice("tolerated", "容错免责", "tolerated", source=cite("HN 81")),
)
#: 解决并答复: how a matter that is no lead ended, by its kind.
_OF_A_CLAIM: tuple[Choice, ...] = (
    choice("settled", "已解决", "settled"),
    choice("partly_settled", "部分解决", "partly settled"),
    choice("not_possible", "依法不能办理", "not possible in law"),
)
_OF_ADVICE: tuple[Choice, ...] = (
    choice("taken_up", "意见已采纳", "advice taken up"),
    choice("noted", "意见留作参考", "advice noted"),
)
RESOLUTIONS: Mapping[str, tuple[Choice, ...]] = MappingProxyType(
    {
        "complaint": _OF_A_CLAIM,
        "unresolved": _OF_A_CLAIM,
        "petition": _OF_A_CLAIM,
        "advice": _OF_ADVICE,
    }
)
#: What else a case may end with: written by the acts themselves.
OTHER_FINDINGS: tuple[Choice, ...] = (
    choice("substantiated", "查实", "substantiated"),
    choice("not_established", "违法事实不成立", "facts not established", source=cite("ZWCF 44")),
)
DECISIONS: tuple[Choice, ...] = (
    choice(
        "measures",
        "给予处理",
        "with measures",
        source=cite("ZWCF 44"),
        explained=Term("按拟定的措施作出决定", "the measures drawn up are decided"),
    ),
    choice("exempt", "免予处分", "exempt from a sanction", source=cite("ZWCF 12, 44(3)")),
    choice("none", "不予处分", "no sanction", source=cite("ZWCF 12")),
)
SEND_BACK_TO: tuple[Choice, ...] = (
    choice("reviewing", "审理", "review"),
    choice("verifying", "初步核实", "verification"),
    choice("assessing", "研判", "assessment"),
)
DISPOSAL_WAYS: tuple[Choice, ...] = (
    choice("inquiry", "谈话函询", "inquiry", source=cite("ZJ")),
    choice("verification", "初步核实", "verification", source=cite("ZJ")),
    choice("hold", "暂存待查", "hold", source=cite("ZJ")),
    choice("conclude", "予以了结", "conclude without finding", source=cite("ZJ")),
)
INQUIRY_FORMS: tuple[Choice, ...] = (
    choice("talk", "谈话", "talk", source=cite("ZJ")),
    choice("letter", "函询", "letter", source=cite("ZJ")),
)
FEEDBACK_STAGES: tuple[Choice, ...] = (
    choice("interim", "阶段反馈", "interim"),
    choice("final", "最终反馈", "final"),
)
RATINGS: tuple[Choice, ...] = (
    choice("satisfied", "满意", "satisfied"),
    choice("partly", "基本满意", "partly satisfied"),
    choice("not_satisfied", "不满意", "not satisfied"),
)
SECOND_LOOKS: tuple[Choice, ...] = (
    choice("confirmed", "维持原结论", "the result stands"),
    choice("upheld", "意见成立", "the objection is upheld"),
    choice("new_facts", "发现新的事实", "new facts"),
)
LOOK_BACKS: tuple[Choice, ...] = (
    choice("holds", "整改到位", "it holds"),
    choice("partly", "部分到位", "it holds in part"),
    choice("came_back", "问题反弹", "it came back"),
)
REOPEN_GROUNDS: tuple[Choice, ...] = (
    choice("new_facts", "发现新的事实", "new facts"),
    choice("came_back", "回头看发现问题反弹", "the look-back found that it came back"),
    choice("upheld", "再核认为意见成立", "the second look upheld the objection"),
)
#: What a person is, in the words of the catalogue of measures.
PERSON_KINDS: tuple[Choice, ...] = (
    choice("P", "公务员和参公人员", "civil servant and equivalent"),
    choice("PA", "行政机关公务员", "civil servant of an administrative organ"),
    choice("I", "事业单位管理人员", "manager of a public institution"),
    choice("B", "受托管理公共事务组织人员", "official of a body with delegated public affairs"),
    choice("E", "国有企业管理人员", "manager of a state enterprise"),
    choice("V", "基层群众性自治组织管理人员", "manager of a village or residents' committee"),
    choice("O", "其他依法履行公职的人员", "other person with public duties"),
)
YES_NO: tuple[Choice, ...] = (choice("yes", "是", "yes"), choice("no", "否", "no"))

CASE_TABLES: Mapping[str, Mapping[str, Coded]] = MappingProxyType(
    {
        "findings": by_code(FINDINGS),
        "resolutions": by_code((*_OF_A_CLAIM, *_OF_ADVICE)),
        "all_findings": by_code((*FINDINGS, *_OF_A_CLAIM, *_OF_ADVICE, *OTHER_FINDINGS)),
        "decisions": by_code(DECISIONS),
        "send_back_to": by_code(SEND_BACK_TO),
        "disposal_ways": by_code(DISPOSAL_WAYS),
        "inquiry_forms": by_code(INQUIRY_FORMS),
        "feedback_stages": by_code(FEEDBACK_STAGES),
        "ratings": by_code(RATINGS),
        "second_looks": by_code(SECOND_LOOKS),
        "look_backs": by_code(LOOK_BACKS),
        "reopen_grounds": by_code(REOPEN_GROUNDS),
        "yes_no": by_code(YES_NO),
        "person_kinds": by_code(PERSON_KINDS),
        "measures": by_code(MEASURES),
    }
)
