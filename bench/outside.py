"""What instruments say that others made, on other speech, and that no part of seremo has ever seen: voice, words, quality.

    pip install resemblyzer speechmos pocketsphinx
    python bench/outside.py RUN

RUN is the folder of a `seremo run` with its sounds (RUN/wav) and tables. One clip of each speaker and emotion, the first by name, is asked about, as recorded and
as each method made it clearer at its label. Rows go to results/outside.parquet: `voice` is the cosine between the clip and the mean of the speaker's other recordings
(Resemblyzer, trained on thousands of English voices), `voice_ok` whether that speaker is the nearest of the corpus; `words_wrong` is the word error rate of a
recogniser of English (PocketSphinx) that may choose among RAVDESS's eight words in any order and number; `quality` is DNSMOS P.835 overall, 1 to 5.
"""

import sys
import time
from pathlib import Path

import librosa
import numpy as np
import pandas as pd
from pocketsphinx import Decoder, get_model_path
from resemblyzer import VoiceEncoder
from speechmos import dnsmos
from tqdm import tqdm

from seremo.data import CORPORA
from seremo.experiment import METHODS, append_run, provenance

RATE = 16_000
SENTENCES = {code: said.lower().rstrip(".") for code, said in CORPORA["ravdess"].sentences.items()}
COLUMNS = ["corpus", "clip", "speaker", "fold", "emotion", "method", "measure", "value"]


def chosen_clips(run):
    "One clip of each speaker and emotion that a run was about."
    judged = pd.read_parquet(run / "predictions.parquet").query("method == 'original'")
    clips = judged.drop_duplicates(["corpus", "clip"]).sort_values(["corpus", "speaker", "clip"])
    return clips.groupby(["corpus", "speaker", "emotion"], sort=False).head(1)[["corpus", "clip", "speaker", "fold", "emotion"]].reset_index(drop=True)


def sound_of(run, method, clip):
    "A sound of a run at 16 kHz, without the silence around it."
    return librosa.effects.trim(librosa.load(run / "wav" / method / f"{clip}.wav", sr=RATE)[0], top_db=50)[0]


def words_wrong(decoder, wave, clip):
    "Word error rate (0 and up) of what the decoder hears."
    samples = (0.7 * 32767 * wave / max(np.abs(wave).max(), 1e-6)).astype(np.int16)
    decoder.reinit_feat()  # or it would remember the clips before
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    decoder.end_utt()
    said, heard = SENTENCES[clip.split("-")[4]].split(), (decoder.hyp().hypstr if decoder.hyp() else "").split()
    costs = np.arange(len(heard) + 1)
    for word in said:
        before, costs = costs, costs + 1
        for j, other in enumerate(heard):
            costs[j + 1] = min(before[j + 1] + 1, costs[j] + 1, before[j] + (word != other))
    return costs[-1] / len(said)


def decoder_of_eight_words(folder):
    grammar = folder / "words.gram"
    words = sorted({word for sentence in SENTENCES.values() for word in sentence.split()})
    grammar.write_text(f"#JSGF V1.0;\ngrammar words;\npublic <said> = ( {' | '.join(words)} )+ ;\n")
    model = get_model_path("en-us")
    return Decoder(hmm=f"{model}/en-us", dict=f"{model}/cmudict-en-us.dict", lm=None, jsgf=str(grammar), logfn="/dev/null", samprate=RATE, cmn="batch")


def measured(run, clips, methods):
    "A row of `COLUMNS`, as a dict, for each clip, method and measure."
    encoder, decoder = VoiceEncoder("cpu", verbose=False), decoder_of_eight_words(run)
    voices = np.stack([encoder.embed_utterance(sound_of(run, "original", clip)) for clip in tqdm(clips["clip"], desc="voices")])
    for method in methods:
        for row in tqdm(clips.to_dict("records"), desc=method):
            wave, others = sound_of(run, method, row["clip"]), (clips["corpus"] == row["corpus"]) & (clips["emotion"] != row["emotion"])
            means = {speaker: voices[mine.index].mean(0) for speaker, mine in clips[others].groupby("speaker")}
            voice = encoder.embed_utterance(wave)
            near = {speaker: float(voice @ mean / np.linalg.norm(mean)) for speaker, mean in means.items()}
            values = {"voice": near[row["speaker"]], "voice_ok": max(near, key=near.get) == row["speaker"]}
            if row["corpus"] == "ravdess":
                values["words_wrong"] = words_wrong(decoder, wave, row["clip"])
            values["quality"] = dnsmos.run(np.clip(wave, -1, 1).astype(np.float32), RATE)["ovrl_mos"]
            yield from ({**row, "method": method, "measure": name, "value": float(value)} for name, value in values.items())


def main():
    began, run, results = time.time(), Path(sys.argv[1]), Path(__file__).parent.parent / "results"
    clips = chosen_clips(run)
    methods = [method for method in METHODS if all((run / "wav" / method / f"{clip}.wav").is_file() for clip in clips["clip"])]
    print("asked about:", ", ".join(methods), "- the run lacks sounds of the others")
    table = pd.DataFrame(measured(run, clips, methods))[COLUMNS]
    table.to_parquet(results / "outside.parquet", index=False)
    append_run(results, provenance({"clips": len(clips), "methods": methods}, began, 0) | {"command": f"python bench/outside.py {run.name}"})
    print(table.pivot_table(index=["corpus", "method"], columns="measure", values="value", sort=False).round(3).to_string())


if __name__ == "__main__":
    main()
