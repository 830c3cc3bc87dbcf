"""Every phrase about a date, position, rule or change, made in one place for every output.

Prose has dates as ``28 Jul 2022``; the cells of tables have them as they are recorded. The page's
script makes no sentence: it fills in :data:`TEMPLATES` and :data:`COUNTED`.

An *entry* is a subject of the status document; *position*, *rule* and *event* are parts of the
documents of :mod:`frtracker.answers`; an *act* is a row of the record.
"""

from frtracker.wording.acts import (
    ARCHIVED,
    NOT_ESTABLISHED,
    act_doubts,
    act_facts,
    act_measure,
    doubts,
    exceptions,
    law_text,
    reach,
    reasons,
    retired,
    rule_dates,
    rule_in_force,
    search,
    shows,
    source,
    state,
)
from frtracker.wording.events import (
    AUTHORS,
    EVENTS,
    citation,
    counts,
    coverage,
    due,
    edition,
    event,
    event_doubt,
    no_act,
    strictest_for,
)
from frtracker.wording.phrases import (
    ADOPTED,
    COUNTED,
    NO_ACT,
    NONE,
    NOT_SEARCHED,
    NOT_YET,
    OWN_RULES,
    REPORT,
    TEMPLATES,
    TITLE,
    actors,
    alike,
    counted,
    day_used,
    did_you_mean,
    from_day,
    joined,
    known_at,
    label,
    listed,
    not_one_of,
    on_day,
    only_in,
    recorded,
    through,
    uses,
    where,
)
from frtracker.wording.positions import (
    also,
    becomes,
    cells,
    last_confirmed,
    measure,
    next_change,
    no_rule,
    others,
    position,
    positions,
    since,
    since_cell,
    spell,
    uncertain,
    until,
)
from frtracker.wording.sentences import (
    answer,
    brief_answer,
    everyone,
    headline,
    own_answer,
    some,
    tense,
)
