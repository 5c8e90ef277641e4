"""Models of your own: one function each, below; nothing else has to be changed.

    @model("median_step", least=3)
    def median_step(years, values, ahead):
        \"\"\"y_n + h times the median annual step.\"\"\"
        steps = np.diff(values, axis=1) / np.diff(years, axis=1)
        return values[:, -1:] + np.median(steps, axis=1)[:, None] * ahead

`years` and `values` are (N, n): N series of n points; the answer is (N, H), one column a year of
`ahead`. The model is then `model: median_step` in run.yml and stands in every comparison, under its
name until `MODEL` of the wording tables has words for it. Until
`python benchmarks/learn.py` has measured it, its intervals are the widest of the measured models'.
`python benchmarks/quality.py` says how good it is.
"""

from __future__ import annotations

import numpy as np  # noqa: F401  (for your functions)

from .models import model  # noqa: F401
