//! Lesson 1 of 17: tensors, whose shapes are types.
//!
//! Topics: creating tensors, their shapes, axes in angle brackets, concatenation, products, broadcasting,
//! indices, and what does not compile. Every statement is asserted.
//!
//! `cargo run --release --example tensors`
//!
//! Expected: some tensors, printed as in PyTorch; the last line is `all assertions passed`.

use typegrad::prelude::*;

fn main() {
    create();
    axes();
    concatenate();
    multiply();
    broadcast();
    select();
    println!("all assertions passed");
}

/// PyTorch takes the shape as an argument, `torch.zeros(2, 3)`. Here it is part of the type.
fn create() {
    let x = Tensor::<Rank2<2, 3>>::zeros();
    assert_eq!(x, Tensor::from([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]));
    assert_eq!(Tensor::<Rank1<4>, i64>::arange(), Tensor::from([0, 1, 2, 3]));
    assert_eq!(Tensor::<Rank1<3>>::linspace(0.0, 1.0), Tensor::from([0.0, 0.5, 1.0]));

    // Random numbers come from an explicit generator: the same numbers on every machine.
    let mut rng = Rng::seed(7);
    let noise = Tensor::<Rank2<2, 3>>::randn(&mut rng);
    println!("{noise}");
    assert_eq!(noise, Tensor::randn(&mut Rng::seed(7)));

    // Elements are f32 by default, or f64, i64 and bool. An array of Rust's numbers is of f64.
    let halves = Tensor::from([0.5, 1.5]);
    println!("{halves}");

    // The length of a vector is compared with the shape at run time.
    let error = Tensor::<Rank2<2, 3>>::try_from(vec![1.0; 5]).unwrap_err();
    assert_eq!(error.to_string(), "a tensor of shape [2, 3] has 6 elements, but 5 were given");
}

/// Axes count from 0 at the front or from -1 at the back. The type of the result is inferred, and may be written.
fn axes() {
    let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let rows: Tensor<Rank1<2>, f64> = x.clone().sum_axis::<-1>();
    assert_eq!(rows, Tensor::from([6.0, 15.0]));
    assert_eq!(x.clone().mean_keepdim::<0>(), Tensor::from([[2.5, 3.5, 4.5]]));
    assert_eq!(x.clone().t(), Tensor::from([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]));
    assert_eq!(x.clone().reshape::<Rank1<6>>().max().item(), 6.0);
    let y: Tensor<Rank3<3, 2, 1>, f64> = x.clone().unsqueeze::<0>().permute::<Axes3<2, 1, 0>>();
    assert_eq!(y.to_vec(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);

    // x.sum_axis::<2>();
    //   error: axis 2 is out of range for a tensor of shape `(Len<2>, Len<3>)`
    // x.reshape::<Rank2<4, 2>>();
    //   error: reshape must keep the element count: the tensor has 6 elements, of shape [2, 3], the new shape [4, 2] has 8
}

fn concatenate() {
    let (a, b) = (Tensor::from([[1.0, 2.0]]), Tensor::from([[3.0, 4.0], [5.0, 6.0]]));
    // The length after concatenation is computed, 1 + 2. `with_shape` converts it to a literal.
    let c = (a.clone(), b.clone()).cat::<0>().with_shape::<Rank2<3, 2>>();
    assert_eq!(c, Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]));
    let stacked: Tensor<Rank3<2, 1, 2>, f64> = [a.clone(), a].stack::<0>();
    assert_eq!(stacked.to_vec(), [1.0, 2.0, 1.0, 2.0]);

    // (a, b).cat::<1>();
    //   error: cat along axis 1: a tensor of shape `(Len<1>, Len<2>)` and one of shape `(Len<2>, Len<2>)`
    //          differ at another axis
}

fn multiply() {
    let (a, b) = (Tensor::<Rank2<2, 3>>::ones(), Tensor::<Rank2<3, 4>>::ones());
    assert_eq!(a.clone().matmul(b), Tensor::<Rank2<2, 4>>::full(3.0));
    let (many, others) = (Tensor::<Rank3<5, 2, 3>>::ones(), Tensor::<Rank3<5, 3, 1>>::ones());
    assert_eq!(many.bmm(others), Tensor::<Rank3<5, 2, 1>>::full(3.0));
    assert_eq!(typegrad::einsum!("ij,ij->i", &a, &a), Tensor::from([3.0, 3.0]));

    // a.matmul(Tensor::<Rank2<4, 5>>::ones());
    //   error: cannot multiply a tensor of shape `(Len<2>, Len<3>)` by one of shape `(Len<4>, Len<5>)`
}

/// Missing leading axes broadcast implicitly, axes of size 1 only with `expand()`.
fn broadcast() {
    let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]]);
    assert_eq!(
        x.clone() + Tensor::from([10.0, 20.0, 30.0]),
        Tensor::from([[11.0, 22.0, 33.0], [14.0, 25.0, 39.0]])
    );
    let centered = x.clone() - x.clone().mean_keepdim::<-1>().expand();
    assert_eq!(centered, Tensor::from([[-1.0, 0.0, 1.0], [-2.0, -1.0, 3.0]]));
    assert_eq!(2.0 * x.clone() - 1.0, Tensor::from([[1.0, 3.0, 5.0], [7.0, 9.0, 17.0]]));

    // x + Tensor::from([10.0, 20.0]);
    //   error: a tensor of shape `(Len<2>, Len<3>)` and one of shape `(Len<2>,)` do not broadcast
}

fn select() {
    let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    assert_eq!(x.clone().select_at::<0, -1>(), Tensor::from([4.0, 5.0, 6.0]));
    assert_eq!(x.clone().narrow::<1, 1, 2>(), Tensor::from([[2.0, 3.0], [5.0, 6.0]]));
    assert_eq!(x.argmax_axis::<-1>(), Tensor::from([2, 2]));
    let mask = x.gt(2.5);
    assert_eq!(mask.count_nonzero().item(), 4);
    assert_eq!(x.masked_fill(mask, 0.0), Tensor::from([[1.0, 2.0, 0.0], [0.0, 0.0, 0.0]]));
}
