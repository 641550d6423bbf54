"""Runs one process and measures it from outside: time, time to its first output, peak memory."""
import os
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Done:
    output: str
    seconds: float
    first_output_seconds: float
    peak_bytes: int


def run(command, environment=None, timeout=900):
    """Raises RuntimeError, with the last line of standard error, if the process fails or takes too long."""
    with tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdout=subprocess.PIPE,
                stderr=errors,
                bufsize=0,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
            )
        except OSError as e:
            raise RuntimeError(str(e)) from e
        late = threading.Event()
        timer = threading.Timer(timeout, lambda: (late.set(), process.kill()))
        timer.start()
        parts, first = [], None
        while part := process.stdout.read(1 << 16):
            first = first or time.perf_counter() - begin
            parts.append(part)
        # The resources of this very child; a Popen.wait() would throw them away.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        timer.cancel()
        process.stdout.close()
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        message = errors.read().decode(errors="replace")
    if late.is_set():
        raise RuntimeError(f"took longer than {timeout} s")
    if process.returncode:
        raise RuntimeError(last_line(message))
    return Done(b"".join(parts).decode(errors="replace"), seconds, first or seconds, usage.ru_maxrss * 1024)


def last_line(text):
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no message"
