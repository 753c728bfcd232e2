"""Which journey looks at which page with axe. Every page is looked at by one of them in each language, and really.

The table is held against the addresses in `tests/house/test_web.py`, and against what a journey did in `conftest.py`.
"""

from typing import Any

#: Journey → the endpoints of the pages it looks at in Chinese, in light and dark.
LOOKS: dict[str, frozenset[str]] = {
    "test_base_pages.test_the_front_page_and_an_error_page": frozenset({"public.home"}),
    "test_first_hour.test_a_stranger_tries_it_with_five_links": frozenset({"setup.choose", "setup.trial"}),
    "test_set_up.test_six_people_open_an_office_and_four_decline_its_first_report": frozenset(
        {
            "setup.office",
            "office.invitation",
            "office.activate",
            "office.sign_in",
            "office.second_factor",
            "office.keys",
            "office.keys_sheet",
            "office.keys_sheet_check",
            "office.keys_superior",
            "office.keys_superior_confirm",
            "office.setup",
            "office.admissions",
        }
    ),
    "test_reporter.test_every_page_is_without_fault_at_every_width": frozenset(
        {
            "public.report_channel",
            "public.report_question",
            "public.report_files",
            "public.report_check",
            "public.report_receipt",
            "public.track_code",
            "public.track_report",
            "public.track_write",
            "public.track_recuse",
            "public.track_withdraw",
        }
    ),
    "test_officers.test_from_a_new_report_to_an_answer": frozenset(
        {"office.desk", "office.case", "office.case_do", "office.case_messages", "office.case_record"}
    ),
    "test_casework.test_a_lead_from_its_verification_to_what_its_reporter_thinks_of_it": frozenset(
        {
            "office.case_excerpt",
            "office.case_excerpts",
            "office.case_measures",
            "office.case_rectification",
            "public.track_protect",
            "public.track_rate",
        }
    ),
    "test_officers.test_a_decline_from_proposal_to_decision": frozenset(
        {"office.approvals", "office.approval"}
    ),
    "test_officers.test_the_pages_of_leaders_and_of_oversight": frozenset(
        {
            "office.account",
            "office.account_email",
            "office.account_password",
            "office.hand_over",
            "office.hand_over_person",
            "office.recusals",
        }
    ),
    "test_officers.test_a_call_is_written_down_its_code_handed_over_and_the_file_lent": frozenset(
        {"office.register", "office.register_receipt"}
    ),
    "test_officers.test_the_heads_keys_and_what_is_left_of_a_desk_without_people": frozenset(
        {
            "office.account_authenticator",
            "office.account_recovery_codes",
            "office.keys_holder_end",
            "office.keys_rescue",
        }
    ),
    "test_officers.test_cases_are_found_by_words_and_said_to_belong_together": frozenset(
        {"office.search", "office.search_found", "office.case_related"}
    ),
    "test_officers.test_the_board_and_the_meeting_papers": frozenset(
        {"office.board", "office.papers_week", "office.papers_month", "office.papers_quarter"}
    ),
    "test_officers.test_links_that_are_lost_dead_or_ended": frozenset({"office.recover"}),
    "test_admin.test_people": frozenset(
        {
            "admin.checklist",
            "admin.people",
            "admin.person",
            "admin.person_new",
            "admin.person_role",
            "admin.person_absent",
            "admin.person_correct",
            "admin.person_seat",
            "admin.person_reinvite",
            "admin.person_deactivate",
        }
    ),
    "test_identity.test_a_name_is_seen_by_the_word_of_two": frozenset(
        {"audit.identity", "office.case_identity", "office.identity", "office.identity_asked"}
    ),
    "test_files.test_every_kind_of_file_shows_in_its_frame": frozenset({"office.case_file"}),
    "test_admin.test_units_desks_and_settings": frozenset(
        {
            "admin.units",
            "admin.unit",
            "admin.unit_edit",
            "admin.unit_new",
            "admin.desks",
            "admin.desk",
            "admin.desk_new",
            "admin.desk_rename",
            "admin.desk_deputy",
            "admin.desk_seat_end",
            "admin.desk_holder",
            "admin.calendar",
            "admin.record",
            "admin.settings",
            "admin.storage",
        }
    ),
    "test_admin.test_channels": frozenset(
        {
            "admin.channels",
            "admin.channel",
            "admin.channel_new",
            "admin.channel_edit",
            "admin.channel_move",
            "admin.channel_rotate",
            "admin.channel_poster",
            "admin.channel_sheet",
            "admin.channel_import",
        }
    ),
    "test_admin.test_the_auditor_verifies_the_log": frozenset({"audit.log"}),
}

