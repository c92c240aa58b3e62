"""Compares rows of one program with those of others: `python3 benches/ratios.py OURS THEIRS [OURS THEIRS ..]`.

Each file has lines of a name and two numbers, as `ops` and `memory` print them, and a first line with the heads of these
columns. Where files hold a row more than once, the least number counts, on both sides. A ratio is our number divided by
theirs: below 1 is better. The last lines are geometric means, of each family (the name up to the first `/`) and of all.
"""

import math
import sys


def read(paths):
    rows = {}
    for path in paths:
        with open(path) as file:
            for words in map(str.split, file):
                if words[:1] == ["row"]:
                    heads[:] = words[1:3]
                if len(words) < 3 or words[0] in ("row", "#"):
                    continue
                old = rows.setdefault(words[0], [math.inf, math.inf])
                for i, word in enumerate(words[1:3]):
                    if word != "-":
                        old[i] = min(old[i], float(word))
    return rows


def shown(number):
    if number is None or math.isinf(number):
        return "-"
    return f"{number:.2f}" if number >= 1 else f"{number:.4f}"


def ratio(ours, theirs):
    return None if math.isinf(ours) or math.isinf(theirs) else ours / theirs


def mean(ratios):
    logs = [math.log(number) for number in ratios if number]
    return math.exp(sum(logs) / len(logs)) if logs else None


if len(sys.argv) < 3 or len(sys.argv) % 2 == 0:
    sys.exit(__doc__)
heads = ["", ""]
ours, theirs = read(sys.argv[1::2]), read(sys.argv[2::2])
print(f"{'row':<60} {heads[0]:>10} {'theirs':>10} {'ratio':>6} {heads[1]:>10} {'theirs':>10} {'ratio':>6}")
families = {}
for name, mine in ours.items():
    other = theirs.get(name, [math.inf, math.inf])
    ratios = [ratio(a, b) for a, b in zip(mine, other)]
    families.setdefault(name.split("/")[0], []).append(ratios)
    cells = [shown(cell) for pair in zip(mine, other, ratios) for cell in pair]
    print(f"{name:<60} {cells[0]:>10} {cells[1]:>10} {cells[2]:>6} {cells[3]:>10} {cells[4]:>10} {cells[5]:>6}")
families["all"] = [pair for pairs in families.values() for pair in pairs]
for family, pairs in families.items():
    if len(pairs) == 1:
        continue
    forward, both = (shown(mean(column)) for column in zip(*pairs))
    print(f"{'geometric mean of ' + family:<60} {'':>10} {'':>10} {forward:>6} {'':>10} {'':>10} {both:>6}")
for name in theirs.keys() - ours.keys():
    print(f"only theirs: {name}")
