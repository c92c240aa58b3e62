use super::levels::PORTABLE;
use super::*;
use crate::element::Float;
use crate::kernel::simd::{Level, with_level};
use crate::rng::Rng;

/// One random product with random strides, offsets, accumulation and epilogue.
struct Case<E> {
    sizes: [usize; 3],
    a: Vec<E>,
    a_strides: [usize; 2],
    b: Vec<E>,
    b_strides: [usize; 2],
    bias: Vec<E>,
    c: Vec<E>,
    c_row: usize,
    offset: usize,
    add: bool,
    epilogue: usize,
}

/// Random strides of `rows` x `columns`, and the elements that they need.
fn strides(rng: &mut Rng, rows: usize, columns: usize) -> ([usize; 2], usize) {
    match rng.below(5) {
        0 | 1 => ([columns, 1], rows * columns),
        2 => ([1, rows], rows * columns),
        3 => ([columns + 3, 1], rows * (columns + 3)),
        _ => ([3 * columns.max(1), 3], rows * 3 * columns.max(1) + 3),
    }
}

impl<E: Float + HasScratch> Case<E> {
    fn new(rng: &mut Rng, [m, k, n]: [usize; 3]) -> Self {
        let (a_strides, a_len) = strides(rng, m, k);
        let (b_strides, b_len) = strides(rng, k, n);
        let (offset, add, c_row) = (rng.below(3), rng.below(2) == 1, n + rng.below(2) * rng.below(5));
        let mut random = |len: usize| (0..len).map(|_| E::from_f64(rng.uniform() - 0.5)).collect::<Vec<E>>();
        let (a, b, bias) = (random(a_len + offset), random(b_len + offset), random(m.max(n)));
        // Elements that are overwritten are not read.
        let c = if add { random(m * c_row + offset) } else { vec![E::nan(); m * c_row + offset] };
        Case {
            sizes: [m, k, n],
            a,
            a_strides,
            b,
            b_strides,
            bias,
            c,
            c_row,
            offset,
            add,
            epilogue: rng.below(4),
        }
    }

    /// Makes the columns of B contiguous, and C new.
    fn transpose(&mut self, rng: &mut Rng) {
        let [_, k, n] = self.sizes;
        self.b = (0..k * n + self.offset).map(|_| E::from_f64(rng.uniform() - 0.5)).collect();
        (self.b_strides, self.add) = ([1, k], false);
    }

    fn run(&self, level: Level, packed: bool) -> Vec<E> {
        with_level(level, || {
            let [_, k, n] = self.sizes;
            let (a, b) = (&self.a[self.offset..], &self.b[self.offset..]);
            let epilogue = match self.epilogue {
                0 => Epilogue::Nothing,
                1 => Epilogue::Bias(&self.bias),
                2 => Epilogue::RowBias(&self.bias),
                _ => Epilogue::BiasRelu(&self.bias),
            };
            let kept = packed.then(|| PackedB::new([k, n], (b, self.b_strides)));
            let b = kept.as_ref().map_or(Factor::Plain(b, self.b_strides), Factor::Packed);
            let mut c = self.c.clone();
            let out = (&mut c[self.offset..], self.c_row);
            multiply(self.sizes, (a, self.a_strides), b, out, self.add, epilogue);
            c
        })
    }

    /// Each element of C from sums in `f64`, and how far off a result may be.
    fn expected(&self) -> Vec<[f64; 2]> {
        let [m, k, n] = self.sizes;
        let at = |x: &[E], i: usize| x[self.offset + i].as_f64();
        let mut all = Vec::with_capacity(m * n);
        for (i, j) in (0..m).flat_map(|i| (0..n).map(move |j| (i, j))) {
            let (mut want, mut size) = (0.0, 2.0);
            for p in 0..k {
                let product = at(&self.a, i * self.a_strides[0] + p * self.a_strides[1])
                    * at(&self.b, p * self.b_strides[0] + j * self.b_strides[1]);
                want += product;
                size += product.abs();
            }
            if self.add {
                want += at(&self.c, i * self.c_row + j);
            }
            want = match self.epilogue {
                0 => want,
                1 => want + self.bias[j].as_f64(),
                2 => want + self.bias[i].as_f64(),
                _ => (want + self.bias[j].as_f64()).max(0.0),
            };
            all.push([want, 8.0 * E::epsilon().as_f64() * size]);
        }
        all
    }

