"""Budgets: a hall behind one address is served, a flood is slowed, a single reporter never is; nothing tells who."""

import datetime as dt
import logging
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle import clock
from whistle.config import ROOT
from whistle.services import debts, limits
from whistle.services.debts import Debts
from whistle.services.errors import Slowed

DAY = dt.date(2026, 9, 14)
HALL = "203.0.113.9"


class Watch:
    """Seconds that pass when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    limits.begin_anew()
    return Watch()


def served(watch: Watch, kind: str, client: str, channel: str, times: int) -> int:
    """How many of so many acts at this moment go through."""
    done = 0
    for _ in range(times):
        try:
            limits.take(kind, client, channel, now=watch)
        except Slowed:
            continue
        done += 1
    return done


def test_a_hundred_people_behind_one_address_report_within_ten_minutes(watch: Watch) -> None:
    for _ in range(100):
        assert served(watch, "begin", HALL, "channel", 2) == 2
        assert served(watch, "send", HALL, "channel", 1) == 1
        assert served(watch, "upload", HALL, "channel", 20) == 20
        watch.now += 6


def test_they_are_even_if_all_press_at_once(watch: Watch) -> None:
    assert served(watch, "send", HALL, "channel", 100) == 100


def test_they_are_beside_four_addresses_that_flood_their_channel(watch: Watch) -> None:
    for n in range(4):
        served(watch, "send", f"192.0.2.{n}", "channel", 1000)
    assert served(watch, "send", HALL, "channel", 100) == 100


def test_a_flood_from_one_client_goes_on_at_its_pace_and_touches_nobody_else(watch: Watch) -> None:
    row = limits.BY_NAME["send"]
    assert row.client is not None
    assert served(watch, "send", HALL, "channel", 5000) == row.client.count
    watch.now += 60
    assert served(watch, "send", HALL, "channel", 5000) == 3, "one in eighteen seconds"
    assert served(watch, "send", "198.51.100.7", "channel", 1) == 1
    watch.now += row.client.seconds
    assert served(watch, "send", HALL, "channel", 100) == 100, "slowed, and not for ever"


def test_who_is_slowed_is_told_how_long_and_then_served(watch: Watch) -> None:
    served(watch, "send", HALL, "channel", 400)
    with pytest.raises(Slowed) as slowed:
        limits.take("send", HALL, "channel", now=watch)
    assert 0 < slowed.value.seconds <= limits.LONGEST_WAIT
    watch.now += slowed.value.seconds
    limits.take("send", HALL, "channel", now=watch)


def test_a_channel_under_flood_still_takes_the_report_of_somebody_else(watch: Watch) -> None:
    """Fifty addresses flood one channel: they share its budget, and a single reporter is asked for nothing."""
    row = limits.BY_NAME["send"]
    assert row.channel is not None
    flood = sum(served(watch, "send", f"192.0.2.{n}", "flooded", 100) for n in range(50))
    assert flood == row.channel.count + 50 * row.share.count
    for n in range(200):
        assert served(watch, "send", f"198.51.100.{n}", "flooded", 2) == 2
    assert served(watch, "send", HALL, "another", 100) == 100, "other channels have budgets of their own"


def test_a_flood_leaves_half_of_what_all_have_to_small_shares(watch: Watch) -> None:
    row = limits.BY_NAME["send"]
    assert row.together is not None
    for n in range(40):
        served(watch, "send", f"192.0.2.{n}", f"channel {n}", 300)
    assert served(watch, "send", "192.0.2.250", "channel", 300) == row.share.count
    assert served(watch, "send", "198.51.100.1", "channel", 1) == 1


def test_all_together_have_an_end_too(watch: Watch) -> None:
    """Thousands of addresses: nobody can tell who is real, and the server does not fall over."""
    row = limits.BY_NAME["send"]
    assert row.together is not None
    taken = sum(served(watch, "send", f"10.{n // 250}.{n % 250}.1", "channel", 1) for n in range(4000))
    assert taken == row.together.count


def test_a_client_that_cannot_be_told_has_the_channels_budget(watch: Watch) -> None:
    row = limits.BY_NAME["send"]
    assert row.channel is not None
    assert served(watch, "send", "", "channel", 2000) == row.channel.count


def test_a_refusal_counts_nothing(watch: Watch) -> None:
    served(watch, "send", HALL, "channel", 5000)
    watch.now += 18.1
    assert served(watch, "send", HALL, "channel", 1) == 1, "the thousands refused did not add to the debt"


def test_large_files_use_a_budget_up_sooner(watch: Watch) -> None:
    row = limits.BY_NAME["upload"]
    assert row.client is not None
    for _ in range(row.client.count // 50):
        limits.take("upload", HALL, "channel", cost=50, now=watch)
    with pytest.raises(Slowed):
        limits.take("upload", HALL, "channel", cost=50, now=watch)


# What is given back

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["203.0.113.9", "198.51.100.7", ""]),
        st.sampled_from(["channel", "another", ""]),
        st.integers(0, 700),
        st.floats(0, 900),
    ),
    max_size=12,
)


def state(watch: Watch) -> dict[str, float]:
    """Every debt of uploads there may be, in seconds until it is forgotten."""
    names = [f"{what} {client}" for what in ("share", "client") for client in (HALL, "198.51.100.7")]
    names += ["channel channel", "channel another", "together all"]
    with limits._debts.locked(clock.today()) as table:
        return {name: max(0.0, table.forgotten_at(f"upload {name}") - watch()) for name in names}


def charge(watch: Watch, client: str, channel: str, cost: int) -> limits.Charge | None:
    try:
        return limits.take("upload", client, channel, cost, now=watch)
    except Slowed:
        return None


@given(before=ACTS, act=ACTS.filter(bool), pause=st.floats(0, 7200))
def test_what_is_taken_and_given_back_whole_leaves_all_as_if_it_had_not_been(before, act, pause) -> None:
    """At once or after a pause: older debts melted meanwhile, and are not given back with it."""
    limits.begin_anew()
    watch = Watch()
    for client, channel, cost, seconds in before:
        charge(watch, client, channel, cost)
        watch.now += seconds
    untouched = {name: max(0.0, left - pause) for name, left in state(watch).items()}
    client, channel, cost, _seconds = act[0]
    taken = charge(watch, client, channel, cost)
    watch.now += pause
    if taken is not None:
        taken.give_back(cost, watch)
    assert state(watch) == pytest.approx(untouched, abs=0.001)


@given(acts=ACTS, data=st.data())
def test_giving_back_never_lessens_what_others_did_and_never_adds(acts, data) -> None:
    """Charges given back in any order and in parts: each debt stays between what was sent and what was said."""
    limits.begin_anew()
    watch, taken = Watch(), []
    for client, channel, cost, _seconds in acts:
        one = charge(watch, client, channel, cost)
        if one is not None:
            taken.append((one, client, channel, cost, data.draw(st.integers(0, cost))))
    for one, _client, _channel, cost, sent in data.draw(st.permutations(taken)):
        half = (cost - sent) // 2
        one.give_back(half, watch)
        one.give_back(cost - sent - half, watch)
    after = state(watch)
    limits.begin_anew()
    row = limits.BY_NAME["upload"]
    assert row.together is not None
    pace = row.together.seconds / row.together.count
    assert after["together all"] == pytest.approx(sum(sent for *_, sent in taken) * pace, abs=0.001)
    assert all(left >= 0 for left in after.values())


def test_no_more_is_given_back_than_was_taken(watch: Watch) -> None:
    limits.take("upload", HALL, "channel", 50, now=watch)
    before = state(watch)
    taken = limits.take("upload", HALL, "channel", 100, now=watch)
    for cost in (-5, 70, 70, 70):
        taken.give_back(cost, watch)
    assert state(watch) == pytest.approx(before, abs=0.001)


def test_what_was_forgotten_meanwhile_is_not_given_back(watch: Watch) -> None:
    """Lengths said and never sent, given back hours later, would be a store of budget for a flood."""
    taken = limits.take("upload", HALL, "channel", 500, now=watch)
    watch.now += 2 * limits.HOURS
    limits.take("upload", HALL, "channel", 400, now=watch)
    before = state(watch)
    taken.give_back(500, watch)
    assert state(watch) == before


def test_what_was_taken_yesterday_is_not_given_back_today(watch: Watch) -> None:
    limits.begin_anew()
    with clock.at(dt.datetime(2026, 9, 14, 15, 59, tzinfo=dt.UTC)):
        taken = limits.take("upload", HALL, "channel", 500, now=watch)
    with clock.at(dt.datetime(2026, 9, 14, 16, 1, tzinfo=dt.UTC)):
        limits.take("upload", HALL, "channel", 400, now=watch)
        before = state(watch)
        taken.give_back(500, watch)
        assert state(watch) == before


def test_what_gave_way_in_the_table_stays_away(watch: Watch) -> None:
    taken = limits.take("upload", HALL, "channel", 500, now=watch)
    limits.begin_anew()
    taken.give_back(500, watch)
    assert not any(state(watch).values())


def test_processes_give_back_into_the_table_they_share(watch: Watch) -> None:
    limits.take("upload", HALL, "channel", 100, now=watch)
    before = state(watch)
    child = os.fork()
    for _ in range(100):
        limits.take("upload", HALL, "channel", 400, now=watch).give_back(400, watch)
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    assert state(watch) == pytest.approx(before, abs=0.01)


def test_ranks_grow_with_tries_and_are_forgotten(watch: Watch) -> None:
    assert [limits.rank("track", HALL, watch) for _ in range(3)] == [0, 1, 2]
    assert limits.rank("track", "198.51.100.7", watch) == 0
    for _ in range(100):
        limits.rank("track", HALL, watch)
    assert limits.rank("track", HALL, watch) == limits.RANKS["track"].count
    watch.now += limits.RANKS["track"].seconds
    assert limits.rank("track", HALL, watch) == 0


def test_the_log_is_told_how_many_and_of_nobody_who(
    watch: Watch, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.log, "disabled", False)  # as other programs' logging leaves it
    with caplog.at_level(logging.WARNING):
        served(watch, "send", HALL, "secret-token", 300)
        assert caplog.messages == ["asked to wait since last told: send 1"]
        limits.count_refused("track", now=watch)
        watch.now += limits.TELL_EVERY
        limits.count_refused("track", now=watch)
    assert caplog.messages[1:] == ["asked to wait since last told: send 99, track 2"]


def test_each_row_says_why_and_a_share_is_the_smallest_of_its_budgets() -> None:
    for row in limits.LIMITS:
        assert len(row.why) > 20
        assert all(budget is None or budget.count > row.share.count for budget in (row.client, row.channel))
        if row.client and row.together:
            assert row.together.count * limits.SHARED_PART > row.client.count
    assert len(limits.REFUSALS) <= debts.COUNTED


def test_the_threat_model_has_each_budget_as_it_is() -> None:
    lines = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8").splitlines()
    for row in limits.LIMITS:
        budgets = [in_words(budget) for budget in (row.share, row.client, row.channel, row.together)]
        assert "| " + " | ".join([row.name, row.counts, *budgets, row.why]) + " |" in lines, (
            "mend docs/threat-model.md"
        )


def in_words(budget: limits.Budget | None) -> str:
    if budget is None:
        return "–"
    return f"{budget.count:,} in {'ten minutes' if budget.seconds == 10 * limits.MINUTES else 'an hour'}"


# The table


def test_no_address_and_no_channel_lies_in_the_memory() -> None:
    table = Debts(buckets=64)
    with table.locked(DAY):
        table.keep(HALL, 5.0)
        assert table.forgotten_at(HALL) == 5.0
    assert HALL.encode() not in bytes(table._memory)


def test_when_the_day_turns_key_and_debts_are_gone() -> None:
    table = Debts(buckets=64)
    with table.locked(DAY):
        table.keep(HALL, 5.0)
    before = bytes(table._memory)
    with table.locked(DAY + dt.timedelta(days=1)):
        assert table.forgotten_at(HALL) == 0.0
    after = bytes(table._memory)
    assert after[:32] != before[:32]
    assert before[:32] not in after
    assert not any(after[debts.HEAD.size :])


def test_a_flood_from_a_million_addresses_takes_no_more_memory_and_forgets_the_least() -> None:
    table = Debts(buckets=16)
    size = len(table._memory)
    with table.locked(DAY):
        table.keep("in debt", 1e9)
        for n in range(20_000):
            table.keep(f"2001:db8:{n:x}::", 100.0 + n % 7)
        assert table.forgotten_at("in debt") == 1e9
    assert len(table._memory) == size


def test_processes_forked_from_one_share_it() -> None:
    table = Debts(buckets=64)
    with table.locked(DAY):
        pass
    child = os.fork()
    if not child:
        with table.locked(DAY):
            for _ in range(200):
                table.keep("all", table.forgotten_at("all") + 1)
        os._exit(0)
    for _ in range(200):
        with table.locked(DAY):
            table.keep("all", table.forgotten_at("all") + 1)
    os.waitpid(child, 0)
    with table.locked(DAY):
        assert table.forgotten_at("all") == 400.0


def test_a_process_that_dies_with_the_table_leaves_it_to_the_others() -> None:
    table = Debts(buckets=64)
    child = os.fork()
    if not child:
        with table.locked(DAY):
            os._exit(1)
    os.waitpid(child, 0)
    with table.locked(DAY):
        table.keep("all", 1.0)


def test_days_are_the_offices() -> None:
    limits.begin_anew()
    with clock.at(dt.datetime(2026, 9, 14, 15, 59, tzinfo=dt.UTC)):
        assert limits.rank("track", HALL) == 0
        assert limits.rank("track", HALL) == 1
    with clock.at(dt.datetime(2026, 9, 14, 16, 1, tzinfo=dt.UTC)):
        assert limits.rank("track", HALL) == 0, "past midnight in Shanghai"
