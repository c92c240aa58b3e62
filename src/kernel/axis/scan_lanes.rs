//! Values that are carried along lanes.

/// `step(carry, x)` in place of each element of lanes of `size`, from the first to the last, or `reversed`. Lanes are computed
/// side by side, as far as there are some: one would wait for the last addition of its own.
#[inline(always)]
pub(crate) fn along<E: Copy, A: Copy>(
    lanes: &mut [E],
    size: usize,
    first: A,
    reversed: bool,
    step: impl Fn(&mut A, E) -> E,
) {
    if size > 0 {
        let rest = side_by_side::<8, E, A>(lanes, size, first, reversed, &step);
        let rest = side_by_side::<3, E, A>(rest, size, first, reversed, &step);
        side_by_side::<1, E, A>(rest, size, first, reversed, &step);
    }
}

/// Those lanes of which there are N; gives the others.
#[inline(always)]
fn side_by_side<'a, const N: usize, E: Copy, A: Copy>(
    lanes: &'a mut [E],
    size: usize,
    first: A,
    reversed: bool,
    step: &impl Fn(&mut A, E) -> E,
) -> &'a mut [E] {
    let mut blocks = lanes.chunks_exact_mut(N * size);
    for block in &mut blocks {
        let mut carries = [first; N];
        for i in 0..size {
            let at = if reversed { size - 1 - i } else { i };
            for (lane, carry) in carries.iter_mut().enumerate() {
                let x = &mut block[lane * size + at];
                *x = step(carry, *x);
            }
        }
    }
    blocks.into_remainder()
}

/// [`along`] with lanes of a second operand beside: `step(carry, x, y)` in place of x.
#[inline(always)]
pub(crate) fn along_with<E: Copy, A: Copy>(
    lanes: &mut [E],
    others: &[E],
    size: usize,
    first: A,
    reversed: bool,
    step: impl Fn(&mut A, E, E) -> E,
) {
    if size > 0 {
        let (x, y) = side_by_side_with::<8, E, A>((lanes, others), size, first, reversed, &step);
        let (x, y) = side_by_side_with::<3, E, A>((x, y), size, first, reversed, &step);
        side_by_side_with::<1, E, A>((x, y), size, first, reversed, &step);
    }
}

/// Those lanes of which there are N; gives the others.
#[inline(always)]
fn side_by_side_with<'a, const N: usize, E: Copy, A: Copy>(
    (lanes, others): (&'a mut [E], &'a [E]),
    size: usize,
    first: A,
    reversed: bool,
    step: &impl Fn(&mut A, E, E) -> E,
) -> (&'a mut [E], &'a [E]) {
    let (mut blocks, mut of_others) = (lanes.chunks_exact_mut(N * size), others.chunks_exact(N * size));
    for (block, others) in (&mut blocks).zip(&mut of_others) {
        let mut carries = [first; N];
        for i in 0..size {
            let at = if reversed { size - 1 - i } else { i };
            for (lane, carry) in carries.iter_mut().enumerate() {
                let x = &mut block[lane * size + at];
                *x = step(carry, *x, others[lane * size + at]);
            }
        }
    }
    (blocks.into_remainder(), of_others.remainder())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lane_is_carried_for_itself_in_both_directions() {
        for (lanes, size) in [(1, 5), (7, 3), (8, 1), (19, 4), (16, 0)] {
            let x: Vec<i64> = (0..lanes * size).map(|i| (i * i % 17) as i64).collect();
            for reversed in [false, true] {
                let mut got = x.clone();
                along(&mut got, size, 0, reversed, |carry, x| {
                    *carry = *carry * 3 + x;
                    *carry
                });
                for (lane, got) in x.chunks_exact(size.max(1)).zip(got.chunks_exact(size.max(1))) {
                    for i in 0..size {
                        let before = if reversed {
                            lane[i..].to_vec()
                        } else {
                            lane[..=i].iter().rev().copied().collect()
                        };
                        let want = before.iter().rev().fold(0, |carry, x| carry * 3 + x);
                        assert_eq!(got[i], want, "{lanes} lanes of {size}, reversed: {reversed}");
                    }
                }
            }
        }
    }
}
