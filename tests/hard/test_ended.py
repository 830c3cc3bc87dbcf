"""Every command, ended by others: its reader leaves, its disk is full, it is killed on the way."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import inputs
import pytest
from hypothesis import settings
from test_whole import PROGRAM, _at_most, call, environment, in_python, names, one_line, posix

from frtracker.files import UNFINISHED, write_folder, write_whole

BASE = str(inputs.BASE / "policies.csv")
POLICIES = ("--policies", BASE)

# --- readers that leave

TALKERS = {
    "help": ("--help",),
    "help of a command": ("status", "--help"),
    "version": ("--version",),
    "status": ("status", *POLICIES),
    "show": ("show", "Oakland", *POLICIES),
    "explain": ("explain", "us-ca-oakland", *POLICIES),
    "changes": ("changes", "--since", "2019", "-f", "ics", *POLICIES),
    "upcoming": ("upcoming", *POLICIES),
    "timeline": ("timeline", "Oakland", *POLICIES),
    "panel": ("panel", *POLICIES),
    "map": ("map", "-o", "-", *POLICIES),
    "validate": ("validate", BASE),
    "diff": ("diff", BASE, BASE),
    "stale": ("stale", *POLICIES),
    "export": ("export", "{folder}/export", "--only", "csv", *POLICIES),
    "site": ("site", "{folder}/site", *POLICIES),
}
VERDICTS = {
    "validate finds errors": ("validate", "{folder}/broken/policies.csv"),
    "fmt finds differences": ("fmt", "--check", "{folder}/mixed/policies.csv"),
}
LEFT = """
    import json, os, sys
    from frtracker.cli import main

    ended = {}
    for name, words in json.loads(sys.argv[1]).items():
        child = os.fork()
        if not child:
            reader, writer = os.pipe()
            os.close(reader)
            os.dup2(writer, 1)
            main(words, prog_name="frtracker")
            os._exit(99)
        ended[name] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps(ended))
