"""The record: CSV files to typed, validated tables, and everything said about their form."""
