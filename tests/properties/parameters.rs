//! An operand may be a parameter by reference, in every operation of each family: its gradient is that of the tracked parameter.
//! Targets of losses are in `loss.rs`.

use typegrad::prelude::*;

type R = Rank2<3, 4>;

/// Numbers from 0.2 to 0.8.
pub fn t<S: Shape>() -> Tensor<S, f64> {
    Tensor::uniform(0.2, 0.8, &mut Rng::seed(1))
}

macro_rules! same {
    ($p:ident: $s:ty, $e:expr) => {{
        let param = Param::new(Tensor::<$s, f64>::uniform(0.2, 0.8, &mut Rng::seed(2)));
        let weight = |i: usize| (i % 5) as f64 * 0.25 - 0.4;
        let by_reference = {
            let $p = &param;
            let y = $e;
            let w = $crate::parameters::like(&y.value(), weight);
            ((y * w).sum().backward(), param.grad().expect(stringify!($e)))
        };
        param.zero_grad();
        let $p = param.track();
        let y = $e;
        let w = $crate::parameters::like(&y.value(), weight);
        let tracked = ((y * w).sum().backward(), param.grad().expect(stringify!($e)));
        assert_eq!(by_reference, tracked, "{}", stringify!($e));
        assert!(tracked.1.as_slice().iter().all(|g| g.is_finite()), "{}", stringify!($e));
    }};
}
pub(crate) use same;

/// A tensor of this shape.
pub fn like<S: Shape>(_: &Tensor<S, f64>, f: impl FnMut(usize) -> f64) -> Tensor<S, f64> {
    Tensor::from_fn(f)
}

#[test]
fn operands_of_operations() {
    let x = t::<R>();
    same!(p: R, x.clone().kl_div(p));
    same!(p: R, x.clone().where_(&x.lt(0.5), p));
    same!(p: R, x.clone().maximum(p));
    same!(p: R, x.clone().minimum(p));
    same!(p: R, x.clone().pow(p));
    same!(p: R, x.clone().atan2(p));
    same!(p: R, x.clone().logaddexp(p));
    same!(p: R, x.clone().logaddexp2(p));
    same!(p: R, x.clone().xlogy(p));
    same!(p: R, x.clone().fmod(p));
    same!(p: R, x.clone().remainder(p));
    same!(p: R, x.clone().lerp(p, 0.5));
    same!(p: R, x.clone().lerp(x.clone(), p));
    same!(p: R, x.clone().cdist(p));
    same!(p: R, x.clone().cosine_similarity::<-1, _>(p));
    same!(p: Rank1<4>, t::<Rank1<4>>().dot(p));
    same!(p: Rank1<4>, x.clone().mv(p));
    same!(p: Rank1<4>, t::<Rank1<4>>().outer(p));
    same!(p: R, x.clone().kron(p));
    same!(p: Rank2<3, 4>, t::<Rank2<3, 4>>().cross::<0, _>(p));
    same!(p: Rank3<2, 4, 3>, t::<Rank3<2, 3, 4>>().bmm(p));
    same!(p: Rank2<4, 3>, x.clone().matmul(p));
    same!(p: Rank2<4, 3>, x.clone().mm(p));
    same!(p: Rank2<5, 4>, x.clone().linear(p));
    same!(p: Rank4<2, 3, 2, 2>, t::<Rank4<1, 3, 4, 4>>().conv2d::<Conv, _>(p));
    same!(p: Rank3<3, 2, 2>, t::<Rank3<1, 3, 4>>().conv_transpose1d::<ConvTranspose, _>(p));
    same!(p: Rank1<2>, t::<Rank4<1, 3, 4, 4>>().conv_transpose2d::<ConvTranspose, _>(&t::<Rank4<3, 2, 2, 2>>()).add_channels(p));
    same!(p: Rank1<2>, t::<Rank3<1, 3, 4>>().conv_transpose1d::<ConvTranspose, _>(&t::<Rank3<3, 2, 2>>()).add_channels(p));
    same!(p: Rank1<2>, t::<Rank4<1, 3, 4, 4>>().conv2d::<Conv<2, 1>, _>(&t::<Rank4<2, 3, 3, 3>>()).add_channels(p));
    same!(p: Rank1<2>, t::<Rank5<1, 3, 4, 4, 4>>().conv3d::<Conv, _>(&t::<Rank5<2, 3, 2, 2, 2>>()).add_channels(p));
    same!(p: Rank1<3>, t::<Rank4<1, 3, 4, 4>>().max_pool2d::<2, 2, 0, 1>().add_channels(p));
    same!(p: Rank4<1, 2, 2, 2>, t::<Rank4<1, 3, 4, 4>>().grid_sample(p));
    same!(p: Rank2<3, 4>, x.clone().scatter::<1, _>(&Tensor::<R, i64>::zeros(), p));
    same!(p: Rank2<3, 4>, x.clone().scatter_add::<1, _>(&Tensor::<R, i64>::zeros(), p));
    same!(p: Rank1<1>, (x.clone() - 0.5).prelu(p));
    same!(p: Rank1<4>, x.clone().layer_norm(p, (), 1e-5));
    same!(p: Rank1<4>, x.clone().layer_norm((), p, 1e-5));
    same!(p: Rank1<4>, x.clone().rms_norm(p, None));
    same!(p: Rank1<4>, x.clone().group_norm::<2, _, _>(p, (), 1e-5));
    same!(p: Rank3<2, 3, 4>, t::<Rank3<2, 3, 4>>().scaled_dot_product_attention(p, &t::<Rank3<2, 3, 4>>(), Mask::none()));
    same!(p: Rank3<2, 3, 4>, t::<Rank3<2, 3, 4>>().scaled_dot_product_attention(&t::<Rank3<2, 3, 4>>(), p, Mask::none()));
    same!(p: Rank2<4, 3>, einsum!("ij,jk->ik", x.clone(), p));
    same!(p: R, (x.clone(), p).cat::<0>());
    same!(p: R, (x.clone(), p).stack::<0>());
    same!(p: R, x.clone() + p);
    same!(p: R, x.clone() - p);
    same!(p: R, x.clone() / p);
    same!(p: R, p * x.clone());
    same!(p: R, p / 2.0);
}