"""


@posix
@pytest.mark.slow
def test_whoever_has_read_enough_is_no_failure(tmp_path: Path) -> None:
    inputs.folder_with(tmp_path / "broken", (inputs.BASE / "policies.csv").read_bytes()[:-40])
    inputs.folder_with(tmp_path / "mixed", inputs.text_of(inputs.rows()[::-1]))
    calls = {
        name: [word.format(folder=tmp_path) for word in words]
        for name, words in {**TALKERS, **VERDICTS}.items()
    }
    done = in_python(LEFT, json.dumps(calls))
    assert json.loads(done.stdout) == dict.fromkeys(TALKERS, 0) | dict.fromkeys(VERDICTS, 1)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert "Error" not in done.stderr
    assert (tmp_path / "export" / "index.json").exists()


def _gone() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@posix
@pytest.mark.parametrize(
    "how", ["no reader", *(pytest.param(n, marks=pytest.mark.slow) for n in ("full", "closed"))]
)
def test_what_cannot_be_said_stops_nothing(how: str, tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    cases = [
        (("status", "--as-of", "2031", "-o", str(target), *POLICIES), 0),
        (("status", "--nonsense"), 2),
        (("show", "nowhere", *POLICIES), 1),
    ]
    for words, code in cases:
        if how == "closed":
            line = f'exec "$0" -m frtracker {" ".join(words)} 2>&-'
            done = subprocess.run(["sh", "-c", line, sys.executable], env=environment(),
                                  stdout=subprocess.PIPE, check=False)  # fmt: skip
        else:
            handle = _gone() if how == "no reader" else os.open("/dev/full", os.O_WRONLY)
            done = call(*words, stderr=handle)
            os.close(handle)
        assert done.returncode == code, words
    assert target.read_text("utf-8").startswith("31 Dec 2031")


@pytest.mark.slow
@posix
def test_a_pipe_by_name_waits_for_its_reader_and_its_writer(tmp_path: Path) -> None:
    into, out = tmp_path / "in.csv", tmp_path / "out.txt"
    os.mkfifo(into)
    os.mkfifo(out)
    words = ("status", "--as-of", "2021", "--policies", str(into), "-o", str(out))
    process = subprocess.Popen([*PROGRAM, *words], env=environment(), stderr=subprocess.PIPE)
    into.write_bytes((inputs.BASE / "policies.csv").read_bytes())
    said = out.read_bytes()
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert said.startswith(b"31 Dec 2021")
    process = subprocess.Popen([*PROGRAM, *words], env=environment(), stderr=subprocess.PIPE)
    time.sleep(2)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert b"Aborted!" in process.communicate(timeout=60)[1]
    assert process.returncode == 1


# --- disks that are full

FULL = {
    "panel": ("panel", "-o", "{target}"),
    "export": ("export", "{target}"),
    "map": ("map", "-o", "{target}"),
    "site": ("site", "{target}"),
}


@posix
@pytest.mark.parametrize(
    "name", ["export", *(pytest.param(n, marks=pytest.mark.slow) for n in ("panel", "map", "site"))]
)
def test_a_full_disk_keeps_what_was(name: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    words = [word.format(target=target) for word in (*FULL[name], *POLICIES)]
    done = call(*words, preexec_fn=_at_most(300))
    assert done.returncode == 1
    assert f"Cannot write {target}: File too large. Nothing was changed." in one_line(done.stderr)
    assert names(tmp_path) == []
    assert call(*words).returncode == 0
    before = held(target)
    done = call(
        *words, "--as-of" if name != "panel" else "--until", "2021", preexec_fn=_at_most(300)
    )
    assert done.returncode == 1
    assert held(target) == before
    assert names(tmp_path) == ["out"]


def held(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return {str(file.relative_to(path)): file.read_bytes() for file in files}


@posix
def test_an_export_into_a_folder_that_takes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    tmp_path.chmod(0o755)
    done = in_python(
        """
        import os, sys
        from frtracker.files import write_folder
        os.chdir(sys.argv[1])
        if os.geteuid() == 0:
            os.setgroups([]); os.setgid(65534); os.setuid(65534)
        from pathlib import Path
        try:
            write_folder(Path("out"), {"index.json": b"{}"})
        except OSError as error:
            print(error.strerror)
        """,
        folder,
    )
    assert done.stdout == "Permission denied\n", done
    assert names(folder) == []


# --- a folder, stopped at each step of its writing

ENTRIES = {
    "old": {"a.csv": 10, "gone/b.json": 30_000, "c.csv": 5},
    "new": {"a.csv": 30_000, "fresh/d.json": 10, "c.csv": 7},
}


def edition(letter: str, sizes: dict[str, int]) -> dict[str, bytes]:
    files = {name: letter.encode() * size for name, size in sizes.items()}
    listed = [{"name": n, "sha256": hashlib.sha256(data).hexdigest()} for n, data in files.items()]
    return {**files, "index.json": json.dumps({"edition": letter, "files": listed}).encode()}


STOPPED = """
    import json, os, shutil, signal, sys
    from pathlib import Path
    from frtracker import files as writing
    sys.path[:0] = [sys.argv[3], str(Path(sys.argv[3]).parent)]
    from test_ended import ENTRIES, edition
    how, base = getattr(signal, sys.argv[1]), Path(sys.argv[2])

    def stopped_at(step, out):
        seen = 0
        def trace(frame, event, argument):
            nonlocal seen
            if frame.f_code.co_filename == writing.__file__ and event == "line":
                seen += 1
                if seen == step:
                    sys.settrace(None)
                    os.kill(os.getpid(), how)
            return trace
        sys.settrace(trace)
        try:
            writing.write_folder(out, edition("n", ENTRIES["new"]))
        except KeyboardInterrupt:
            os._exit(1)
        os._exit(0)

    for step in range(1, 1000):
        out = base / str(step) / "out"
        writing.write_folder(out, edition("o", ENTRIES["old"]))
        child = os.fork()
        if not child:
            stopped_at(step, out)
        if os.waitpid(child, 0)[1] == 0:
            break
    print(step)
