//! Laws of the operations on shapes, at random values: inverses, and gradients compared with differences.

use crate::support::as_in_f64::{N, as_in_f64, gradients, of};
use crate::support::compensated;
use proptest::prelude::{any, prop_assert_eq, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

type S = Rank3<2, 3, 4>;

fn random<T: Shape>(rng: &mut Rng) -> Tensor<T, f64> {
    Tensor::randn(rng)
}

proptest! {
    #![proptest_config(crate::cases(24))]

    #[test]
    fn each_operation_has_its_inverse(seed in any::<u64>(), shift in -9..9_isize) {
        let x = random::<S>(&mut Rng::seed(seed));
        assert_eq!(x.clone().transpose::<0, -1>().transpose::<2, 0>(), x);
        assert_eq!(x.clone().permute::<Axes3<2, 0, 1>>().permute::<Axes3<1, 2, 0>>(), x);
        assert_eq!(x.clone().movedim::<0, 2>().movedim::<-1, 0>(), x);
        assert_eq!(x.clone().flip::<1>().flip::<-2>(), x);
        assert_eq!(x.clone().roll::<1>(shift).roll::<1>(-shift), x);
        assert_eq!(x.clone().unsqueeze::<1>().squeeze::<1>(), x);
        assert_eq!(x.clone().unbind::<1>().stack::<1>(), x);
        assert_eq!(x.clone().chunk::<-1, 2>().cat::<-1>().with_shape::<S>(), x);
        assert_eq!(x.clone().split::<1, Rank2<1, 2>>().cat::<1>().with_shape::<S>(), x);
        assert_eq!(x.clone().pad::<2, 1>(seed as f64).narrow::<2, 2, 4>(), x);
        assert_eq!(x.clone().reflect_pad2d::<1, 3, 2, 1>().narrow::<1, 2, 3>().narrow::<2, 1, 4>(), x);
        assert_eq!(x.clone().repeat::<Rank3<1, 2, 3>>().narrow::<1, 3, 3>().narrow::<2, 8, 4>().with_shape::<S>(), x);
        assert_eq!(x.clone().tril(shift) + x.clone().triu(shift + 1), x);
    }

    #[test]
    fn gradients_agree_with_differences(seed in any::<u64>(), shift in -9..9_isize) {
        let rng = &mut Rng::seed(seed);
        let (x, y, z) = (random::<S>(rng), random::<S>(rng), random::<Rank3<4, 2, 3>>(rng));
        gradcheck((x.clone(), z.clone()), |(x, z)| {
            let moved = x.clone().permute::<Axes3<-1, 0, 1>>() + x.movedim::<2, 0>().flip::<1>();
            (moved * z.tril(shift).powi(2)).sum()
        })
        .unwrap();
        gradcheck((x.clone(), y.clone()), |(x, y)| {
            let both = (x.clone(), y.clone().powi(2)).cat::<1>().with_shape::<Rank3<2, 6, 4>>();
            let pair = (x.roll::<1>(shift), y).stack::<1>().select::<0>(1);
            let product = pair.shared(|pair| {
                let [first, second] = pair.unbind::<0>();
                first * second
            });
            (both.narrow::<1, 2, 3>().select_at::<0, -1>() * product).sum()
        })
        .unwrap();
        gradcheck((x, y), |(x, y)| {
            let padded = x.reflect_pad2d::<3, 1, 1, 2>().with_shape::<Rank3<2, 6, 8>>()
                * y.replicate_pad2d::<2, 2, 3, 0>().with_shape::<Rank3<2, 6, 8>>();
            padded.powi(2).sum()
        })
        .unwrap();
    }

    #[test]
    fn gradients_of_what_only_rearranges_agree_with_differences(seed in any::<u64>(), k in -3..3_isize) {
        let rng = &mut Rng::seed(seed);
        let (x, w) = (random::<S>(rng), random::<Rank1<24>>(rng));
        macro_rules! check {
            ($($f:expr),+ $(,)?) => { $(
                let weighted = |x| {
                    let y = ($f)(x);
                    (y.powi(2).flatten().with_shape::<Rank1<24>>() * &w).sum()
                };
                prop_assert_eq!(gradcheck(x.clone(), weighted), Ok(()), "{}", stringify!($f));
            )+ };
        }
        type Checked = typegrad::Checked<S>;
        check! {
            |x: Checked| x.reshape::<Rank2<8, 3>>(),
            |x: Checked| x.flatten(),
            |x: Checked| x.flatten_axes::<0, 1>(),
            |x: Checked| x.transpose::<0, -1>(),
            |x: Checked| x.movedim::<-1, 0>(),
            |x: Checked| x.flip::<-1>(),
            |x: Checked| x.roll::<1>(k),
            |x: Checked| x.tril(k),
            |x: Checked| x.triu(k),
            |x: Checked| x.unsqueeze::<-1>(),
            |x: Checked| x.unsqueeze::<0>().squeeze::<0>(),
        }
        macro_rules! check_sum {
            ($($f:expr),+ $(,)?) => { $(
                let squared = |x| ($f)(x).powi(2).sum();
                prop_assert_eq!(gradcheck(x.clone(), squared), Ok(()), "{}", stringify!($f));
            )+ };
        }
        check_sum! {
            |x: Checked| x.select::<0>((seed % 2) as usize).t(),
            |x: Checked| x.select_at::<-1, -2>().diag::<1>(),
            |x: Checked| x.select_at::<0, 0>().select_at::<0, 0>().diag::<-1>(),
            |x: Checked| x.repeat::<Rank4<2, 1, 2, 1>>(),
            |x: Checked| x.pad::<1, 2>(0.5),
            |x: Checked| x.pad2d::<1, 0, 0, 2>(0.5),
            |x: Checked| x.reflect_pad::<1, 3>(),
            |x: Checked| x.replicate_pad::<2, 1>(),
            |x: Checked| x.split::<1, Rank2<1, 2>>().1,
        }
    }

    #[test]
    fn elements_are_where_a_loop_over_indices_finds_them(seed in any::<u64>(), shift in -9..9_isize) {
        let x = random::<S>(&mut Rng::seed(seed));
        let at = |i: usize, j: usize, k: usize| x.as_slice()[(i * 3 + j) * 4 + k];
        /// The elements of a tensor of these sizes, in row-major order.
        fn each([a, b, c]: [usize; 3], f: impl Fn(usize, usize, usize) -> f64) -> Vec<f64> {
            (0..a * b * c).map(|n| f(n / c / b, n / c % b, n % c)).collect()
        }
        /// An index that fell off an end, mirrored there.
        fn mirrored(i: isize, size: isize) -> usize {
            (if i < 0 { -i } else if i >= size { 2 * (size - 1) - i } else { i }) as usize
        }
        let sizes = [2, 3, 4];
        let rolled = |j: usize| (j as isize - shift).rem_euclid(3) as usize;
        let below = |j: usize, k: usize| k as isize - j as isize <= shift;
        let inside = |k: usize| (1..5).contains(&k);
        let clamped = |k: usize| k.saturating_sub(2).min(3);
        let same = [
            (x.clone().transpose::<0, 2>().to_vec(), each([4, 3, 2], |i, j, k| at(k, j, i))),
            (x.clone().permute::<Axes3<1, 2, 0>>().to_vec(), each([3, 4, 2], |i, j, k| at(k, i, j))),
            (x.clone().movedim::<0, -1>().to_vec(), each([3, 4, 2], |i, j, k| at(k, i, j))),
            (x.clone().flip::<1>().to_vec(), each(sizes, |i, j, k| at(i, 2 - j, k))),
            (x.clone().roll::<1>(shift).to_vec(), each(sizes, |i, j, k| at(i, rolled(j), k))),
            (x.clone().tril(shift).to_vec(), each(sizes, |i, j, k| if below(j, k) { at(i, j, k) } else { 0.0 })),
            (x.clone().repeat::<Rank3<2, 1, 2>>().to_vec(), each([4, 3, 8], |i, j, k| at(i % 2, j, k % 4))),
            (x.clone().pad::<1, 2>(7.0).to_vec(), each([2, 3, 7], |i, j, k| if inside(k) { at(i, j, k - 1) } else { 7.0 })),
            (x.clone().reflect_pad::<2, 3>().to_vec(), each([2, 3, 9], |i, j, k| at(i, j, mirrored(k as isize - 2, 4)))),
            (x.clone().replicate_pad::<2, 1>().to_vec(), each([2, 3, 7], |i, j, k| at(i, j, clamped(k)))),
            ([x.clone(), x.clone()].stack::<1>().to_vec(), each([2, 6, 4], |i, j, k| at(i, j % 3, k))),
            (x.clone().select_at::<0, -1>().diag::<1>().to_vec(), (0..3).map(|j| at(1, j, j + 1)).collect()),
        ];
        for (case, (ours, naive)) in same.into_iter().enumerate() {
            prop_assert_eq!(ours, naive, "case {}", case);
        }
    }
}

/// Gradients that are sums: of what was broadcast, expanded, repeated, or shared by rows.
#[test]
fn gradients_are_sums_too() {
    use compensated::{Exact, N, TERMS, near};

    for (name, term) in TERMS {
        let exact = Exact::of(term, N);
        let upstream = Tensor::<Rank2<N, 2>>::from_fn(|i| term(i / 2));
        let check = |grad: Option<Tensor<Rank1<2>>>| {
            near(name, &grad.unwrap().to_vec(), exact.sum, exact.magnitude, 1e-6)
        };
        let b = Param::new(Tensor::from([0.0_f32, 0.0]));
        ((upstream.zeros_like() + &b) * &upstream).sum().backward();
        check(b.grad());
        let b = Param::new(Tensor::from([1.0_f32, 1.0]));
        (upstream.clone() * &b).sum().backward();
        check(b.grad());
        let b = Param::new(Tensor::from([1.0_f32, 1.0]));
        (b.track().broadcast_to::<Rank2<N, 2>>() * &upstream).sum().backward();
        check(b.grad());
        let b = Param::new(Tensor::from([[1.0_f32, 1.0]]));
        (b.track().repeat::<Rank2<N, 1>>().with_shape::<Rank2<N, 2>>() * &upstream).sum().backward();
        check(b.grad().map(|grad| grad.squeeze::<0>()));
    }
}

/// The ends of what is padded, and what is repeated.
#[test]
fn gradients_of_copies() {
    const MORE: isize = N as isize;
    const LONG: usize = N + 2;
    as_in_f64!("replicate_pad", |f| {
        let (x, y) = (Param::new(of!(Rank1<2>, f)), Param::new(of!(Rank2<2, 2>, f)));
        let of_y = y.track().transpose::<0, 1>().replicate_pad::<0, MORE>().with_shape::<Rank2<2, LONG>>();
        let of_x = x.track().replicate_pad::<MORE, 0>().with_shape::<Rank1<LONG>>();
        gradients!(of_x * of!(Rank1<LONG>, f) + (of_y * of!(Rank2<2, LONG>, f)).sum_axis::<0>(); x, y)
    });
    as_in_f64!("meshgrid", |f| {
        let x = Param::new(of!(Rank1<2>, f));
        let (rows, _) = (x.track(), of!(Rank1<N>, f)).meshgrid();
        gradients!(rows * of!(Rank2<2, N>, f); x)
    });
    as_in_f64!("repeat_interleave", |f| {
        let x = Param::new(of!(Rank1<2>, f));
        gradients!(x.track().repeat_interleave::<0, N>().reshape::<Rank2<2, N>>() * of!(Rank2<2, N>, f); x)
    });
}
