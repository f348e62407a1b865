"python .ci/check_run.py FOLDER LOG: is what `seremo run` left somewhere under FOLDER, and printed to LOG, whole?"

import json, re, sys
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

METHODS = {"original", "copy", "identity", "prosody", "diffusion", "gan", "hybrid"}
JUDGES = {"mel_cnn", "voice_cnn", "egemaps_svm"}

folder, log = Path(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8")
reports = list(folder.rglob("report.html"))
assert len(reports) == 1, f"one report.html was to be expected, not {len(reports)}: {reports}"
out = reports[0].parent

html = reports[0].read_text(encoding="utf-8")
outside = re.findall(r"""(?:src|href)\s*=\s*["'](?:https?:)?//[^"']+\.(?:js|css|png|wav|svg|woff2?)""", html)
assert not outside, f"report.html needs a network: {outside[:3]}"
assert html.count("<audio") >= 2 and html.count("data:image/png") >= 3, "report.html lacks players or pictures"

predictions = pd.read_parquet(out / "predictions.parquet")
assert set(predictions["method"]) == METHODS, f"predictions.parquet has the methods {sorted(set(predictions['method']))}"
assert JUDGES <= set(predictions["judge"]), f"predictions.parquet has the judges {sorted(set(predictions['judge']))}"
assert {"label", "wrong"} <= set(predictions["conditioning"]), "the wrong-label control is missing"
counts = predictions.groupby(["method", "conditioning", "judge"]).size()
assert counts.nunique() == 1, f"not every method was judged on every clip:\n{counts}"
measures = pd.read_parquet(out / "measures.parquet")
assert len(measures) and np.isfinite(measures["value"]).any(), "measures.parquet is empty"

json.loads((out / "run.json").read_text(encoding="utf-8"))
assert list((out / "figures").glob("*.png")), "there are no figures"
for method in METHODS - {"original"}:
    sounds = list((out / "wav").glob(f"{method}*/**/*.wav"))
    assert sounds, f"there is no sound of {method}"
    assert soundfile.info(sounds[0]).samplerate == 22_050
for method in METHODS:
    assert re.search(rf"\b{method}\b.*\d", log), f"the printed table has no row for {method}"
print(f"{out.name}: {counts.iloc[0]} clips, {len(counts)} cells, {len(measures)} measures, report of {len(html) / 1e6:.1f} MB")