"""


@posix
@pytest.mark.parametrize("how", ["SIGKILL", pytest.param("SIGINT", marks=pytest.mark.slow)])
def test_a_folder_stopped_at_any_step_is_whole_after_the_next_run(how: str, tmp_path: Path) -> None:
    done = in_python(STOPPED, how, tmp_path, Path(__file__).parent)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100
    old, new, newest = (
        edition(letter, ENTRIES[kind])
        for letter, kind in (("o", "old"), ("n", "new"), ("x", "new"))
    )
    told = set()
    for step in range(1, int(done.stdout)):
        out = tmp_path / str(step) / "out"
        found = held(out)
        found.pop(UNFINISHED, None)
        for name, data in found.items():
            assert data in (old.get(name), new.get(name)), (step, name)
        is_new = found["index.json"] == new["index.json"]
        told.add(is_new)
        if how == "SIGINT" or is_new:  # what is interrupted puts back what it moved
            assert found.items() >= (new if is_new else old).items(), step
        write_folder(out, edition("x", ENTRIES["new"]))
        assert held(out) == newest, step
        assert names(out.parent) == ["out"], step
    assert told == {True, False}


@posix
def test_two_runs_into_one_folder_wait_for_each_other(tmp_path: Path) -> None:
    code = """
        import sys
        from pathlib import Path
        from frtracker.files import write_folder
        sys.path[:0] = [sys.argv[3], str(Path(sys.argv[3]).parent)]
        from test_ended import ENTRIES, edition
        for round in range(25):
            write_folder(Path(sys.argv[1]), edition(sys.argv[2], ENTRIES[sys.argv[4]]))
    """
    out = tmp_path / "out"
    running = [
        subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), str(out), letter,
                          str(Path(__file__).parent), kind], env=environment())
        for letter, kind in (("o", "old"), ("n", "new"))
    ]  # fmt: skip
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    found = held(out)
    index = json.loads(found.pop("index.json"))
    assert {each["name"]: each["sha256"] for each in index["files"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in found.items()
    }
    assert names(tmp_path) == ["out"]


# --- programs, killed at many moments

KILLED = {
    "map": ("map", "-o", "{target}"),
    "export": ("export", "{target}"),
    "site": ("site", "{target}"),
    "timeline": ("timeline", "-f", "png", "-o", "{target}"),
}


@posix
@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
@pytest.mark.parametrize("name", KILLED)
def test_a_program_stopped_at_any_moment_loses_nothing(name: str, how: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    words = [word.format(target=target) for word in (*KILLED[name], *POLICIES)]
    days = ("--as-of", "2020"), ("--as-of", "2022")
    if name == "timeline":
        days = ("--until", "2020"), ("--until", "2022")
    begun = time.monotonic()
    assert call(*words, *days[1]).returncode == 0
    took, new = time.monotonic() - begun, held(target)
    assert call(*words, *days[0]).returncode == 0
    old = held(target)
    moments = settings().max_examples // 25
    for moment in range(moments):
        process = subprocess.Popen([*PROGRAM, *words, *days[moment % 2]], env=environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
        try:
            process.communicate(timeout=took * (0.6 + moment / moments / 2))
        except subprocess.TimeoutExpired:
            process.send_signal(getattr(signal, how))
            said = process.communicate()[1].decode()
            assert "Traceback" not in said
        for file, data in held(target).items():
            assert file == UNFINISHED or data in (old.get(file), new.get(file)), file
    assert call(*words, *days[0]).returncode == 0
    assert held(target) == old
    assert names(tmp_path) == ["out"]


LEFT_BESIDE = {
    # what lies beside "out", and whether a living run has it locked -> whether it is kept
    (".out.0123456789abcdef.part", False): False,
    (".out.fedcba9876543210.part", True): True,
    (".out.mine.part", False): True,
    (".out.0123456789abcdef.part.old", False): True,
    (".other.0123456789abcdef.part", False): True,
}


@posix
@pytest.mark.parametrize("what", ["a file", "a folder"])
def test_what_a_killed_run_left_beside_an_output_is_cleared_by_the_next(
    what: str, tmp_path: Path
) -> None:
    import fcntl

    for name, is_locked in LEFT_BESIDE:
        (tmp_path / name / "new").mkdir(parents=True)
        (tmp_path / name / "new" / "out").write_bytes(b"half")
        if is_locked:
            living = os.open(tmp_path / name, os.O_RDONLY)
            fcntl.flock(living, fcntl.LOCK_EX)
    if what == "a file":
        write_whole(tmp_path / "out", "whole")
    else:
        write_folder(tmp_path / "out", {"index.json": b"{}"})
    os.close(living)
    kept = [name for (name, _), is_kept in LEFT_BESIDE.items() if is_kept]
    assert names(tmp_path) == sorted([*kept, "out"])


WHILE_LOADING = """
    import os, signal, sys

    class Interrupt:
        def find_spec(self, name, path=None, target=None):
            if name == module:
                signal.raise_signal(signal.SIGINT)

    ended = {}
    for module in sys.argv[1:]:
        reader, writer = os.pipe()
        if not os.fork():
            os.dup2(writer, 2)
            sys.meta_path.insert(0, Interrupt())
            signal.signal(signal.SIGINT, signal.default_int_handler)
            sys.argv = ["frtracker", "--version"]
            import frtracker.__main__
            os._exit(99)
        os.close(writer)
        with open(reader, encoding="utf-8") as said:
            print(os.waitstatus_to_exitcode(os.wait()[1]), module, said.read())
