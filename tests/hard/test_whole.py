"""Nothing is lost: the old file or the new one, whole, a plain message, the right exit code."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import inputs
import pytest

from frtracker.files import write_whole

posix = pytest.mark.skipif(os.name != "posix", reason="signals, limits and devices of POSIX")
SOURCE = Path(__file__).parents[2] / "src"
OLD, NEW = b"old\n" * 1000, b"new\n" * 300_000
PROGRAM = (sys.executable, "-m", "frtracker")
STATUS = ("status", "--as-of", "2021", "--policies", str(inputs.BASE / "policies.csv"))


def environment() -> dict[str, str]:
    """That of the tests, but nothing is measured: a process that is killed, or may write little,
    can keep no account of what it reached."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return {**own, "PYTHONPATH": str(SOURCE), "SOURCE_DATE_EPOCH": inputs.NOW}


def call(*words: str, **how: object) -> subprocess.CompletedProcess[bytes]:
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment(), **how}
    return subprocess.run([*PROGRAM, *words], timeout=120, **how)  # type: ignore[call-overload]


def in_python(code: str, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, words)],
        env=environment(), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def one_line(said: bytes) -> str:
    lines = [line for line in said.decode().splitlines() if not line.startswith("note: ")]
    assert len(lines) == 1, lines
    assert lines[0].startswith("Error: ")
    return lines[0]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- the writer itself, stopped at each of its steps

AT_EACH_STEP = """
    import os, shutil, signal, sys
    from pathlib import Path
    from frtracker import files as writing
    how, target, new = getattr(signal, sys.argv[1]), Path(sys.argv[2]), b"new\\n" * 300_000
    old = target.read_bytes()
    catching = how == signal.SIGINT

    def stopped_at(step):
        seen = 0
        def trace(frame, event, argument):
            nonlocal seen
            if frame.f_code.co_filename == writing.__file__ and event in ("line", "return"):
                seen += 1
                if seen == step:
                    os.kill(os.getpid(), how)
            return trace
        sys.settrace(trace)
        try:
            writing.write_whole(target, new)
        except KeyboardInterrupt:
            os._exit(1)
        os._exit(0)

    outcomes, left = set(), 0
    for step in range(1, 200):
        child = os.fork()
        if not child:
            stopped_at(step)
        _, status = os.waitpid(child, 0)
        content = target.read_bytes()
        assert content in (old, new), (step, len(content))
        outcomes.add("new" if content == new else "old")
        parts = [path for path in target.parent.iterdir() if path != target]
        left += len(parts)
        for part in parts:
            shutil.rmtree(part)
        if status == 0:
            break
        target.write_bytes(old)
    assert step > 10, step
    print(*sorted(outcomes), left)
"""


@posix
@pytest.mark.parametrize(("how", "left"), [("SIGKILL", True), ("SIGTERM", True), ("SIGINT", False)])
def test_stopped_at_any_step_the_file_is_whole(how: str, left: bool, tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_bytes(OLD)
    done = in_python(AT_EACH_STEP, how, target)
    assert done.returncode == 0, done.stderr
    new, old, parts = done.stdout.split()
    assert (new, old) == ("new", "old")
    # what the system kills cannot clear away; an interrupt of the clearing leaves an empty folder
    assert (int(parts) > 1) is left


@posix
def test_two_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    code = """
        import sys
        from pathlib import Path
        from frtracker.files import write_whole
        for _ in range(40):
            write_whole(Path(sys.argv[1]), sys.argv[2].encode() * 200_000)
    """
    target = tmp_path / "out.txt"
    running = [
        subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), str(target), letter],
                         env=environment())
        for letter in "ab"
    ]  # fmt: skip
    seen = set()
    while any(process.poll() is None for process in running):
        if target.exists():
            content = target.read_bytes()
            assert content in (b"a" * 200_000, b"b" * 200_000)
            seen.add(content[:1])
    assert [process.returncode for process in running] == [0, 0]
    assert seen
    assert names(tmp_path) == ["out.txt"]


def test_a_failure_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.txt"
    target.write_bytes(OLD)
    for name in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(os, name, _no_space)
            with pytest.raises(OSError, match="No space"):
                write_whole(target, NEW)
        assert target.read_bytes() == OLD
        assert names(tmp_path) == ["out.txt"]


