"""What is reported: categories of problems, matter kinds, and the codes that actions choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from whistle.rules.case_codes import CASE_TABLES
from whistle.rules.codes import Choice, Coded, by_code, choice
from whistle.rules.recusal import RECUSAL_ASKERS, RECUSAL_GROUNDS
from whistle.rules.terms import Source, Term, cite, force_day, read_day


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWay(Choice):
    """How notice is given. `needs_contact`: only to somebody whose name, telephone or address is at hand."""

    needs_contact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin(Choice):
    """How a report came in.

    is_entered: an officer writes it down at the register. fact: what the clocks know by it. needs_sender: another body
    sent it, which is named with its number.
    """

    is_entered: bool
    fact: str
    needs_sender: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Coded):
    """A category of problems; `rows` are the forms it takes."""

    rows: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenChoice(Coded):
    """What a citizen says in plain words, and the category it stands for until an officer refines it."""

    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineReason(Coded):
    """Why a report of one of `kinds` is not accepted, and where to turn instead.

    redirect_first: to pass it on is offered before. after_supplement: only when the reporter was asked once
    for what is missing. needs_classification: test and spam need none.
    """

    kinds: tuple[str, ...]
    where_to_turn: Term
    redirect_first: bool
    after_supplement: bool
    needs_classification: bool


def _way(name: str, zh: str, en: str, *, needs_contact: bool = True) -> NoticeWay:
    source = cite("OWN")
    return NoticeWay(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
        explained=None,
        needs_contact=needs_contact,
    )


def _origin(
    name: str, zh: str, en: str, *, is_entered: bool = True, fact: str = "", needs_sender: bool = False
) -> Origin:
    source = cite("JJ", "XF 19, 23") if is_entered else cite("OWN")
    return Origin(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
        explained=None,
        is_entered=is_entered,
        fact=fact,
        needs_sender=needs_sender,
    )


def _category(name: str, zh: str, en: str, *rows: tuple[str, str], source: tuple[Source, ...]) -> Category:
    return Category(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
        rows=tuple(Term(*row) for row in rows),
    )


def _plain(name: str, zh: str, en: str, category: str) -> CitizenChoice:
    source = cite("OWN")
    return CitizenChoice(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
        category=category,
    )


def _reason(
    name: str,
    zh: str,
    en: str,
    *,
    kinds: tuple[str, ...],
    turn: Term,
    source: tuple[Source, ...],
    redirect_first: bool = False,
    after_supplement: bool = False,
    needs_classification: bool = True,
) -> DeclineReason:
    return DeclineReason(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
        kinds=kinds,
        where_to_turn=turn,
        redirect_first=redirect_first,
        after_supplement=after_supplement,
        needs_classification=needs_classification,
    )


CATEGORIES: tuple[Category, ...] = (
    _category(
        "inaction",
        "不作为",
        "failure to act",
        ("推诿扯皮", "passing the buck"),
        ("拒不受理", "refusing to accept"),
        ("不履行法定职责", "not performing a legal duty"),
        ("政策不落实", "policy not carried out"),
        ("承诺不兑现", "promise not kept"),
        ("新官不理旧账", "new officials disowning old debts"),
        ("首问负责不落实", "first-asked responsibility not honoured"),
        ("未一次性告知", "requirements not told at once"),
        source=cite("ZWCF 39(2)", "HN 83(7), 83(19)"),
    ),
    _category(
        "delay",
        "慢作为",
        "slow action",
        ("超期办结", "settled late"),
        ("久拖不决", "dragged on"),
        ("反复要求补材料", "asking for papers again and again"),
        ("窗口空岗", "counter left empty"),
        ("拖欠账款", "payment in arrears"),
        source=cite("HN 83(8), 83(9), 83(14), 83(15), 83(16)"),
    ),
    _category(
        "abuse",
        "乱作为",
        "arbitrary action",
        ("乱收费", "arbitrary fees"),
        ("乱罚款", "arbitrary fines"),
        ("乱摊派", "arbitrary levies"),
        ("违规检查", "improper inspection"),
        ("违规查封扣押", "improper seizure"),
        ("违规设门槛", "improper barriers"),
        ("指定中介", "prescribing an intermediary"),
        ("干预经营", "meddling in business"),
        ("招投标不公", "unfair tendering"),
        ("选择性执法", "selective enforcement"),
        ("泄露商业秘密", "leaking business secrets"),
        source=cite(
            "ZWCF 39(1)",
            "HN 83(1), 83(2), 83(3), 83(4), 83(5), 83(6), 83(10), 83(12), 83(18)",
        ),
    ),
    _category(
        "extraction",
        "吃拿卡要",
        "extortion in service",
        ("故意刁难", "making things hard on purpose"),
        ("索要财物", "asking for money or goods"),
        ("接受宴请", "accepting banquets"),
        ("收受礼品礼金", "accepting gifts"),
        source=cite("ZWCF 38(1), 38(2)"),
    ),
    _category(
        "attitude",
        "作风粗暴",
        "bad conduct",
        ("态度恶劣", "bad manners"),
        ("工作时间做无关事", "private business in working hours"),
        ("酒后上岗", "on duty after drinking"),
        source=cite("ZWCF 38(3)"),
    ),
    _category(
        "formalism",
        "形式主义官僚主义",
        "formalism",
        ("弄虚作假", "deception"),
        ("层层加码", "raising demands at every level"),
        ("数据造假", "forged figures"),
        source=cite("ZWCF 39(3), 39(4)"),
    ),
    _category(
        "eight_point",
        "违反中央八项规定精神",
        "breach of the frugality rules",
        ("违规吃喝", "improper dining"),
        ("公车私用", "private use of official cars"),
        ("违规发津补贴", "improper allowances"),
        source=cite("DJ"),
    ),
    _category(
        "corruption",
        "贪污贿赂",
        "corruption",
        ("受贿", "taking bribes"),
        ("贪污挪用", "embezzlement"),
        ("利益输送", "channelling of benefits"),
        ("违规经商", "improper business"),
        source=cite("JCF", "DJ"),
    ),
    _category(
        "retaliation",
        "打击报复",
        "retaliation",
        ("打击报复举报人或者证人", "against a reporter or witness"),
        source=cite("ZWCF 32, 62", "JCF 73"),
    ),
    _category("other", "其他", "other", source=cite("OWN")),
)

#: The six plain answers of the report form.
CITIZEN_CHOICES: tuple[CitizenChoice, ...] = (
    _plain("refused", "不给办", "They will not do it", "inaction"),
    _plain("slow", "办得慢", "They take too long", "delay"),
    _plain("charged", "乱收钱乱罚款", "They charge or fine at will", "abuse"),
    _plain("favours", "要好处", "They want favours", "extraction"),
    _plain("rude", "态度差", "They treat people badly", "attitude"),
    _plain("something_else", "其他", "Something else", "other"),
)

KINDS: tuple[Choice, ...] = (
    choice(
        "lead",
        "检举控告",
        "report of misconduct",
        source=cite("JJ"),
        explained=Term("反映党员干部、公职人员违纪违法", "An official or party member broke the rules"),
    ),
    choice(
        "complaint",
        "营商投诉",
        "business complaint",
        source=cite("HN 78"),
        explained=Term("企业、个体户办事或者经营遇到问题", "A business was hindered or treated unfairly"),
    ),
    choice(
        "unresolved",
        "“办不成事”",
        "something that never gets done",
        source=cite("HN 47"),
        explained=Term("事情一直办不成，请帮助推动", "I cannot get a thing done: please help"),
    ),
    choice(
        "petition",
        "求决",
        "petition",
        source=cite("XF 31(6)"),
        explained=Term("请求解决自己的诉求", "I need a problem of mine settled"),
    ),
    choice(
        "advice",
        "意见建议",
        "advice",
        source=cite("XF 29"),
        explained=Term("给工作提意见、建议", "I want to suggest an improvement"),
    ),
)
_ALL_KINDS = tuple(kind.name for kind in KINDS)

SEVERITIES: tuple[Choice, ...] = (
    choice("ordinary", "一般", "ordinary"),
    choice("serious", "重要", "serious"),
    choice("urgent", "紧急", "urgent"),
)
COMPLEXITIES: tuple[Choice, ...] = (
    choice("simple", "简单", "simple"),
    choice("ordinary", "一般", "ordinary"),
    choice("complex", "复杂", "complex"),
)
ORIGINS: tuple[Origin, ...] = (
    _origin("qr", "扫码", "QR code", is_entered=False),
    _origin("office", "本机关", "the office", is_entered=False),
    _origin("telephone", "来电", "telephone"),
    _origin("letter", "来信", "letter"),
    _origin("visit", "来访", "visit"),
    _origin("email", "电子邮件（打印件）", "e-mail on paper"),
    _origin(
        "superior",
        "上级机关或者信访部门转交",
        "handed down by a higher body or the petition office",
        fact="from_superior",
        needs_sender=True,
    ),
    _origin(
        "department",
        "营商环境主管部门转来",
        "sent by the department for the business environment",
        fact="sent_by_department",
        needs_sender=True,
    ),
)
NOTICE_WAYS: tuple[NoticeWay, ...] = (
    _way("message", "本系统留言", "message here", needs_contact=False),
    _way("phone", "电话", "telephone"),
    _way("letter", "信函", "letter"),
    _way("in_person", "当面", "in person"),
)

DECLINE_REASONS: tuple[DeclineReason, ...] = (
    _reason(
        "court",
        "应通过诉讼、仲裁、行政裁决、行政复议等途径解决",
        "belongs before a court, arbitration, administrative adjudication or reconsideration",
        kinds=("lead", "petition"),
        turn=Term(
            "请依法通过诉讼、仲裁、行政裁决或者行政复议等途径解决，可拨打12348法律服务热线咨询。",
            "Please go to court, arbitration, administrative adjudication or reconsideration;"
            " the legal service line 12348 advises.",
        ),
        source=cite("JJ", "XF 31"),
    ),
    _reason(
        "not_ours",
        "属于其他机关职责",
        "another body's duty",
        kinds=_ALL_KINDS,
        turn=Term("请向答复中写明的机关反映。", "Please turn to the body named in the answer."),
        redirect_first=True,
        source=cite("JJ", "JCF 38"),
    ),
    _reason(
        "empty",
        "仅有罪名、无实质内容",
        "accusation without substance",
        kinds=("lead",),
        turn=Term(
            "请写明时间、地点、人员和经过后重新举报。",
            "Please report again with time, place, persons and what happened.",
        ),
        after_supplement=True,
        source=cite("JJ"),
    ),
    _reason(
        "answered",
        "复核后就同一事实再提",
        "the same facts again after the last review",
        kinds=("petition",),
        turn=Term(
            "复核意见是最终意见。有新的事实和理由，可以重新提出。",
            "The review was final. With new facts or reasons you may ask again.",
        ),
        source=cite("XF 36"),
    ),
    _reason(
        "not_supervised",
        "反映对象不属监察对象",
        "the subject is not under supervision",
        kinds=("lead",),
        turn=Term(
            "请向被反映人所在单位或者其主管机关反映。",
            "Please turn to the subject's own organisation or the body above it.",
        ),
        redirect_first=True,
        source=cite("JCF 38"),
    ),
    _reason(
        "test_or_spam",
        "测试、广告、无关内容",
        "test, advertisement or unrelated",
        kinds=_ALL_KINDS,
        turn=Term(
            "有真实情况需要反映，请重新填写。", "If there is something real to report, please write again."
        ),
        needs_classification=False,
        source=cite("OWN"),
    ),
)

IDENTITIES: tuple[Choice, ...] = (
    choice("anonymous", "匿名", "without my name"),
    choice("named", "实名", "with my name"),
)


#: Tables that an action's need or a form's field names: code → row, in the order they are shown.
TABLES: Mapping[str, Mapping[str, Coded]] = MappingProxyType(
    {
        "categories": by_code(CATEGORIES),
        "citizen_choices": by_code(CITIZEN_CHOICES),
        "kinds": by_code(KINDS),
        "severities": by_code(SEVERITIES),
        "complexities": by_code(COMPLEXITIES),
        "origins": by_code(ORIGINS),
        "notice_ways": by_code(NOTICE_WAYS),
        "decline_reasons": by_code(DECLINE_REASONS),
        "identities": by_code(IDENTITIES),
        "recusal_grounds": by_code(RECUSAL_GROUNDS),
        "recusal_askers": by_code(RECUSAL_ASKERS),
        **CASE_TABLES,
    }
)

#: "Money over 30,000 yuan" makes a case complex; in fen.
COMPLEX_FROM_FEN = 30_000 * 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """What an intake officer sees in a report and what decides how it is worked."""

    category: str
    unit_count: int = 1
    money_fen: int = 0
    is_leading_cadre: bool = False
    is_above_section_head: bool = False
    is_repeated_within_year: bool = False


def decline_reasons_for(kind: str) -> list[DeclineReason]:
    """Reasons that may be given for a report of this matter kind."""
    return [reason for reason in DECLINE_REASONS if kind in reason.kinds]


def suggest_complexity(facts: Triage) -> tuple[str, Term]:
    """繁简分流: the complexity to propose, with the reason to show; a person may overrule."""
    weighty = (
        (facts.money_fen > COMPLEX_FROM_FEN, Term("涉及金额超过三万元", "more than 30,000 yuan")),
        (facts.unit_count > 1, Term("涉及多个单位", "several units")),
        (facts.is_leading_cadre, Term("涉及领导干部", "a leading cadre")),
        (facts.is_repeated_within_year, Term("一年内重复反映", "repeated within a year")),
    )
    for holds, why in weighty:
        if holds:
            return "complex", why
    is_light = facts.category in ("inaction", "delay", "attitude") and not facts.money_fen
    if is_light and facts.unit_count == 1 and not facts.is_above_section_head:
        return "simple", Term(
            "一个单位、股级以下、不涉及金额", "one unit, nobody above section head, no money"
        )
    return "ordinary", Term("不属于简单或者复杂情形", "neither simple nor complex")
