"""The program: ``frtracker`` and ``python -m frtracker``."""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # until the commands are loaded the system ends us: Python would print a traceback
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from frtracker.cli import main

if __name__ == "__main__":
    main(prog_name="frtracker")
