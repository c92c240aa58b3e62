"""The rows of the benchmark `ops` for PyTorch, eager: `python3 benches/ops/ops.py [word of a name ..]`.

`TYPEGRAD_THREADS` is the number of threads, 1 by default. Columns: the name, and the least time of forward and of both
passes in microseconds. The rows of a family are in `rows/<family>.py`, as ours are in `<family>.rs`.
"""

from rows import attention, conv, create, elementwise, index, loss, matmul, norm, optim, random, recurrent, reduce, shape

print(f"{'row':<60} {'fwd_us':>10} {'both_us':>10}")
for family in (elementwise, reduce, matmul, shape, index, conv, norm, attention, recurrent, loss, create, random, optim):
    family.rows()