"""


@posix
def test_interrupted_while_it_loads_a_program_ends_plainly() -> None:
    modules = ("frtracker.cli", "click", "click.core", "frtracker.wording", "frtracker.dates")
    done = in_python(WHILE_LOADING, *modules)
    assert done.stdout.split("\n") == [*(f"-{signal.SIGINT:d} {it} " for it in modules), ""]


INTERRUPTED = """
    import os, signal, sys
    import click.core
    from frtracker.cli import console, main
    seen_in = {console.__file__, click.core.__file__}
    sys.argv = ["frtracker", *sys.argv[1:]]

    def interrupted_at(step, happened):
        seen = 0
        def trace(frame, event, argument):
            nonlocal seen
            begun = seen or frame.f_code is console.collect_rarely.__code__
            if begun and frame.f_code.co_filename in seen_in:
                seen += 1
                if seen == step:
                    sys.settrace(None)
                    os.write(happened, b"!")
                    signal.raise_signal(signal.SIGINT)
            return trace
        return trace

    interrupted = True
    step = 0
    while interrupted:
        step += 1
        (reader, writer), (was, happened) = os.pipe(), os.pipe()
        if not os.fork():
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(writer, 2)
            os.close(writer)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            sys.settrace(interrupted_at(step, happened))
            main()
        os.close(writer)
        os.close(happened)
        with open(reader, encoding="utf-8") as said, open(was, "rb") as whether:
            words, interrupted = said.read(), bool(whether.read())
        print(os.waitstatus_to_exitcode(os.wait()[1]), words.strip())
"""


@pytest.mark.slow
@posix
def test_interrupted_at_any_step_a_program_ends_plainly() -> None:
    done = in_python(INTERRUPTED, "--version")
    *interrupted, undisturbed = done.stdout.splitlines()
    aborted, by_the_system = "1 Aborted!", f"-{signal.SIGINT:d} "
    assert set(interrupted) == {aborted, by_the_system}, done.stderr
    assert interrupted.count(aborted) > len(interrupted) * 0.8
    assert undisturbed == "0 "


MADE_SOMETHING_ELSE = {
    "another error": """
        try:
            signal.raise_signal(signal.SIGINT)
        except BaseException as error:  # as a compiled module that is being loaded
            raise ImportError("initialization failed") from error
    """,
    "another error, with no word of it": """
        try:
            signal.raise_signal(signal.SIGINT)
        except BaseException:
            pass
        raise ImportError("initialization failed")
    """,
    "nothing": """
        try:
            signal.raise_signal(signal.SIGINT)
        except BaseException:
            pass
    """,
    "a word of no account": """
        class Dropped:
            def __del__(self):
                signal.raise_signal(signal.SIGINT)
        Dropped()
    """,
}


@pytest.mark.slow
@posix
@pytest.mark.parametrize("made", MADE_SOMETHING_ELSE)
def test_no_library_makes_something_else_of_an_interrupt(made: str, tmp_path: Path) -> None:
    """Found in CI: a compiled part of matplotlib answered Ctrl-C with an ``ImportError``."""
    target = tmp_path / "out.txt"
    done = in_python(
        """
        import signal, sys
        import frtracker.timeline
        from frtracker.cli import main
        build = frtracker.timeline.build

        def interrupted(*words, **named):
            exec(interruption)
            return build(*words, **named)

        interruption = __import__("textwrap").dedent(sys.argv.pop(1))
        frtracker.timeline.build = interrupted
        signal.signal(signal.SIGINT, signal.default_int_handler)
        main()
        """,
        MADE_SOMETHING_ELSE[made], "status", "--as-of", "2021", *POLICIES, "-o", target,
    )  # fmt: skip
    assert (done.returncode, done.stderr.strip()) == (1, "Aborted!")
    assert names(tmp_path) == []


@posix
@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_fmt_stopped_at_any_moment_loses_no_record(how: str, tmp_path: Path) -> None:
    mixed = inputs.text_of(inputs.rows()[::-1]).encode()
    sound = (inputs.BASE / "policies.csv").read_bytes()
    path = inputs.folder_with(tmp_path, mixed)
    begun = time.monotonic()
    assert call("fmt", str(path)).returncode == 0
    took = time.monotonic() - begun
    for moment in range(8):
        path.write_bytes(mixed)
        process = subprocess.Popen([*PROGRAM, "fmt", str(path)], env=environment(),
                                   stderr=subprocess.PIPE)  # fmt: skip
        try:
            process.communicate(timeout=took * (0.6 + moment / 16))
        except subprocess.TimeoutExpired:
            process.send_signal(getattr(signal, how))
            assert b"Traceback" not in process.communicate()[1]
        assert path.read_bytes() in (mixed, sound)
