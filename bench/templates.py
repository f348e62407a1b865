"""What a recogniser of another kind hears of the words: nothing in it is trained, it looks for the recordings that are most alike.

    python bench/templates.py DATA RUN RESULTS

DATA is the folder of the corpora, RUN one with a run's sounds (RUN/wav/METHOD), RESULTS that with its tables. A template is a recording of a speaker whom the clip's fold
doesn't hold out, the calmest one of each sentence. Templates and clips are compared by dynamic time warping of their cepstra (Sakoe & Chiba 1978, symmetric steps);
the sentence is the one whose three nearest templates are nearest. Rows go to RESULTS/templates.parquet: `sentence_ok`, and `margin`, by how much the
second sentence is farther than the right one (a share of the distance; below 0 where another is nearer).
"""

import argparse
import time
from pathlib import Path

import librosa
import numpy as np
import pandas as pd
from tqdm import tqdm

from seremo.data import CORPORA, folds, index
from seremo.experiment import append_run, provenance
from seremo.mel import SAMPLE_RATE, load_wave

CALM = ("neutral", "sadness", "disgust", "fear", "happiness", "anger")  # in this order, where a speaker lacks a sentence in one
SYMMETRIC = np.array([2.0, 1.0, 1.0])  # what a step along both counts, along the one, and along the other


def cepstra(wave):
    "Cepstra 1 to 13 and their slopes (26, T), 23 ms apart, of the speech in a waveform (n,), each with mean 0 and deviation 1; librosa's, so that nothing is shared with what judges hear."
    speech = librosa.effects.trim(wave, top_db=35)[0]
    rows = librosa.feature.mfcc(y=speech, sr=SAMPLE_RATE, n_mfcc=14, n_fft=1024, hop_length=512)[1:]
    rows = np.concatenate([rows, 2 * librosa.feature.delta(rows, width=5)])
    return (rows - rows.mean(1, keepdims=True)) / (rows.std(1, keepdims=True) + 1e-6)


def distance(one, other):
    "The mean distance along the warping path of two sequences (26, T) and (26, T')."
    return librosa.sequence.dtw(X=one, Y=other, metric="euclidean", backtrack=False, weights_mul=SYMMETRIC)[-1, -1] / (one.shape[1] + other.shape[1])


def templates_of(table):
    "One recording for each corpus, sentence and speaker of a table of clips, with its cepstra in the column `cepstra`."
    calmest = table.assign(calm=table["emotion"].map(CALM.index)).sort_values(["calm", "clip"])
    chosen = calmest.groupby(["corpus", "sentence", "speaker"], sort=True).head(1)
    return chosen.assign(cepstra=[cepstra(load_wave(path)) for path in tqdm(chosen["path"], desc="templates")])


def heard(sound, templates, sentence):
    "Whether `sentence` is the nearest of those of the templates, and its margin."
    far = pd.Series([distance(sound, template) for template in templates["cepstra"]]).groupby(templates["sentence"].to_numpy())
    near = far.apply(lambda each: each.nsmallest(3).mean())
    return {"sentence_ok": near.idxmin() == sentence, "margin": near.drop(sentence).min() / near[sentence] - 1}


def measured(table, run, said):
    "A row, as a dict, for each fold, method, clip and measure; said: which folds and methods the run has (columns fold, method)."
    for fold in folds(table, "pooled5"):
        if fold.name not in set(said["fold"]):
            continue
        split = fold.split(table)
        templates = templates_of(pd.concat([split.train, split.validation]))
        for method in ("original", *pd.unique(said["method"])):
            for row in tqdm(split.test.to_dict("records"), desc=f"{fold.name} {method}"):
                path = row["path"] if method == "original" else run / "wav" / method / f"{row['clip']}.wav"
                values = heard(cepstra(load_wave(path)), templates[templates["corpus"] == row["corpus"]], row["sentence"])
                yield from ({"corpus": row["corpus"], "clip": row["clip"], "fold": fold.name, "method": method, "measure": name, "value": float(value)} for name, value in values.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "run", "results"):
        parser.add_argument(name, type=Path)
    asked, began = parser.parse_args(), time.time()
    data, run, results = asked.data, asked.run, asked.results
    said = pd.read_parquet(results / "predictions.parquet").query("conditioning == 'label'")[["fold", "method"]].drop_duplicates()
    table = pd.concat([index(data / corpus, corpus) for corpus in CORPORA], ignore_index=True)
    rows = pd.DataFrame(measured(table, run, said))
    rows.to_parquet(results / "templates.parquet", index=False)
    append_run(results, provenance({"measures": sorted(set(rows["measure"]))}, began, 0) | {"command": "python bench/templates.py DATA RUN RESULTS"})
    print(rows.pivot_table(index=["corpus", "method"], columns="measure", values="value", sort=False).round(3).to_string())


if __name__ == "__main__":
    main()
