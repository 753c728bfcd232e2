"""Whether a text names a person: however the name is typed, and with a word of others around it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.rules.naming import Named, is_among, is_named, letters, names_in

NAME = "林受理"

#: What somebody may type, or paste unseen, between the characters of a name.
BETWEEN = st.text(
    st.sampled_from(
        " \t\n\u3000\u00a0\u2003\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\ufe00\U000e0100\u034f\u3164·•・‧．.-—_'’"
    ),
    max_size=4,
)


@given(st.text("林受理王芳黄a1", min_size=1, max_size=6), st.data())
def test_a_name_is_found_whatever_nobody_sees_stands_in_it(name: str, data: st.DataObject) -> None:
    typed = "".join(character + data.draw(BETWEEN) for character in name)
    before, after = data.draw(st.text(max_size=5)), data.draw(st.text(max_size=5))
    assert is_named(name, f"{before}，{typed}，{after}")
    assert is_named(typed, name), "the office's list may have the space"


@given(st.text("ABcéßÖ1林", min_size=1, max_size=6))
def test_width_case_and_composition_make_no_difference(name: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    for typed in (name.upper(), name.lower(), wide, unicodedata.normalize("NFD", name)):
        assert is_named(name, typed)
        assert is_named(typed, name)


@given(st.text(max_size=9), st.text("王芳，（·", max_size=5), st.text(max_size=9), st.text(max_size=9))
def test_a_name_that_stands_there_letter_by_letter_is_found(
    name: str, more: str, before: str, after: str
) -> None:
    assert is_named(f"{name}林{more}", f"{before}，{name}林{more}，{after}")


@pytest.mark.parametrize(
    "text",
    [
        "林受理",
        "林 受理",
        "林　受　理",
        "林\u200b受\u2060理",
        "林·受理",
        "林-受理",
        "林\r\n受理",
        "林︀受理",
        "\uf9f4受理",
        "受理台的林受理主任",
        "不能让林受理看",
        "王某、林受理。",
    ],
)
def test_the_name_is_found(text: str) -> None:
    assert is_named(NAME, text)


@pytest.mark.parametrize(
    "text",
    ["", "林受", "受理", "林主任", "姓林，受理台的", "林、受理", "（林）受理", "林大受理", "理受林"],
)
def test_the_name_is_not_found(text: str) -> None:
    assert not is_named(NAME, text)


@pytest.mark.parametrize("name", ["", " ", "·", "\u200b", "，", "\u3164"])
def test_a_name_without_a_letter_names_nobody(name: str) -> None:
    assert not is_named(name, "林受理，·，\u3164")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Mary O’Neil", "mary oneil"),
        ("阿卜杜拉·买买提", "阿卜杜拉买买提科长"),
        ("José Núñez", "Jose Nunez"),
        ("王芳", "王芳芳也在场"),
        ("王芳（信访室）", "王 芳"),
        ("王芳（信访室）", "王芳（信访室）"),
    ],
)
def test_of_other_names_it_finds_rather_too_many(name: str, text: str) -> None:
    assert is_named(name, text)


@given(st.text("林受理王芳a1 （）·，", max_size=6), st.text("林受理王芳a1 （）·，。", max_size=30))
def test_asked_of_letters_it_keeps_out_whomever_it_keeps_out_of_the_text(name: str, text: str) -> None:
    assert is_among(letters(name), letters(text)) or not is_named(name, text)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("王芳", {"王芳"}),
        ("王芳（副局长）、李四", {"王芳", "李四"}),
        ("王芳，李四；赵六 孙七", {"王芳", "李四", "赵六", "孙七"}),
        ("王 芳", set()),
        ("买买提·艾力", {"买买提艾力"}),
        ("Wang Fang", {"wang", "fang"}),
        ("砚桥中队协管员马某", {"砚桥中队协管员马某"}),
        ("不详", set()),
        ("副局长、工作人员", set()),
        ("", set()),
        ("（（（", set()),
    ],
)
def test_the_names_in_a_line_of_subjects(line: str, names: set[str]) -> None:
    assert names_in(line) == names


@pytest.mark.parametrize(
    ("own", "other", "shared"),
    [
        (("王大明、李四", ""), ("李四", ""), ("李四",)),
        (("王大明", ""), ("", "那个王 大明，戴眼镜"), ("王大明",)),
        (("", "王大明让我回去等。"), ("王大明", ""), ("王大明",)),
        (("王大明", ""), ("王大", ""), ()),
        (("马某", ""), ("", "姓马某人"), ()),
        (("马某", ""), ("马某", ""), ("马某",)),
        (("工作人员", ""), ("工作人员", ""), ()),
        (("", "王大明"), ("", "王大明"), ()),
        (("", ""), ("", ""), ()),
    ],
)
def test_a_name_registered_in_one_and_registered_or_written_in_the_other_is_shared(
    own: tuple[str, str], other: tuple[str, str], shared: tuple[str, ...]
) -> None:
    one, two = (Named(tuple(names_in(line)), (letters(text),)) for line, text in (own, other))
    assert one.shared_with(two) == two.shared_with(one) == shared