#: Journey → the endpoints of the pages it reads in English.
ENGLISH: dict[str, frozenset[str]] = {
    "test_english.test_a_reporters_pages": frozenset(
        {
            "public.home",
            "public.report_channel",
            "public.report_question",
            "public.report_files",
            "public.report_check",
            "public.report_receipt",
            "public.track_code",
            "public.track_report",
            "public.track_write",
            "public.track_recuse",
            "public.track_withdraw",
        }
    ),
    "test_english.test_officers_pages": frozenset(
        {
            "audit.log",
            "office.account",
            "office.account_email",
            "office.account_password",
            "office.admissions",
            "office.approval",
            "office.approvals",
            "office.case",
            "office.case_do",
            "office.case_messages",
            "office.case_record",
            "office.desk",
            "office.hand_over",
            "office.keys",
            "office.register",
            "office.register_receipt",
            "office.setup",
            "office.sign_in",
        }
    ),
    "test_english.test_an_invited_persons_pages": frozenset({"office.activate", "office.invitation"}),
    "test_english.test_an_administrators_pages": frozenset(
        {
            "admin.channel",
            "admin.channel_edit",
            "admin.channel_move",
            "admin.channel_import",
            "admin.channel_sheet",
            "admin.channel_new",
            "admin.channel_poster",
            "admin.channel_rotate",
            "admin.channels",
            "admin.checklist",
            "admin.desk",
            "admin.desk_deputy",
            "admin.desk_holder",
            "admin.desk_new",
            "admin.desk_rename",
            "admin.desks",
            "admin.people",
            "admin.person",
            "admin.person_deactivate",
            "admin.person_new",
            "admin.person_reinvite",
            "admin.person_role",
            "admin.person_seat",
            "admin.settings",
            "admin.storage",
            "admin.unit",
            "admin.unit_edit",
            "admin.unit_new",
            "admin.units",
            "setup.trial",
        }
    ),
}

#: Pages that no English journey reaches: whoever looks at one in Chinese asks for it in English too.
BESIDE = frozenset(
    {
        "admin.calendar",
        "admin.desk_seat_end",
        "audit.identity",
        "admin.person_absent",
        "admin.person_correct",
        "admin.record",
        "office.account_authenticator",
        "office.account_recovery_codes",
        "office.board",
        "office.case_excerpt",
        "office.case_excerpts",
        "office.case_file",
        "office.case_identity",
        "office.case_measures",
        "office.case_rectification",
        "office.case_related",
        "office.hand_over_person",
        "office.identity",
        "office.identity_asked",
        "office.keys_holder_end",
        "office.keys_rescue",
        "office.keys_sheet",
        "office.keys_sheet_check",
        "office.keys_superior",
        "office.keys_superior_confirm",
        "office.papers_month",
        "office.papers_quarter",
        "office.papers_week",
        "office.recover",
        "office.recusals",
        "office.search",
        "office.search_found",
        "office.second_factor",
        "public.track_protect",
        "public.track_rate",
        "setup.choose",
        "setup.office",
    }
)


def name_of(test: Any) -> str:
    """A test as these tables name it."""
    return f"{test.path.stem}.{test.originalname}"


def beside(name: str) -> frozenset[str]:
    """What a journey asks for in English beside the Chinese."""
    return LOOKS.get(name, frozenset()) & BESIDE


#: What answers to GET and is no page.
NO_PAGES = frozenset(
    {
        # They lead on.
        "audit.log_verify",
        "office.home",
        "office.search_number",
        "public.leave",
        "public.leave_report",
        "public.leave_track",
        # Files, pictures, and what machines ask.
        "admin.channel_poster_svg",
        "admin.channel_qr_png",
        "admin.channel_qr_svg",
        "admin.channel_template_csv",
        "admin.channel_template_xlsx",
        "health.alive",
        "health.ready",
        "office.case_package",
        "office.case_package_files",
        "office.papers_month_xlsx",
        "office.papers_quarter_xlsx",
        "office.papers_week_xlsx",
        "public.track_proof",
        "public.track_record",
        "static.send",
        # Looked at in the page whose frame they stand in.
        "sealed.frame",
        "sealed.content",
        "sealed.download",
    }
)
