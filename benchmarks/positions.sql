-- The positions of a day: every column of the rows that hold on it.
SELECT *
FROM read_parquet($path)
WHERE valid_from <= $day AND (valid_to IS NULL OR $day < valid_to)
