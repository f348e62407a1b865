"""A ten-second clip from file to file, enhanced by each shipped method: seconds, and how many times faster than speech.

    python bench/enhance.py [WEIGHTS]

WEIGHTS is a folder of weights, the package's own if left out. Models are loaded beforehand; reading, features, F0, enhancing,
rendering and writing are timed. The peer is Griffin-Lim from file to file, without any enhancing.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np

from common import facts, finish, goal, interleaved, ratio
from seremo.cli import enhance_file
from seremo.data import sample_corpus
from seremo.experiment import Models, settings_of, shipped_weights
from seremo.mel import SAMPLE_RATE, load_wave, save_wave
from seremo.prosody import extract
from seremo.vocoder import GriffinLim

METHODS, SECONDS, ROUNDS = ("identity", "prosody", "diffusion", "gan", "hybrid"), 10, 7
PEER = "Griffin-Lim alone"


def main():
    machine = facts()
    models = Models(Path(sys.argv[1]) if sys.argv[1:] else shipped_weights(), device="cpu")
    table, folder = sample_corpus(), Path(tempfile.mkdtemp())
    clip = np.concatenate([load_wave(path) for path in table[table.speaker == table.speaker[0]].path])[: SECONDS * SAMPLE_RATE]
    assert len(clip) == SECONDS * SAMPLE_RATE
    save_wave(folder / "clip.wav", clip)

    def griffin_lim():
        "From file to file by the vocoder that needs no training."
        save_wave(folder / "peer.wav", GriffinLim()(extract([load_wave(folder / "clip.wav")]))[0])

    def enhanced(method):
        "The task of one method, with the settings chosen for the weights."
        use = settings_of(method, models.weights)
        return lambda: enhance_file(folder / "clip.wav", folder / f"{method}.wav", models, method, "anger", use["strength"], 0, use["vocoder"], use.get("settings", {}))

    there = [method for method in METHODS if method == "identity" or (models.weights / method).is_dir()]
    seconds, processor = interleaved({PEER: griffin_lim, **{method: enhanced(method) for method in there}}, ROUNDS)
    median = {name: statistics.median(times) for name, times in seconds.items()}
    rows = [{"what": name, "seconds": median[name], "processor seconds": statistics.median(processor[name]), "times real time": SECONDS / median[name], "times the peer's time": ratio(seconds, name, PEER)} for name in seconds]
    for method in set(METHODS) - set(there):
        print(f"not timed: {models.weights} holds no {method}")
    wanted = {"diffusion": 10, "gan": 40}
    finish("enhance", machine, rows, [goal(f"{method} in times real time", SECONDS / median[method], at_least=wanted[method]) for method in there if method in wanted])


if __name__ == "__main__":
    main()
