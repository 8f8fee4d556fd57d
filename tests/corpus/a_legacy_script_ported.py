# drivers: do_it, do_all, fix_up
#!/usr/bin/env python
# ported from cron script by jk 2021, then flyte. TODOs left on purpose by the author, ask him
import asyncio, os, sys, time, random
from datetime import *
import flyte

env = flyte.TaskEnvironment('legacy')
TMP='/tmp/legacy'
D = {'nl': 31, 'be': 32, 'de': 49}
errs = []

@env.task
async def get(country, d):
    time.sleep(random.random())
    return ['%s-%s-%d' % (country, d, i) for i in range(3)]

@env.task
async def conv(x, factor=1.0, *, strict=False):
    if strict and not x: raise Exception('empty')
    return x.upper()

@env.task
async def put(xs, where=TMP):
    return len(xs)

@env.task
async def mail(s): print('MAIL', s)

def fmt(c): return '+%d' % D[c] if c in D else '?'

@env.task
async def do_it(country, d=None, force=False):
    global errs
    if d == None: d = str(date.today())
    if country not in D and not force:
        print('unknown', country); return 0
    xs = await get(country, d)
    res = []
    for x in xs:
        try:
            y = await conv(x, strict=True)
        except:
            errs.append((country, x))
            y = None
        if y: res.append(y)
    if len(res) == 0:
        await mail('nothing for ' + fmt(country))
        return 0
    elif len(res) < len(xs): await mail('%d errors for %s' % (len(xs) - len(res), country))
    n = await put(res, where=os.path.join(TMP, country))
    return n

@env.task
async def do_all(countries=list(D)):
    tot = 0
    for c in countries:
        n = await do_it(c)
        tot = tot + n
        if tot > 1000: break
    if errs:
        await mail(str(errs))
    return tot

@env.task
async def fix_up(bad):
    # bad: list of (country, item)
    todo = dict()
    for c, x in bad:
        todo.setdefault(c, []).append(conv(x, 2.0))
    n = 0
    for c in todo:
        got = await asyncio.gather(*todo[c])
        n += await put([g for g in got if g], TMP + '/' + c)
    return n

if __name__ == '__main__':
    flyte.init_from_config()
    if len(sys.argv) > 1: r = flyte.run(do_it, country=sys.argv[1])
    else: r = flyte.run(do_all)
    print(r.url)
