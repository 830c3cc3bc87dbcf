"""``python -m frtracker``"""

from frtracker.cli import main

main(prog_name="frtracker")
