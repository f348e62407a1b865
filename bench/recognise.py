"""From sound files to verdicts by the shipped ear: seconds, and how many times faster than speech.

    OMP_NUM_THREADS=1 python bench/recognise.py

The files are the sample clips. The peer is openSMILE's eGeMAPS functionals of the same files, without any verdict. The goal is for one core.
"""

import statistics

from common import facts, finish, goal, interleaved, ratio
from seremo.data import sample_corpus
from seremo.evaluator import egemaps
from seremo.mel import SAMPLE_RATE, load_wave
from seremo.recognition import recognise, shipped_ear

ROUNDS, PEER = 5, "eGeMAPS functionals alone"


def main():
    machine, paths, ear = facts(), sample_corpus()["path"].tolist(), shipped_ear()
    speech = sum(len(load_wave(path)) for path in paths) / SAMPLE_RATE
    tasks = {PEER: lambda: egemaps([load_wave(path) for path in paths], jobs=1), "the ear": lambda: recognise(paths, ear)}
    seconds, processor = interleaved(tasks, ROUNDS)
    median = {name: statistics.median(times) for name, times in seconds.items()}
    rows = [{"what": name, "clips": len(paths), "seconds": median[name], "processor seconds": statistics.median(processor[name]),
             "times real time": speech / median[name], "times the peer's time": ratio(seconds, name, PEER)} for name in tasks]
    finish("recognise", machine, rows, [goal("the ear in times real time, on one core", speech / median["the ear"], at_least=100)])


if __name__ == "__main__":
    main()
