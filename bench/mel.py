"""The log-mel of 64 ten-second clips, against librosa's mel of the same clips and against the bare torch.stft.

    python bench/mel.py

seremo's is the whole way: padding, spectrum, magnitude, filters, logarithm. The peers do less: librosa takes no logarithm,
torch.stft stops at the complex spectrum. Each is given what it does best: librosa clip by clip, torch.stft the whole batch.
"""

import statistics

import librosa
import numpy as np
import torch

from common import cores, facts, finish, goal, interleaved, ratio
from seremo.data import sample_corpus
from seremo.mel import F_MAX, HOP, N_MELS, SAMPLE_RATE, WINDOW, load_wave, log_mel, pad_ends

CLIPS, SECONDS, ROUNDS = 64, 10, 9
PEER = "librosa.feature.melspectrogram"


def main():
    machine = facts()
    speech = np.concatenate([load_wave(path) for path in sample_corpus().path])
    starts = np.linspace(0, len(speech) - SECONDS * SAMPLE_RATE, CLIPS).astype(int)
    waves = np.stack([speech[start : start + SECONDS * SAMPLE_RATE] for start in starts])
    batch, window = torch.from_numpy(waves), torch.hann_window(WINDOW)
    padded = pad_ends(batch)

    def on(threads, task):
        "The task with so many torch threads."
        def run():
            torch.set_num_threads(threads)
            with torch.inference_mode():
                return task()
        return run

    ours = lambda: log_mel(batch)
    stft = lambda: torch.stft(padded, WINDOW, HOP, window=window, center=False, return_complex=True)
    mel = lambda wave: librosa.feature.melspectrogram(y=wave, sr=SAMPLE_RATE, n_fft=WINDOW, hop_length=HOP, center=False, power=1.0, n_mels=N_MELS, fmax=F_MAX)
    tasks = {PEER: lambda: [mel(wave) for wave in waves]}
    counts = sorted({1, cores()})
    for n in counts:
        tasks |= {f"seremo.log_mel, threads {n}": on(n, ours), f"torch.stft, threads {n}": on(n, stft)}
    difference = np.abs(ours()[0].exp().numpy() - mel(padded[0].numpy())).max()
    assert difference < 1e-4, f"the two mels differ by {difference}: not the same task"

    seconds, processor = interleaved(tasks, ROUNDS)
    rows = []
    for name, times in seconds.items():
        took, worked = statistics.median(times), statistics.median(processor[name])
        rows.append({"what": name, "seconds": took, "processor seconds": worked, "clips a second": CLIPS / took, "librosa's time in its": ratio(seconds, PEER, name)})
    goals = [goal(f"throughput in times librosa's, threads {n}", 1 / ratio(seconds, f"seremo.log_mel, threads {n}", PEER), at_least=4) for n in counts]
    goals += [goal(f"time in times torch.stft's, threads {n}", ratio(seconds, f"seremo.log_mel, threads {n}", f"torch.stft, threads {n}"), at_most=1.4) for n in counts]
    finish("mel", machine, rows, goals)


if __name__ == "__main__":
    main()
