"""A report's files: sealed as they come, known only to who may read the report, gone with the visit."""

from tests.builders import ANSWERS, Office
from whistle.services import drafts, intake, visit_files
from whistle.services.casework import file_views, reading
from whistle.services.visit_files import Receiving
from whistle.store.attachments import Attachment

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400
MARK = b"planted-words-in-a-file"


def add(secret: str, name: str = "a.png", content: bytes = PNG, kind: str = "draft") -> Receiving:
    received = Receiving(name)
    for at in range(0, len(content), 50_000):
        received.write(content[at : at + 50_000])
    received.finish()
    visit_files.keep(secret, kind, received)
    received.discard()
    return received


def filed_with(office: Office, *contents: bytes) -> str:
    """A report with files; returns its case."""
    secret = drafts.begin(office.token)
    drafts.save(secret, ANSWERS)
    for number, content in enumerate(contents, 1):
        add(secret, f"{number}.png", content)
    intake.submit(secret)
    return str(Attachment.select().order_by(Attachment.id.desc()).get().report.case_id)


def test_an_officer_who_may_read_the_report_gets_the_file_byte_by_byte(office: Office) -> None:
    case = filed_with(office, PNG)
    [report] = reading.open_case(office["intake"], case).reports
    [found] = report.files
    opened = file_views.opened(file_views.look(office["intake"], case, found.id).token)
    assert (found.name, found.kind.name, found.size, found.is_there) == ("1.png", "png", len(PNG), True)
    assert b"".join(opened.read(0, opened.size)) == PNG
    assert b"".join(opened.read(70_000, 70_009)) == PNG[70_000:70_009]
