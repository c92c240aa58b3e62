//! Values that are carried along lanes.

/// The lanes that are computed side by side: one would wait for the last addition of its own.
const SIDE: usize = 8;

/// `step(carry, x)` in place of each element of lanes of `size`, from the first to the last, or `reversed`.
#[inline(always)]
pub(crate) fn along<E: Copy, A: Copy>(
    lanes: &mut [E],
    size: usize,
    first: A,
    reversed: bool,
    step: impl Fn(&mut A, E) -> E,
) {
    let place = |i: usize| if reversed { size - 1 - i } else { i };
    let mut blocks = lanes.chunks_exact_mut((SIDE * size).max(1));
    for block in &mut blocks {
        let mut carries = [first; SIDE];
        for i in 0..size {
            let at = place(i);
            for (lane, carry) in carries.iter_mut().enumerate() {
                let x = &mut block[lane * size + at];
                *x = step(carry, *x);
            }
        }
    }
    for lane in blocks.into_remainder().chunks_exact_mut(size.max(1)) {
        let mut carry = first;
        for i in 0..size {
            let x = &mut lane[place(i)];
            *x = step(&mut carry, *x);
        }
    }
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