    /// Compares with [`expected`](Self::expected), and what lies between the rows with what was there.
    fn check(&self, got: &[E], expected: &[[f64; 2]], what: &str) {
        let n = self.sizes[2];
        for (i, (got, before)) in got[self.offset..].iter().zip(&self.c[self.offset..]).enumerate() {
            let (row, column) = (i / self.c_row.max(1), i % self.c_row.max(1));
            if column < n {
                let [want, bound] = expected[row * n + column];
                let close = (got.as_f64() - want).abs() <= bound;
                assert!(close, "{:?} {what} ({row}, {column}): {got} is not {want}", self.sizes);
            } else {
                assert!(got == before || got.is_nan() && before.is_nan(), "written between the rows");
            }
        }
    }

    /// All levels, plain and packed.
    fn verify(&self) {
        let expected = self.expected();
        for packed in [false, true] {
            let results = Level::ALL.map(|level| self.run(level, packed));
            for (result, level) in results.iter().zip(Level::ALL) {
                self.check(result, &expected, &format!("{level} packed {packed}"));
            }
            let bits = |x: &[E]| x.iter().map(|x| x.as_f64().to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&results[1]), bits(&results[2]), "levels with FMA agree on {:?}", self.sizes);
        }
    }
}

/// Runs `f` with the loops of machines other than this one.
fn portable<R>(f: impl FnOnce() -> R) -> R {
    struct Restore;
    impl Drop for Restore {
        fn drop(&mut self) {
            PORTABLE.set(false);
        }
    }
    let _restore = Restore;
    PORTABLE.set(true);
    f()
}

fn verify_all(sizes: impl Iterator<Item = [usize; 3]>) {
    let mut rng = Rng::seed(11);
    for sizes in sizes {
        Case::<f32>::new(&mut rng, sizes).verify();
        Case::<f64>::new(&mut rng, sizes).verify();
    }
}

#[test]
fn small_products_agree_with_the_definition() {
    let sizes = (0..21_usize.pow(3)).step_by(41);
    verify_all(sizes.map(|i| [i % 21, i / 21 % 21, i / 441]));
}

#[test]
fn products_with_any_remainder_agree_with_the_definition() {
    let mut rng = Rng::seed(5);
    verify_all((0..25).map(|_| [0; 3].map(|_| rng.below(71))));
}

#[test]
fn portable_loops_give_the_bits_of_the_baseline() {
    fn verify<E: Float + HasScratch>(rng: &mut Rng, sizes: [usize; 3]) {
        let case = Case::<E>::new(rng, sizes);
        let bits = |packed| {
            case.run(Level::Baseline, packed).into_iter().map(|x| x.as_f64().to_bits()).collect::<Vec<_>>()
        };
        for packed in [false, true] {
            assert_eq!(portable(|| bits(packed)), bits(packed), "{sizes:?} packed {packed}");
        }
        let [m, k, _] = sizes;
        let from = (0..m * k).map(|i| E::from_f64(i as f64)).collect::<Vec<_>>();
        let mut to = vec![E::zero(); m * k];
        portable(|| transpose([m, k], (&from, m), (&mut to, k)));
        assert!((0..m * k).all(|i| to[i] == from[i % k * m + i / k]), "{m} {k}");
    }
    let mut rng = Rng::seed(13);
    let small = (0..9_usize.pow(3)).step_by(7).map(|i| [i % 9, i / 9 % 9, i / 81]);
    let sizes = small.chain([[1, 70, 65], [65, 70, 1], [37, 300, 33], [9, 131, 97]]).collect::<Vec<_>>();
    for sizes in sizes {
        verify::<f32>(&mut rng, sizes);
        verify::<f64>(&mut rng, sizes);
    }
}

#[test]
fn one_row_or_column_agrees_with_the_definition() {
    let mut rng = Rng::seed(7);
    let mut sizes = || (rng.below(2), rng.below(600), 1 + rng.below(300));
    verify_all((0..12).map(|_| match sizes() {
        (0, k, n) => [1, k, n],
        (_, k, n) => [n, k, 1],
    }));
    let mut rng = Rng::seed(8);
    verify_all((2..10).map(|m| [m, 16 + rng.below(90), 1 + rng.below(90)]));
}

#[test]
fn large_products_agree_with_the_definition() {
    verify_all([[97, 300, 129], [200, 257, 40], [61, 257, 300], [40, 70, 1100]].into_iter());
}

