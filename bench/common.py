"""What the benchmarks share: fair timing, facts about the machine, a table, a JSON file."""

import datetime
import os
import platform
import statistics
import subprocess
import time
from pathlib import Path

import librosa
import numpy as np
import torch

from seremo.core import write_json

HERE = Path(__file__).resolve().parent


def cores():
    "How many processors this process may use."
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def interleaved(tasks, repeats):
    """Time `tasks` {name: function} in turn, `repeats` times after one round to warm up.

    Returns seconds on the clock and seconds of processor time (all threads together), each as {name: [one a round]}. In
    turn, because other work on the machine comes and goes: within a round it slows all of them alike. Processor time
    doesn't count the waiting, so it also tells on a busy machine how tasks of one thread compare.
    """
    clock, processor = {name: [] for name in tasks}, {name: [] for name in tasks}
    for turn in range(repeats + 1):
        for name, task in tasks.items():
            begun, worked = time.perf_counter(), time.process_time()
            task()
            if turn:
                processor[name].append(time.process_time() - worked)
                clock[name].append(time.perf_counter() - begun)
    return clock, processor


def ratio(seconds, name, peer):
    "The median over rounds of how many times the peer's time `name` takes."
    return statistics.median(a / b for a, b in zip(seconds[name], seconds[peer]))


def facts():
    "The machine, the versions, the commit, and how busy the machine was already."
    names = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    git = lambda *words: subprocess.run(["git", "-C", HERE, *words], capture_output=True, text=True, check=True).stdout.strip()
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": cores(),
        "torch_threads": torch.get_num_threads(),  # OMP_NUM_THREADS=1 makes it one, the better choice on a busy machine
        "load_before": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "librosa": librosa.__version__,
        "numpy": np.__version__,
        "commit": git("rev-parse", "HEAD") + ("+changes" if git("status", "--porcelain", "--untracked-files=no") else ""),
        "date": datetime.date.today().isoformat(),
    }


def _lines(path):
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def finish(name, machine, rows, goals):
    """Print `rows` (dicts with the same keys) as a table and `goals` (sentence: (value, goal, reached)); write bench/<name>.json."""
    keys = list(rows[0])
    cells = [keys] + [[f"{row[key]:.3g}" if isinstance(row[key], float) else str(row[key]) for key in keys] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(keys))]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    for goal in goals:
        print(f"{'reached' if goal['reached'] else 'MISSED'}: {goal['what']}: {goal['value']:.3g} (goal: {goal['goal']})")
    print(f"{machine['processor']}, {machine['cores']} cores, {machine['torch_threads']} torch threads, load {machine['load_before']} before it began")
    write_json(HERE / f"{name}.json", {"machine": machine, "rows": rows, "goals": goals})


def goal(what, value, at_most=None, at_least=None):
    "One line of a benchmark's verdict."
    said = f"at most {at_most}" if at_least is None else f"at least {at_least}"
    reached = value <= at_most if at_least is None else value >= at_least
    return {"what": what, "value": value, "goal": said, "reached": bool(reached)}
