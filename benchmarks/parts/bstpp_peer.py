"""Fits bstpp's Hawkes_Model to events in a file; run by ``benchmarks/contagion.py`` with the Python of an environment
that has bstpp (0.1.4 with numpy < 2, pandas < 3, scipy < 1.13). Prints seconds and peak memory as JSON.

    PYTHON bstpp_peer.py EVENTS.npz STEPS

EVENTS.npz holds x, y (km) and t (days).
"""

import json
import resource
import sys
import time
import warnings

import numpy as np


def main() -> None:
    """Fit by variational inference with so many steps; the warm-up (compilation) is part of what a user waits for."""
    warnings.simplefilter("ignore")
    import matplotlib

    matplotlib.use("Agg")
    import numpyro.distributions as dist
    import pandas as pd
    from bstpp.main import Hawkes_Model

    held = np.load(sys.argv[1])
    order = np.argsort(held["t"], kind="stable")
    x, y, t = (np.asarray(held[name], float)[order] for name in "xyt")
    box = np.array([[x.min() - 1e-6, x.max() + 1e-6], [y.min() - 1e-6, y.max() + 1e-6]])
    begun = time.perf_counter()
    model = Hawkes_Model(
        pd.DataFrame({"X": x, "Y": y, "T": t}), box, float(t.max()) * (1 + 1e-9), False,
        a_0=dist.Normal(1, 10), alpha=dist.Beta(20, 60), beta=dist.HalfNormal(2.0), sigmax_2=dist.HalfNormal(0.25),
    )  # fmt: skip
    model.run_svi(num_steps=int(sys.argv[2]), lr=0.02)
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - begun,
                "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "offspring": float(np.mean(model.samples["alpha"])),
            }
        )
    )


main()