/// With the columns of B contiguous, so that Cᵀ is computed.
fn verify_transposed<E: Float + HasScratch>(rng: &mut Rng, sizes: [usize; 3]) {
    let [m, k, n] = sizes;
    assert!(2 * n * k > 3 * m * (k + n));
    for epilogue in 0..4 {
        let mut case = Case::<E>::new(rng, sizes);
        case.transpose(rng);
        case.epilogue = epilogue;
        case.verify();
    }
}

#[test]
fn few_rows_times_a_transposed_matrix_agree_with_the_definition() {
    let mut rng = Rng::seed(12);
    let any = (2..36).map(|m| [m, 3 * m + 17 + m * 7 % 16, 3 * m + 20 + m * 11 % 13]);
    let large = [[33, 300, 150], [16, 1024, 150], [20, 1024, 140], [40, 2048, 70]];
    for sizes in any.chain(large) {
        verify_transposed::<f32>(&mut rng, sizes);
        verify_transposed::<f64>(&mut rng, sizes);
    }
}

#[test]
fn threads_do_not_change_bits() {
    let mut rng = Rng::seed(9);
    let transposed = [[9, 1000, 900], [14, 2000, 300], [29, 1024, 500]];
    for sizes in
        [[150, 300, 170], [1, 3000, 1500], [3, 1500, 1000], [900, 1000, 7]].into_iter().chain(transposed)
    {
        let mut case = Case::<f32>::new(&mut rng, sizes);
        if transposed.contains(&sizes) {
            case.transpose(&mut rng);
        }
        let alone = threads::inline(|| case.run(Level::Avx512, false));
        case.check(&alone, &case.expected(), "one thread");
        let together = case.run(Level::Avx512, false);
        let bits = |x: &[f32]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&alone), bits(&together));
    }
}

#[test]
fn products_agree_with_matrixmultiply() {
    let mut rng = Rng::seed(10);
    for sizes in [[12, 784, 33], [1, 784, 100], [64, 64, 64], [31, 1, 65]] {
        let mut case = Case::<f32>::new(&mut rng, sizes);
        (case.add, case.epilogue) = (false, 0);
        let mut want = vec![0.0; case.c.len()];
        let ([m, k, n], [ra, ca], [rb, cb]) = (sizes, case.a_strides, case.b_strides);
        // SAFETY: `case` made the slices for these sizes and strides.
        unsafe {
            matrixmultiply::sgemm(
                m,
                k,
                n,
                1.0,
                case.a[case.offset..].as_ptr(),
                ra as isize,
                ca as isize,
                case.b[case.offset..].as_ptr(),
                rb as isize,
                cb as isize,
                0.0,
                want[case.offset..].as_mut_ptr(),
                case.c_row as isize,
                1,
            );
        }
        let got = case.run(Level::Avx512, false);
        for i in (0..m).flat_map(|i| (0..n).map(move |j| i * case.c_row + j)) {
            let (got, want) = (got[case.offset + i], want[case.offset + i]);
            assert!((got - want).abs() < 1e-4, "{sizes:?}: {got} {want}");
        }
    }
}

#[test]
fn infinity_and_nan_pass_through_products_and_relu() {
    for level in Level::ALL {
        with_level(level, || {
            for n in [1, 5, 40] {
                let b = vec![1.0_f32; 2 * n];
                let mut c = vec![0.0; 2 * n];
                let a = [f32::INFINITY, 1.0, f32::NAN, 1.0];
                let b = Factor::Plain(&b, [n, 1]);
                multiply([2, 2, n], (&a, [2, 1]), b, (&mut c, n), false, Epilogue::BiasRelu(&vec![0.0; n]));
                assert!(c[..n].iter().all(|x| *x == f32::INFINITY) && c[n..].iter().all(|x| x.is_nan()));
            }
        });
    }
}

#[test]
fn a_steady_product_keeps_its_buffers() {
    let (a, b) = (vec![1.0_f32; 100 * 300], vec![1.0_f32; 300 * 200]);
    let mut c = vec![0.0; 100 * 200];
    let free = || {
        <f32 as HasScratch>::free()
            .with_borrow(|free| free.iter().map(|x| x.as_ptr() as usize).collect::<Vec<_>>())
    };
    let mut product = || {
        threads::inline(|| {
            let b = PackedB::new([300, 200], (&b, [1, 300]));
            multiply(
                [100, 300, 200],
                (&a, [1, 100]),
                Factor::Packed(&b),
                (&mut c, 200),
                false,
                Epilogue::Nothing,
            );
        });
        let mut free = free();
        free.sort_unstable();
        free
    };
    let first = product();
    assert!(!first.is_empty());
    assert_eq!(product(), first);
}

