"""What happened when: decisions, beginnings, ends, and what they did to the position."""

from __future__ import annotations

import pytest

from frtracker.dates import format_days
from frtracker.timeline import build, events
from tables import policies
from test_timeline import AMAZON, LIFTED_BEFORE_START, LIFTED_FOR_POLICE, REPEALED, SCHEDULED, Rows

EXPIRING: Rows = [
    {
        "measure": "moratorium",
        "decided_on": "2021-08-09",
        "effective_on": "2021-09-08",
        "expires_on": "2023-01-01",
    }
]
LAPSED: Rows = [{"status": "lapsed", "introduced_on": "2020-03", "decided_on": "/2021-01-03"}]

TOLD = [
    (AMAZON, [
        "2020-06-10 first began (tightened)",
        "2021-05-18 second began (extended)",
        "2021-05-18 first ended by second",
    ]),
    (SCHEDULED, [
        "2020-11-30 act-0 introduced",
        "2020-12-31 act-0 decided",
        "2021-07-01 act-0 began (tightened)",
    ]),
    (LIFTED_FOR_POLICE, [
        "2020-12-18 ban began (tightened)",
        "2022-07-21 loosened began (loosened)",
        "2022-07-21 ban ended by loosened",
    ]),
    (REPEALED, [
        "2020-08-18 ban began (tightened)",
        "2023-01-01/2025-07-15 gone began (lifted)",
        "2023-01-01/2025-07-15 ban ended by gone",
    ]),
    (LIFTED_BEFORE_START, [
        "2018-01-01 old began (tightened)",
        "2019-01-01 new decided",
        "2019-06-01 undone began",
        "2019-06-01 new ended by undone",
    ]),
    (EXPIRING, [
        "2021-08-09 act-0 decided",
        "2021-09-08 act-0 began (tightened)",
        "2023-01-01 act-0 ended (lifted)",
    ]),
    (LAPSED, ["2020-03 act-0 introduced", "/2021-01-03 act-0 lapsed"]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), TOLD)
def test_events_in_order(rows: Rows, expected: list[str]) -> None:
    told = []
    for event in events(build(policies(rows))).to_dict("records"):
        low, high = event["low"], event["high"]
        days = (
            f"/{high.date()}" if low is None or low != low else format_days(low.date(), high.date())
        )
        cause = f" by {event['cause']}" if event["cause"] else ""
        effect = f" ({event['effect']})" if event["effect"] else ""
        told.append(f"{days} {event['policy_id']} {event['kind']}{cause}{effect}")
    assert told == expected
