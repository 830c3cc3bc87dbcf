"""The record: CSV files to typed, validated tables, and the findings on them."""