#[test]
#[should_panic(expected = "left matrix is too short")]
fn a_slice_that_is_too_short_is_not_read() {
    multiply(
        [2, 2, 1],
        (&[1.0_f32; 3], [2, 1]),
        Factor::Plain(&[1.0; 2], [1, 1]),
        (&mut [0.0; 2], 1),
        false,
        Epilogue::Nothing,
    );
}

#[test]
#[should_panic(expected = "right matrix is too short")]
fn strides_that_overflow_are_refused() {
    let b = Factor::Plain(&[1.0_f32; 4], [usize::MAX, 2]);
    multiply([2, 2, 2], (&[1.0; 4], [2, 1]), b, (&mut [0.0; 4], 2), false, Epilogue::Nothing);
}

/// Small integers, whose sums are exact in any order, and equal terms, whose sum in sequence is not.
fn deep<E: HasScratch + num_traits::Float>() {
    let number = |x: f64| E::from(x).expect("a float");
    for [m, k, n] in [[1, 4097, 1], [1, 7000, 5], [3, 2049, 1], [5, 9001, 7], [2, 6144, 33]] {
        let a: Vec<E> = (0..m * k).map(|i| number((i * 7 % 11) as f64 - 5.0)).collect();
        let b: Vec<E> = (0..k * n).map(|i| number((i * 5 % 13) as f64 - 6.0)).collect();
        let bias: Vec<E> = (0..n).map(|i| number(i as f64 * 3.0 - 8.0)).collect();
        for (a_strides, b_strides) in [([k, 1], [n, 1]), ([1, m], [1, k])] {
            let dot = |i: usize, j: usize| {
                let terms = (0..k)
                    .map(|p| a[i * a_strides[0] + p * a_strides[1]] * b[p * b_strides[0] + j * b_strides[1]]);
                terms.fold(E::zero(), |sum, x| sum + x)
            };
            let row = n + 2;
            let mut c = vec![number(2.0); m * row];
            let right = Factor::Plain(&b, b_strides);
            multiply([m, k, n], (&a, a_strides), right, (&mut c, row), true, Epilogue::BiasRelu(&bias));
            for i in 0..m {
                for j in 0..n {
                    let expected = (dot(i, j) + number(2.0) + bias[j]).max(E::zero());
                    assert!(c[i * row + j] == expected, "{m} {k} {n} at {i} {j}");
                }
                assert!(i + 1 == m || c[i * row + n..][..2].iter().all(|x| *x == number(2.0)));
            }
            let (left, twice) = ([&a[..], &a[..]].concat(), [&b[..], &b[..]].concat());
            let mut c = vec![E::nan(); m * n];
            multiply_batch(2, [m, k, n], (&left, a_strides, 2), (&twice, b_strides, 2), (&mut c, 1));
            for (at, c) in c.iter().enumerate() {
                let x = dot(at / n, at % n);
                assert!(*c == x + x, "{m} {k} {n} at {at}, twice");
            }
        }
    }
    let k = 1 << 17;
    let (x, ones) = (vec![number(0.1); 3 * k], vec![E::one(); 3 * k]);
    for [m, n] in [[1, 1], [1, 3], [3, 1], [3, 3]] {
        for (a_strides, b_strides) in [([k, 1], [n, 1]), ([1, m], [1, k])] {
            let mut c = vec![E::zero(); m * n];
            let right = Factor::Plain(&ones[..k * n], b_strides);
            multiply([m, k, n], (&x[..m * k], a_strides), right, (&mut c, n), false, Epilogue::Nothing);
            let expected = number(0.1) * number(k as f64);
            for c in c {
                assert!((c / expected - E::one()).abs() < E::epsilon() * number(300.0), "{m} {n}");
            }
        }
    }
}

#[test]
fn products_of_many_terms_are_accurate() {
    for l in Level::ALL {
        with_level(l, || {
            deep::<f32>();
            deep::<f64>();
        });
    }
}
