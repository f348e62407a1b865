"python .ci/check_sound.py BEFORE AFTER: is AFTER a sound, about as long and as loud as BEFORE, and not the same?"

import sys

import numpy as np

from seremo.mel import SAMPLE_RATE, load_wave

before, after = (load_wave(path) for path in sys.argv[1:3])
assert 0.5 < len(after) / len(before) < 2, f"{len(before)} samples became {len(after)}"
level = 20 * np.log10(np.sqrt(np.mean(after**2)) / np.sqrt(np.mean(before**2)))
assert abs(level) < 12, f"the level moved by {level:.1f} dB"
shared = min(len(before), len(after))
assert np.abs(before[:shared] - after[:shared]).max() > 0.01, "nothing was changed"
print(f"{len(before) / SAMPLE_RATE:.2f} s became {len(after) / SAMPLE_RATE:.2f} s, {level:+.1f} dB")