def _no_space(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@posix
def test_rights_links_and_long_names_are_kept(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 255)
    write_whole(target, "one")
    target.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(target.name)
    write_whole(link, "two")
    assert link.is_symlink()
    assert target.read_text() == "two"
    assert target.stat().st_mode & 0o777 == 0o640
    wide = tmp_path / ("é" * 127)
    write_whole(wide, "é")
    assert wide.read_bytes() == "é".encode()


@posix
def test_a_new_file_has_the_rights_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "new", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640


@posix
def test_devices_are_written_to_and_stay_devices(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, "through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert pipe.is_fifo()
    null = Path(os.devnull)
    write_whole(null, "x")
    assert null.is_char_device()


# --- the program


@posix
def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_bytes(OLD)
    done = call(*STATUS, "-f", "json", "-o", str(target), preexec_fn=_at_most(1000))
    assert done.returncode == 1
    assert "File too large" in one_line(done.stderr)
    assert str(target) in one_line(done.stderr)
    assert target.read_bytes() == OLD
    assert names(tmp_path) == ["out.json"]


def _at_most(size: int) -> Callable[[], None]:
    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@posix
def test_a_folder_that_takes_no_files(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    (folder / "out.txt").write_bytes(OLD)
    folder.chmod(0o555)
    tmp_path.chmod(0o755)
    done = in_python(
        """
        import os, sys
        from pathlib import Path
        from frtracker import files as writing
        from frtracker.cli import main
        from frtracker.cli.console import DataProblem, write_output
        import click
        os.chdir(sys.argv[1])
        if os.geteuid() == 0:
            os.setgroups([]); os.setgid(65534); os.setuid(65534)
        with click.Context(main):
            try:
                write_output("new", Path("out.txt"))
            except DataProblem as problem:
                print(problem.exit_code, problem.message)
        """,
        folder,
    )
    assert done.stdout == "1 Cannot write out.txt: Permission denied. Nothing was changed.\n", done
    assert names(folder) == ["out.txt"]
    assert (folder / "out.txt").read_bytes() == OLD


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that is there and has no room")
@pytest.mark.parametrize("words", [("status", "-o"), ("export", "--only", "csv")])
def test_a_folder_in_which_none_can_be_made(words: tuple[str, ...]) -> None:
    done = call(*words, "/proc/out")
    assert done.returncode == 1
    said = "Cannot write /proc/out: No such file or directory. Nothing was changed."
    assert one_line(done.stderr) == f"Error: {said}"


@posix
def test_an_output_that_takes_nothing() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    with Path("/dev/full").open("wb") as full:
        for words in (STATUS, ("--help",)):
            done = call(*words, stdout=full)
            assert done.returncode == 1
            assert "No space left on device" in one_line(done.stderr)


@posix
def test_a_closed_output_is_told() -> None:
    line = f'exec "$0" -m frtracker {" ".join(STATUS)} >&-'
    done = subprocess.run(["sh", "-c", line, sys.executable], env=environment(),
                          capture_output=True, check=False)  # fmt: skip
    assert done.returncode == 1
    assert "standard output: it is closed" in one_line(done.stderr)


@posix
def test_a_reader_that_has_seen_enough() -> None:
    # the pipe is closed before anything is written: no matter how small the output is
    reader, writer = os.pipe()
    os.close(reader)
    done = call(*STATUS, "-f", "json", stdout=writer)
    os.close(writer)
    assert done.returncode == 0
    assert b"Error" not in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
@posix
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_stopped_while_it_writes_it_clears_away(how: str, tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_bytes(OLD)
    done = in_python(
        """
        import os, signal, sys
        from frtracker.cli import main
        number = getattr(signal, sys.argv[1])
        if number != signal.SIGINT:  # whoever runs the tests may have had it ignored
            signal.signal(number, signal.SIG_DFL)
        os.fsync = lambda handle: signal.raise_signal(number)
        main(sys.argv[2:])
        """,
        how, *STATUS, "-o", target,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Aborted!" in done.stderr
    assert "Traceback" not in done.stderr
    assert target.read_bytes() == OLD
    assert names(tmp_path) == ["out.txt"]


@pytest.mark.slow
@posix
@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP"])
def test_what_a_program_was_started_to_ignore_it_ignores(how: str, tmp_path: Path) -> None:
    """``nohup frtracker …`` outlives its terminal."""
    target = tmp_path / "out.txt"
    done = in_python(
        """
        import os, signal, sys
        from frtracker.cli import main
        number = getattr(signal, sys.argv[1])
        signal.signal(number, signal.SIG_IGN)
        os.fsync = lambda handle: signal.raise_signal(number)
        main(sys.argv[2:])
        """,
        how, *STATUS, "-o", target,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert target.read_bytes().endswith(b"\n")


@posix
@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT] if os.name == "posix" else [])
def test_stopped_at_any_moment_the_file_is_whole(how: int, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    begun = time.monotonic()
    assert call(*STATUS, "-f", "json", "-o", str(target)).returncode == 0
    whole, took = target.read_bytes(), time.monotonic() - begun
    for moment in range(12):
        target.write_bytes(OLD)
        process = subprocess.Popen([*PROGRAM, *STATUS, "-f", "json", "-o", str(target)],
                                   env=environment(), stderr=subprocess.PIPE)  # fmt: skip
        try:
            process.communicate(timeout=took * (0.3 + moment / 12))
        except subprocess.TimeoutExpired:
            process.send_signal(how)
            process.communicate()
        assert target.read_bytes() in (OLD, whole)


@pytest.mark.slow
def test_fmt_killed_or_limited_never_loses_a_record(tmp_path: Path) -> None:
    table = inputs.text_of(list(reversed(inputs.rows())))
    path = inputs.folder_with(tmp_path, table)
    done = call("fmt", str(path), preexec_fn=_at_most(500))
    assert done.returncode == 1
    assert "File too large" in one_line(done.stderr)
    assert path.read_text("utf-8") == table
    assert call("fmt", str(path)).returncode == 0
    assert path.read_bytes() == (inputs.BASE / "policies.csv").read_bytes()
