"""Which units a receiver's name means: the same name however it is typed, and never a namesake of another place."""

import pytest

from whistle.rules.receivers import Home, units_named

HOME = Home("清源区纪委监委", "Discipline Inspection and Supervision Office of Clearspring District")

TAX, TRANSPORT, STREET, SHORT, INSPECTION, SCHOOL = range(1, 7)
#: Names of the district now and before, noise among them.
NAMES = [
    (TAX, "清源区税务局"),
    (TAX, "清源区国家税务局"),
    (TAX, "Tax Bureau of Clearspring District"),
    (TRANSPORT, "交通运输局"),
    (TRANSPORT, "Transport Bureau"),
    (STREET, "砚桥街道办事处"),
    (STREET, "Yanqiao Subdistrict Office"),
    (SHORT, "医院"),
    (SHORT, "Hospital"),
    (INSPECTION, "清源区税务局稽查局"),
    (SCHOOL, "第一中学"),
]


def named(text: str, home: Home = HOME) -> set[int]:
    return set().union(*units_named(text, NAMES, home))


@pytest.mark.parametrize(
    "text",
    [
        "清源区税务局",
        "清源区国家税务局",
        " 清 源 区\n税务局 ",
        "“清源区税务局”",
        "清源区（税务局）",
        "清源区\u200b税务局",
        "清源区税务局纳税服务科",
        "请转清源区税务局处理",
        "市税务局、清源区税务局",
        "清源市清源区税务局",
        "国家税务总局清源区税务局",
        "tax bureau of clearspring district",
        "TAX  BUREAU OF CLEARSPRING DISTRICT",
        "Ｔａｘ Ｂｕｒｅａｕ ｏｆ Clearspring District",
        "The Tax Bureau of Clearspring District, second floor",
        "区税务局",
        "税务局",
        "Tax Bureau",
        "the District Tax Bureau",
    ],
)
def test_a_name_is_found_however_it_is_typed(text: str) -> None:
    assert named(text) == {TAX}


@pytest.mark.parametrize(
    "text",
    [
        "国家税务总局清源市税务局",
        "清源市税务局",
        "市税务局",
        "区里的税务部门",
        "Tax Bureau of Qingyuan City",
        "Municipal Tax Bureau",
        "清源市交通运输局",
        "河南省 交通运输局",
        "邻水区交通运输局",
        "Qingyuan City Transport Bureau",
        "Municipal Transport Bureau",
        "Transport Bureau of Henan Province",
        "清源市中心医院",
        "Hospital Authority",
        "清源市第一中学",
        "（无）",
        "",
    ],
)
def test_a_body_of_another_place_or_of_another_name_is_none_of_the_district(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "交通运输局",
        "交通运输局办公室",
        "清源区交通运输局",
        "区交通运输局",
        "市政府、交通运输局",
        "Transport Bureau",
        "Transport Bureau of Clearspring District",
        "Transport Bureau of the district",
        "Clearspring District Transport Bureau",
    ],
)
def test_a_name_without_its_place_means_the_districts_own(text: str) -> None:
    assert named(text) == {TRANSPORT}


@pytest.mark.parametrize("text", ["清源市砚桥街道办事处", "清源市清源区砚桥街道办事处"])
def test_a_name_that_is_itself_a_place_means_the_same_whatever_stands_before_it(text: str) -> None:
    assert named(text) == {STREET}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("区交运局", TRANSPORT),
        ("交通局", TRANSPORT),
        ("清源区交通局", TRANSPORT),
        ("砚桥街道办", None),  # its last letter is another
        ("砚桥办事处", STREET),
        ("清源市交通局", None),
        ("区交局", None),  # two letters are part of too many
        ("水务局", None),
        ("税务稽查局", INSPECTION),
        ("转区交运局处理", None),  # more than a name
    ],
)
def test_a_name_cut_short_means_the_whole_one(text: str, meant: int | None) -> None:
    assert named(text) == ({meant} if meant else set())


def test_where_a_name_stands_in_full_nothing_is_taken_for_one_cut_short() -> None:
    assert named("税务局") == {TAX}


def test_a_very_short_name_is_meant_only_where_it_stands_alone() -> None:
    assert named("“医院”") == {SHORT}
    assert named("医院管理局") == set()


def test_the_longest_name_is_the_one_meant() -> None:
    assert named("清源区税务局稽查局") == {INSPECTION}
    assert named("清源区税务局稽查局和清源区税务局") == {INSPECTION, TAX}


def test_each_place_where_a_unit_is_named_counts_by_itself() -> None:
    assert units_named("清源区税务局、第一中学", NAMES, HOME) == [{TAX}, {SCHOOL}]
    assert units_named("第一中学", [*NAMES, (9, "第一中学")], HOME) == [{SCHOOL, 9}]


def test_in_a_county_level_city_the_city_is_the_own_place() -> None:
    home = Home("新密市纪委监委", "Discipline Office of Xinmi City")
    assert named("新密市交通运输局", home) == {TRANSPORT}
    assert named("市交通运输局", home) == {TRANSPORT}
    assert named("郑州市交通运输局", home) == set()
    assert named("Xinmi City Transport Bureau", home) == {TRANSPORT}
    assert named("Zhengzhou City Transport Bureau", home) == set()


def test_where_the_own_place_is_not_known_every_such_name_is_the_own() -> None:
    home = Home("机关纪委", "Discipline Office")
    assert named("清源市交通运输局", home) == {TRANSPORT}
    assert named("Municipal Transport Bureau", home) == {TRANSPORT}
