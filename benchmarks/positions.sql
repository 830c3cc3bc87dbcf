-- Positions on the day $day (an ordinal), every date read as its first possible day. What it says of
-- a subject and actor is the law only where nothing is in doubt; `doubtful` marks the others.
-- A repeal of a repeal is seen, a repeal of that is not: the synthetic record has none.
WITH acts AS (
    SELECT
        row_number() OVER () AS number, policy_id, subject_key, applies_to, supersedes, territory,
        measure, uses, status IN ('adopted', 'announced')
            AND greatest(decided_on_high, effective_on_high) > 0 AS binds,
        CASE
            WHEN effective_on_high = 0 THEN decided_on_low
            WHEN decided_on_low > effective_on_low AND decided_on_low <= effective_on_high
                THEN decided_on_low
            ELSE effective_on_low
        END AS start,
        CASE WHEN effective_on_high = 0 THEN decided_on_high ELSE effective_on_high END AS latest,
        CASE WHEN expires_on_low = 0 THEN 4000000 ELSE expires_on_low END AS expiry,
        expires_on_low <> expires_on_high OR confidence = 'low' AS doubted,
        CASE WHEN introduced_on_low = 1 THEN introduced_on_high ELSE introduced_on_low END
            AS introduced,
        CASE WHEN decided_on_low = 1 THEN decided_on_high ELSE decided_on_low END AS decided,
        reviewed_on_low,
        subject_type <> 'vendor' OR territory = ''
            OR list_contains(string_split(territory, ';'), country) AS counts
    FROM policies
), rules AS (
    SELECT
        *, unnest(string_split(applies_to, ';')) AS actor,
        coalesce(
            least(
                nullif(introduced, 0), nullif(decided, 0), CASE WHEN binds THEN start END
            ), reviewed_on_low
        ) AS listed,
        CASE WHEN measure = 'none' THEN 0 ELSE
            list_position(
                ['oversight', 'restriction', 'withdrawal', 'moratorium', 'ban'], measure
            ) + CASE WHEN uses = 'any' THEN 5 ELSE 0 END
        END AS rank
    FROM acts
), links AS (
    SELECT policy_id, actor, start, rank = 0 AS lifts, unnest(string_split(supersedes, ';')) AS old
    FROM rules
    WHERE binds AND supersedes <> ''
), void AS (
    SELECT rule.policy_id, rule.actor
    FROM rules AS rule
    JOIN links AS repeal
        ON repeal.old = rule.policy_id AND repeal.actor = rule.actor
        AND repeal.lifts AND repeal.start <= rule.start
    WHERE rule.binds AND NOT EXISTS (
        SELECT 1 FROM links AS other
        WHERE other.lifts AND other.old = repeal.policy_id AND other.actor = repeal.actor
            AND other.start <= repeal.start
    )
), successions AS (
    SELECT old, actor, min(start) AS succeeded
    FROM links ANTI JOIN void USING (policy_id, actor)
    GROUP BY old, actor
), begun AS (
    SELECT rules.*, least(expiry, coalesce(succeeded, 4000000)) AS past
    FROM rules ANTI JOIN void USING (policy_id, actor)
    LEFT JOIN successions
        ON successions.old = rules.policy_id AND successions.actor = rules.actor
    WHERE binds AND start <= $day
), ranked AS (
    SELECT
        subject_key, actor, rank, string_agg(policy_id, ';' ORDER BY number) AS policy_ids,
        CASE WHEN bool_or(territory = '') THEN '' ELSE string_agg(DISTINCT territory, ';') END
            AS territory
    FROM begun
    WHERE counts AND past > $day
    GROUP BY subject_key, actor, rank
), highest AS (
    SELECT
        subject_key, actor, max(rank) AS rank, arg_max(policy_ids, rank) AS policy_ids,
        coalesce(arg_max(territory, rank), '') AS territory
    FROM ranked
    GROUP BY subject_key, actor
), pairs AS (
    SELECT
        subject_key, actor, min(listed) AS listed,
        bool_or(binds AND (doubted OR start <> latest)) AS doubtful
    FROM rules
    GROUP BY subject_key, actor
), fallen AS (
    SELECT subject_key, actor, max(past) AS last_day
    FROM begun
    WHERE counts AND rank > 0 AND past > start
    GROUP BY subject_key, actor
), lifted AS (
    SELECT DISTINCT highest.subject_key, highest.actor
    FROM highest
    JOIN pairs USING (subject_key, actor)
    LEFT JOIN fallen USING (subject_key, actor)
    JOIN rules USING (subject_key, actor)
    WHERE highest.rank = 0 AND rules.rank = 0 AND rules.binds
        AND rules.start = greatest(coalesce(last_day, 0), pairs.listed)
)
SELECT
    subject_key, actor, coalesce(rank, 0) AS rank, coalesce(policy_ids, '') AS policy_ids,
    coalesce(territory, '') AS territory, lifted.actor IS NOT NULL AS lifted, doubtful
FROM pairs
LEFT JOIN highest USING (subject_key, actor)
LEFT JOIN lifted USING (subject_key, actor)
WHERE listed <= $day
