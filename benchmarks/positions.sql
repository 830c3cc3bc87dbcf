-- The positions of a day: every column of the rows that hold on it.
SELECT *
FROM read_parquet($path)
WHERE "start" <= $day AND ("end" IS NULL OR $day < "end")
