//! Products of vectors, matrices and batches of them.

use crate::support::as_in_f64::{N, as_in_f64, gradients, of};
use crate::support::range::{at_scales, near};
use crate::{cases, close, first};
use proptest::collection::vec;
use proptest::prelude::*;
use typegrad::prelude::*;
use typegrad::{einsum, gradcheck};

/// The definition: Σₖ a\[m, k] b\[k, n], for each matrix of a batch; a side of one matrix is shared.
fn naive(a: &[f64], b: &[f64], batch: usize, [m, k, n]: [usize; 3]) -> Vec<f64> {
    let mut out = Vec::new();
    for z in 0..batch {
        for i in 0..m {
            for j in 0..n {
                let term = |p| a[(z * m * k + i * k + p) % a.len()] * b[(z * k * n + p * n + j) % b.len()];
                out.push((0..k).map(term).sum());
            }
        }
    }
    out
}

/// A line for each call, its shapes, and its sizes as products of matrices.
macro_rules! agrees {
    ($($name:ident: $A:ty, $B:ty => $T:ty; $batch:literal times $sizes:expr; |$a:ident, $b:ident| $($ours:expr),+;)+) => { $(
        #[test]
        fn $name() {
            let numbers = (vec(-2.0..2.0, <$A>::NUMEL), vec(-2.0..2.0, <$B>::NUMEL), vec(-2.0..2.0, <$T>::NUMEL));
            proptest!(cases(12), |((a, b, w) in numbers)| {
                let want = naive(&a, &b, $batch, $sizes);
                let (x, y, w) = (first::<$A>(&a), first::<$B>(&b), first::<$T>(&w));
                $(
                    let ($a, $b) = (x.clone(), y.clone());
                    close::<$T>(&$ours, &want)?;
                    let check = gradcheck((x.clone(), y.clone()), |($a, $b)| ($ours.powi(2) * w.clone()).sum());
                    prop_assert_eq!(check, Ok(()), "{}", stringify!($ours));
                )+
            });
        }
    )+ };
}

agrees! {
    matrices: Rank2<2, 3>, Rank2<3, 4> => Rank2<2, 4>; 1 times [2, 3, 4];
        |a, b| a.matmul(b), a.mm(b), einsum!("ij,jk->ik", a, b), a.linear(b.transpose::<0, 1>());
    a_row_and_a_column: Rank2<1, 5>, Rank2<5, 1> => Rank2<1, 1>; 1 times [1, 5, 1]; |a, b| a.matmul(b), a.mm(b);
    vectors: Rank1<4>, Rank1<4> => Rank0; 1 times [1, 4, 1]; |a, b| a.matmul(b), a.dot(b), einsum!("i,i->", a, b);
    every_pair: Rank1<2>, Rank1<3> => Rank2<2, 3>; 1 times [2, 1, 3]; |a, b| a.outer(b), einsum!("i,j->ij", a, b);
    matrix_and_vector: Rank2<2, 3>, Rank1<3> => Rank1<2>; 1 times [2, 3, 1];
        |a, b| a.matmul(b), a.mv(b), einsum!("ij,j->i", a, b);
    vector_and_matrix: Rank1<3>, Rank2<3, 2> => Rank1<2>; 1 times [1, 3, 2]; |a, b| a.matmul(b);
    batches: Rank3<3, 2, 2>, Rank3<3, 2, 1> => Rank3<3, 2, 1>; 3 times [2, 2, 1];
        |a, b| a.matmul(b), a.bmm(b), einsum!("bij,bjk->bik", a, b);
    batches_of_batches: Rank4<2, 2, 1, 3>, Rank4<2, 2, 3, 2> => Rank4<2, 2, 1, 2>; 4 times [1, 3, 2]; |a, b| a.matmul(b);
    a_shared_right_side: Rank3<2, 2, 3>, Rank2<3, 2> => Rank3<2, 2, 2>; 2 times [2, 3, 2]; |a, b| a.matmul(b);
    a_shared_left_side: Rank2<2, 3>, Rank3<2, 3, 2> => Rank3<2, 2, 2>; 2 times [2, 3, 2]; |a, b| a.matmul(b);
    a_shared_vector: Rank3<2, 2, 3>, Rank1<3> => Rank2<2, 2>; 2 times [2, 3, 1]; |a, b| a.matmul(b);
}

#[test]
fn gradients_of_kronecker_products() {
    const SIDE: usize = if cfg!(debug_assertions) { 1 << 8 } else { 1 << 9 };
    as_in_f64!("kron", |f| {
        let (a, b) = (Param::new(of!(Rank2<1, 3>, f)), of!(Rank2<SIDE, SIDE>, f));
        gradients!(a.track().kron(b); a)
    });
    as_in_f64!("kron of a long row", |f| {
        let (a, b) = (Param::new(of!(Rank2<1, 3>, f)), of!(Rank2<1, N>, f));
        gradients!(a.track().kron(b); a)
    });
    as_in_f64!("kron on the right", |f| {
        let (a, b) = (of!(Rank2<SIDE, SIDE>, f), Param::new(of!(Rank2<1, 3>, f)));
        gradients!(a.kron(&b); b)
    });
}

#[test]
fn gradients_of_distances() {
    for p in [1.0, 2.0, 3.0, f64::INFINITY] {
        as_in_f64!("cdist backward", |f| {
            let x = Param::new(Tensor::<Rank2<1, 2>, E>::from([[-3.0, -5.0]]));
            gradients!(x.track().cdist_with(of!(Rank2<N, 2>, f), p) * of!(Rank2<1, N>, f); x)
        });
    }
}

#[test]
fn distances_of_long_rows() {
    // The rows differ by much, so that differences do not cancel.
    for p in [2.0, 1.0, 3.0, 0.5, 0.0] {
        as_in_f64!("cdist", |f| of!(Rank2<2, N>, f).cdist_with(of!(Rank2<3, N>, f) * 3.0 + 0.5, p).to_vec());
    }
}

/// The squares of differences leave the range; distances do not.
macro_rules! distances {
    ($e:ty, $k:expr) => {{
        let k: $e = $k;
        let scale = f64::from(k);
        let a = || Param::new(Tensor::<Rank2<2, 3>, $e>::from([[3.0 * k, k, 0.0], [k, k, 0.0]]));
        let b = || Param::new(Tensor::<Rank2<1, 3>, $e>::from([[0.0, k, 4.0 * k]]));
        for (p, far, near_one) in [
            (2.0, 5.0, 17.0_f64.sqrt()),
            (1.0, 7.0, 5.0),
            (3.0, 91.0_f64.cbrt(), 65.0_f64.cbrt()),
            (f64::INFINITY, 4.0, 4.0),
            (0.5, (3.0_f64.sqrt() + 2.0).powi(2), 9.0),
        ] {
            let (x, y) = (a(), b());
            let distances = x.track().cdist_with(&y, p);
            near(distances.value().to_vec(), &[far, near_one], scale);
            distances.select_at::<0, 0>().sum().backward();
            let dx = |d: f64| {
                if p == f64::INFINITY { if d == far { 1.0 } else { 0.0 } } else { (d / far).powf(p - 1.0) }
            };
            let gradients = [dx(3.0), 0.0, -dx(4.0)];
            near(x.grad().unwrap().to_vec(), &[gradients[0], 0.0, gradients[2], 0.0, 0.0, 0.0], 1.0);
            near(y.grad().unwrap().to_vec(), &[-gradients[0], 0.0, -gradients[2]], 1.0);
        }
    }};
}

at_scales!(distances: distances_in_f32_stay_in_the_range, distances_in_f64_stay_in_the_range);
