"""The catalogue of measures: talks, organisational measures, sanctions and what may be laid upon a unit."""

from dataclasses import dataclass

from whistle.rules.codes import Coded
from whistle.rules.terms import Source, Term, cite, force_day, read_day

CLASSES: dict[str, Term] = {
    "talk": Term("谈话", "talk"),
    "org": Term("组织处理", "organisational measure"),
    "admin": Term("政务处分", "administrative sanction"),
    "party": Term("党纪处分", "party sanction"),
    "unit": Term("对单位的处理", "measure on a unit"),
    "other": Term("其他", "other"),
}

#: Kinds of person a measure is for, by the rulebook's letter.
PERSON_KINDS: dict[str, Term] = {
    "P": Term("公务员和参公人员", "civil servant and equivalent"),
    "I": Term("事业单位管理人员", "manager of a public institution"),
    "B": Term("受托管理公共事务组织人员", "official of a body with delegated public affairs"),
    "E": Term("国有企业管理人员", "manager of a state enterprise"),
    "V": Term("基层群众性自治组织管理人员", "manager of a village or residents' committee"),
    "O": Term("其他依法履行公职的人员", "other person with public duties"),
    "M": Term("中共党员", "party member"),
    "A": Term("各类人员", "all kinds"),
}

#: Who gives leave; "collective": the head records the meeting's day, number and result.
DEPUTY, HEAD, COLLECTIVE = "deputy", "head", "collective"
#: Decided by this office, or recorded here and decided elsewhere.
HERE, ELSEWHERE = "supervisory", "recorded"


@dataclass(frozen=True, slots=True)
class Period:
    """How long a measure has effect: months, or for ever, or as decided; `text` says what months alone do not."""

    months: int | None = None
    is_permanent: bool = False
    is_upper_bound: bool = False
    text: Term | None = None


