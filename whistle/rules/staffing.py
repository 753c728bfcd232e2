"""Least staffing: how many people of a role an office needs, and what is not possible below (rulebook §2)."""

from dataclasses import dataclass

from whistle.rules.terms import Term


@dataclass(frozen=True, slots=True)
class Staffing:
    """The least number of people of a role; `without` says what cannot be done below it."""

    role: str
    least: int
    without: Term


STAFFING: tuple[Staffing, ...] = (
    Staffing(
        "head", 1, Term("无人作重大决定、准入人员", "nobody decides what is the head's, or lets people in")
    ),
    Staffing("deputy", 1, Term("无人审批、指派", "nobody approves or assigns")),
    Staffing(
        "intake", 2, Term("一人回避或离开时无人受理", "nobody takes reports in when one is barred or away")
    ),
    Staffing("officer", 2, Term("一人回避时无人承办", "nobody works a case when one is barred")),
    Staffing(
        "reviewer",
        2,
        Term("一人回避时由其他承办人审理", "when one is barred an officer must review"),
    ),
    Staffing(
        "admin",
        2,
        Term("一人忘记密码时无人重新邀请", "nobody can invite the other again after a lost password"),
    ),
    Staffing(
        "oversight",
        2,
        Term("不能接收反映本机关人员的举报", "no reports on the office's own people"),
    ),
)
