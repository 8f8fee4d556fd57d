# drivers: main, correlations, eda_all
#%% imports
import asyncio
import flyte
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

#%% config
env = flyte.TaskEnvironment("eda")
FILES = ["a.csv", "b.csv", "c.csv"]
N_BINS = 30
VERBOSE = 1

#%% tasks
@env.task
async def read(f):
    return pd.read_csv(f)

@env.task
async def clean(df):
    df = df.drop_duplicates()
    for c in df.select_dtypes("object"):
        df[c] = df[c].str.strip()
    return df

@env.task
async def hist(df, col, bins=N_BINS):
    counts, edges = np.histogram(df[col].dropna(), bins)
    plt.bar(edges[:-1], counts); plt.savefig(f"{col}.png")
    return f"{col}.png"

@env.task
async def corr(df, a, b):
    return df[a].corr(df[b])

@env.task
async def concat(dfs):
    return pd.concat(dfs)

#%% drivers
@env.task
async def main(files=FILES):
    dfs = []
    for f in files:
        df = await read(f)
        df = await clean(df)
        dfs.append(df)
        if VERBOSE: print(f, df.shape)
    df = await concat(dfs)
    del dfs
    num = [c for c in df.columns if df[c].dtype.kind in "if"]
    figs = await asyncio.gather(*[hist(df, c) for c in num])
    if VERBOSE > 1:
        for c, fig in zip(num, figs): print(c, fig)
    return figs

@env.task
async def correlations(f, threshold=0.9):
    df = await clean(await read(f))
    cols = list(df.columns)
    high = []
    for i, a in enumerate(cols):
        for b in cols[i + 1:]:
            r = await corr(df, a, b)
            if r is None or np.isnan(r): continue
            if abs(r) > threshold: high.append((a, b, r))
    return high

@env.task
async def eda_all(files=FILES, what="both"):
    res = {}
    if what in ("both", "hist"):
        res["hist"] = await main(files)
    if what in ("both", "corr"):
        res["corr"] = await asyncio.gather(*(correlations(f) for f in files))
    return res

#%% run
if __name__ == "__main__":
    flyte.init_from_config()
    r = flyte.run(eda_all, files=FILES, what="corr")
    r.wait()
    print(r.outputs())