NO_PERIOD = Period()
_FOR_EVER = Period(is_permanent=True, text=Term("永久", "permanent"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Coded):
    """One measure. on: person or unit. approval: who decides; None where it is only recorded. form: of the 四种形态.

    document: the paper it is done by. effects: what it brings with it. sentence: its word in the yearly sentence.
    """

    class_: str
    on: tuple[str, ...]
    kinds: tuple[str, ...]
    approval: str | None
    regime: str
    document: Term | None
    period: Period
    effects: Term | None
    forms: tuple[int, ...]
    sentence: str


def _measure(
    name: str,
    zh: str,
    en: str,
    class_: str,
    *,
    source: tuple[Source, ...],
    approval: str | None,
    on: tuple[str, ...] = ("person",),
    kinds: str = "A",
    regime: str = HERE,
    document: Term | None = None,
    period: Period = NO_PERIOD,
    effects: Term | None = None,
    forms: tuple[int, ...] = (),
    sentence: str = "",
) -> Measure:
    return Measure(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
        class_=class_,
        on=on,
        kinds=tuple(kinds),
        approval=approval,
        regime=regime,
        document=document,
        period=period,
        effects=effects,
        forms=forms,
        sentence=sentence,
    )


_RECORD = Term("谈话记录", "record of the talk")
_LETTER = Term("建议函", "letter of proposal")
_ADMIN_DECISION = Term("政务处分决定书", "decision on an administrative sanction")
_SANCTION_DECISION = Term("处分决定", "decision on a sanction")
_CIRCULAR = Term("通报", "circular")
_NOTICE = Term("通知书", "notice")
_DECISION = Term("决定", "decision")

_NO_PROMOTION = Term("不得晋升", "no promotion")
_NO_PROMOTION_NO_STEP = Term("不得晋升，不得晋升工资档次", "no promotion, no pay step")
_STATEMENT_DUE = Term("按期交检查材料", "statement due")
_NO_POST = Period(
    24,
    text=Term("12个月内不安排职务，24个月内不担任高于原职务的职务", "12 months without post, 24 none higher"),
)
_ADMIN_SOURCE = cite("ZWCF 7, 8, 19–22")

MEASURES: tuple[Measure, ...] = (
    _measure(
        "summon",
        "约谈",
        "summoned talk",
        "talk",
        on=("person", "unit_leader"),
        approval=DEPUTY,
        document=Term("约谈通知书、记录", "notice of the talk, record"),
        effects=Term("承诺及兑现期限", "promises with due days"),
        forms=(1,),
        sentence="约谈",
        source=cite("OWN"),
    ),
    _measure(
        "remind",
        "谈话提醒",
        "reminding talk",
        "talk",
        approval=DEPUTY,
        document=_RECORD,
        forms=(1,),
        source=cite("JCF 52(1)", "ZWCF 12", "GWY 57"),
    ),
    _measure(
        "educate",
        "批评教育",
        "criticism and education",
        "talk",
        approval=DEPUTY,
        document=_RECORD,
        forms=(1,),
        source=cite("JCF 52(1)", "ZWCF 12"),
    ),
    _measure(
        "self_criticism",
        "责令作出检查",
        "ordered self-criticism",
        "org",
        approval=DEPUTY,
        document=Term("责令检查通知书、检查", "notice, statement"),
        effects=_STATEMENT_DUE,
        forms=(1,),
        sentence="作出检查",
        source=cite("JCF 52(1)", "ZWCF 12"),
    ),
    _measure(
        "admonish",
        "诫勉（谈话或书面）",
        "admonishment (talk or written)",
        "org",
        approval=HEAD,
        document=Term("诫勉书、谈话记录", "letter of admonishment, record"),
        period=Period(6),
        effects=Term(
            "影响期内不得提拔或者重用，取消当年评优资格，跟踪回访",
            "no promotion or weightier post, no award that year, follow-up",
        ),
        forms=(1,),
        sentence="诫勉谈话",
        source=cite("JCF 52(1)", "JM"),
    ),
    _measure(
        "criticise_person",
        "通报批评（个人）",
        "circulated criticism (person)",
        "org",
        approval=HEAD,
        document=_CIRCULAR,
        effects=Term("取消当年评优资格", "no award that year"),
        forms=(1,),
        source=cite("HN 85(3)", "WZ"),
    ),
    _measure(
        "apologise",
        "责令公开道歉",
        "ordered public apology",
        "org",
        approval=DEPUTY,
        forms=(1,),
        source=cite("HN 85(2)"),
    ),
    _measure(
        "suspend_check",
        "停职检查",
        "suspension for self-examination",
        "org",
        approval=HEAD,
        regime=ELSEWHERE,
        document=_LETTER,
        period=Period(6, is_upper_bound=True),
        forms=(2,),
        source=cite("HN 85(6)", "ZZCL"),
    ),
    _measure(
        "adjust_post",
        "调整职务",
        "change of post",
        "org",
        kinds="PIBE",
        approval=COLLECTIVE,
        regime=ELSEWHERE,
        document=_LETTER,
        period=Period(12),
        effects=_NO_PROMOTION,
        forms=(2,),
        source=cite("ZZCL"),
    ),
    _measure(
        "order_resign",
        "责令辞职",
        "ordered resignation",
        "org",
        kinds="PIBE",
        approval=COLLECTIVE,
        regime=ELSEWHERE,
        document=_LETTER,
        period=_NO_POST,
        forms=(3,),
        source=cite("ZZCL", "WZ", "GWY 87"),
    ),
    _measure(
        "dismiss_post",
        "免职",
        "dismissal from post",
        "org",
        kinds="PIBE",
        approval=COLLECTIVE,
        regime=ELSEWHERE,
        document=_LETTER,
        period=_NO_POST,
        forms=(3,),
        source=cite("ZZCL", "WZ"),
    ),
    _measure(
        "demote_org",
        "降职",
        "demotion",
        "org",
        kinds="PIBE",
        approval=COLLECTIVE,
        regime=ELSEWHERE,
        document=_LETTER,
        period=Period(24),
        effects=_NO_PROMOTION,
        forms=(3,),
        source=cite("ZZCL"),
    ),
    _measure(
        "certificate",
        "暂扣收缴执法证件、取消执法资格",
        "withdrawal of the enforcement certificate",
        "org",
        kinds="P",
        approval=DEPUTY,
        regime=ELSEWHERE,
        document=_LETTER,
        period=Period(text=Term("按决定", "as set")),
        forms=(1,),
        source=cite("HN 85(5)"),
    ),
    _measure(
        "leave_duty",
        "调离执法岗位",
        "removal from enforcement duty",
        "org",
        kinds="P",
        approval=DEPUTY,
        regime=ELSEWHERE,
        document=_LETTER,
        forms=(2,),
        source=cite("HN 85(5)"),
    ),
    _measure(
        "pay_cut",
        "降低薪酬待遇",
        "cut in pay",
        "org",
        kinds="O",
        approval=COLLECTIVE,
        regime=ELSEWHERE,
        document=_LETTER,
        forms=(2,),
        source=cite("ZWCF 23"),
    ),
    _measure(
        "leave_post",
        "调离岗位",
        "removal from the post",
        "org",
        kinds="O",
        approval=COLLECTIVE,
        regime=ELSEWHERE,
        document=_LETTER,
        forms=(2,),
        source=cite("ZWCF 23"),
    ),
    _measure(
        "end_employment",
        "解除人事或劳动关系",
        "end of employment",
        "org",
        kinds="O",
        approval=COLLECTIVE,
        regime=ELSEWHERE,
        document=_LETTER,
        period=_FOR_EVER,
        effects=Term("不得录用为公务员", "never a civil servant"),
        forms=(3,),
        source=cite("ZWCF 23, 24"),
    ),
    _measure(
        "admin_warning",
        "政务警告",
        "administrative warning",
        "admin",
        approval=COLLECTIVE,
        document=_ADMIN_DECISION,
        period=Period(6),
        effects=_NO_PROMOTION,
        forms=(2,),
        sentence="政务警告",
        source=_ADMIN_SOURCE,
    ),
    _measure(
        "admin_demerit",
        "政务记过",
        "administrative demerit",
        "admin",
        approval=COLLECTIVE,
        document=_ADMIN_DECISION,
        period=Period(12),
        effects=_NO_PROMOTION_NO_STEP,
        forms=(2,),
        sentence="政务记过",
        source=_ADMIN_SOURCE,
    ),
    _measure(
        "admin_major_demerit",
        "政务记大过",
        "administrative major demerit",
        "admin",
        approval=COLLECTIVE,
        document=_ADMIN_DECISION,
        period=Period(18),
        effects=_NO_PROMOTION_NO_STEP,
        forms=(2,),
        source=_ADMIN_SOURCE,
    ),
    _measure(
        "admin_downgrade",
        "政务降级",
        "administrative downgrade",
        "admin",
        kinds="PIBE",
        approval=COLLECTIVE,
        document=_ADMIN_DECISION,
        period=Period(24),
        effects=Term(
            "不得晋升，不得晋升工资档次，降低级别和待遇", "no promotion, no pay step, grade and pay down"
        ),
        forms=(3,),
        source=_ADMIN_SOURCE,
    ),
    _measure(
        "admin_removal",
        "政务撤职",
        "administrative removal from post",
        "admin",
        kinds="PIBE",
        approval=COLLECTIVE,
        document=_ADMIN_DECISION,
        period=Period(24),
        effects=Term(
            "不得晋升，不得晋升工资档次，降低职务、职级和待遇；选举产生的先依法罢免",
            "no promotion, no pay step, post, rank and pay down; elected persons are recalled first",
        ),
        forms=(3,),
        source=(*_ADMIN_SOURCE, *cite("ZWCF 50")),
    ),
    _measure(
        "admin_expulsion",
        "政务开除",
        "administrative expulsion",
        "admin",
        kinds="PIBE",
        approval=COLLECTIVE,
        document=_ADMIN_DECISION,
        period=_FOR_EVER,
        effects=Term(
            "解除人事或者劳动关系；选举产生的先依法罢免",
            "the relation ends; elected persons are recalled first",
        ),
        forms=(3,),
        source=cite("ZWCF 14, 24, 26, 50"),
    ),
    _measure(
        "exempt",
        "免予政务处分",
        "exemption from an administrative sanction",
        "other",
        approval=COLLECTIVE,
        document=Term("决定书", "decision"),
        effects=Term(
            "情节轻微并具有从轻情形，与谈话、检查或者诫勉并用",
            "slight and with a mitigating ground; with a talk, self-criticism or admonishment",
        ),
        forms=(1,),
        source=cite("ZWCF 12, 44(3)"),
    ),
    _measure(
        "employer_sanction",
        "任免机关处分（六种）",
        "employer's sanction (six kinds)",
        "other",
        kinds="PIE",
        approval=None,
        regime=ELSEWHERE,
        document=_SANCTION_DECISION,
        period=Period(text=Term("按处分决定", "as decided")),
        effects=Term(
            "只作记录；同一行为不得再给政务处分", "recorded; never for the same act as an administrative one"
        ),
        forms=(2, 3),
        source=cite("GWY 61–64", "XZCF", "GQCF", "SYCF"),
    ),
    _measure(
        "party_warning",
        "党内警告",
        "party warning",
        "party",
        kinds="M",
        approval=COLLECTIVE,
        document=_SANCTION_DECISION,
        period=Period(12),
        effects=_NO_PROMOTION,
        forms=(2,),
        source=cite("DJ"),
    ),
    _measure(
        "party_serious",
        "党内严重警告",
        "serious party warning",
        "party",
        kinds="M",
        approval=COLLECTIVE,
        document=_SANCTION_DECISION,
        period=Period(18),
        effects=_NO_PROMOTION,
        forms=(2,),
        source=cite("DJ"),
    ),
    _measure(
        "party_removal",
        "撤销党内职务",
        "removal from party post",
        "party",
        kinds="M",
        approval=COLLECTIVE,
        document=_SANCTION_DECISION,
        period=Period(24),
        forms=(3,),
        source=cite("DJ"),
    ),
    _measure(
        "party_probation",
        "留党察看（一年、二年）",
        "probation in the party (one or two years)",
        "party",
        kinds="M",
        approval=COLLECTIVE,
        document=_SANCTION_DECISION,
        period=Period(text=Term("12或者24个月，恢复权利后再24个月", "12 or 24 months, then 24 months more")),
        effects=Term("期满恢复党员权利", "rights back after"),
        forms=(3,),
        source=cite("DJ"),
    ),
    _measure(
        "party_expulsion",
        "开除党籍",
        "expulsion from the party",
        "party",
        kinds="M",
        approval=COLLECTIVE,
        document=_SANCTION_DECISION,
        period=Period(60),
        effects=Term("期内不得重新入党", "no re-admission"),
        forms=(3,),
        source=cite("DJ"),
    ),
    _measure(
        "criticise_unit",
        "通报批评（单位）",
        "circulated criticism (unit)",
        "unit",
        on=("unit",),
        kinds="",
        approval=HEAD,
        document=_CIRCULAR,
        effects=Term("30日内报整改方案", "plan due in 30 days"),
        sentence="通报批评",
        source=cite("WZ", "OWN", "ZWCF 61"),
    ),
    _measure(
        "unit_check",
        "责令单位检查",
        "ordered self-criticism of a unit",
        "unit",
        on=("unit",),
        kinds="",
        approval=HEAD,
        document=_NOTICE,
        effects=_STATEMENT_DUE,
        source=cite("WZ"),
    ),
    _measure(
        "unit_redress",
        "赔礼道歉、消除影响",
        "apology and redress",
        "unit",
        on=("unit",),
        kinds="",
        approval=HEAD,
        regime=ELSEWHERE,
        document=_LETTER,
        effects=Term("向受损企业作出", "to the wronged firm"),
        source=cite("HN 83, 84"),
    ),
    _measure(
        "unit_reorganise",
        "改组",
        "reorganisation",
        "unit",
        on=("unit",),
        kinds="",
        approval=COLLECTIVE,
        regime=ELSEWHERE,
        document=_DECISION,
        source=cite("WZ"),
    ),
    _measure(
        "recommendation",
        "监察建议书",
        "supervisory recommendation",
        "unit",
        on=("unit",),
        kinds="",
        approval=HEAD,
        document=Term("监察建议书", "supervisory recommendation"),
        effects=Term("30日内回复", "reply in 30 days"),
        source=cite("JCF 11, 52(5)", "ZWCF 3, 61", "GQCF 41"),
    ),
    _measure(
        "prosecute",
        "移送检察机关",
        "transfer to the procuratorate",
        "other",
        approval=COLLECTIVE,
        document=Term("起诉意见书", "opinion for prosecution"),
        forms=(4,),
        source=cite("JCF 52(4)"),
    ),
    _measure(
        "recover",
        "没收、追缴、责令退赔",
        "confiscation, recovery, ordered restitution",
        "other",
        on=("person", "unit"),
        approval=HEAD,
        document=_DECISION,
        effects=Term("金额；应当退还的依法退还", "the amount; the owner's goods are returned"),
        source=cite("ZWCF 25", "JCF 53"),
    ),
    _measure(
        "correct_benefits",
        "建议纠正不当利益",
        "proposal to correct improper benefits",
        "other",
        approval=HEAD,
        regime=ELSEWHERE,
        document=_LETTER,
        effects=Term("违法取得的职级、职称、学历等", "rank, title or degree gained by the breach"),
        source=cite("ZWCF 25"),
    ),
)
