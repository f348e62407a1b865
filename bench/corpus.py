"""From two folders of sound files to an index and a cache of features: seconds and memory.

    python bench/corpus.py [DATA]

DATA holds `emodb` and `ravdess`; left out, it is what SEREMO_DATA names, or ../../shared/data. The peer is the same work by
hand, file after file in one process: soundfile, librosa's resampling and mel, pyworld's F0; it gets every tenth file.
"""

import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import librosa
import numpy as np
import pandas as pd
import psutil
import pyworld
import soundfile

from common import HERE, cores, facts, finish, goal
from seremo.core import BadCorpus
from seremo.data import CORPORA, index, real_data
from seremo.experiment import make_cache
from seremo.mel import F_MAX, HOP, N_MELS, SAMPLE_RATE, WINDOW

ROUNDS = 3


class Memory(threading.Thread):
    """Watches how much memory this process and its children hold together, in bytes.

    peak: pages that several of them share (torch's own code, mostly) counted once, where the system tells (Linux).
    added_up: counted in each, as adding up the column RSS of `ps` does.
    """

    def __init__(self):
        super().__init__(daemon=True)
        self.peak, self.added_up, self.done = 0, 0, threading.Event()

    def run(self):
        me = psutil.Process()
        while not self.done.wait(0.1):
            held, added_up = 0, 0
            for process in [me, *me.children(recursive=True)]:
                try:
                    memory = process.memory_full_info()
                except psutil.NoSuchProcess:  # a worker that has just ended holds nothing
                    continue
                held, added_up = held + getattr(memory, "pss", memory.rss), added_up + memory.rss
            self.peak, self.added_up = max(self.peak, held), max(self.added_up, added_up)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.join()


def by_hand(path):
    "One file, as one would do it without seremo."
    wave, rate = soundfile.read(path, dtype="float32", always_2d=True)
    wave = librosa.resample(wave.mean(axis=1), orig_sr=rate, target_sr=SAMPLE_RATE)
    np.log(np.maximum(librosa.feature.melspectrogram(y=wave, sr=SAMPLE_RATE, n_fft=WINDOW, hop_length=HOP, power=1.0, n_mels=N_MELS, fmax=F_MAX), 1e-5))
    f0, times = pyworld.dio(wave.astype(np.float64), SAMPLE_RATE, frame_period=1000 * HOP / SAMPLE_RATE)
    pyworld.stonemask(wave.astype(np.float64), f0, times, SAMPLE_RATE)


def ours(data, folder):
    "Index all clips of both corpora and cache their features; the table."
    table = pd.concat([index(data / name, name, emotions=None) for name in CORPORA], ignore_index=True)
    make_cache(table, folder, progress=False)
    return table


def main():
    data = Path(sys.argv[1]) if sys.argv[1:] else real_data() or HERE / "../../shared/data"
    if not data.is_dir():
        raise BadCorpus(f"there is no folder {data}; name the one that holds emodb and ravdess")
    machine, seconds, peaks, added_up, rates = facts(), [], [], [], []
    for _ in range(ROUNDS):  # in turn with the peer, because other work on the machine comes and goes
        with tempfile.TemporaryDirectory() as folder, Memory() as memory:
            begun = time.perf_counter()
            table = ours(data, Path(folder) / "cache")
            seconds.append(time.perf_counter() - begun)
        peaks.append(memory.peak / 1e9)
        added_up.append(memory.added_up / 1e9)
        some, begun = table.path[::10], time.perf_counter()
        for path in some:
            by_hand(path)
        rates.append(len(some) / (time.perf_counter() - begun))
    took = statistics.median(seconds)
    rows = [
        {"what": f"seremo, {cores()} processes", "files": len(table), "seconds": took, "peak GB": max(peaks), "RSS added up": max(added_up), "times faster": statistics.median(len(table) / s / r for s, r in zip(seconds, rates))},
        {"what": "by hand, one process", "files": len(some), "seconds": len(some) / statistics.median(rates), "peak GB": "", "RSS added up": "", "times faster": 1.0},
    ]
    goals = [goal("seconds for all files", took, at_most=90), goal("resident memory of all processes in GB, shared pages counted once", max(peaks), at_most=1.5)]
    finish("corpus", machine, rows, goals)


if __name__ == "__main__":
    main()
