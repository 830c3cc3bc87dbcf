"""The record of one day as a static site: plain pages that work without scripts, from disk and on
any host. Pure: a snapshot in, files out."""
