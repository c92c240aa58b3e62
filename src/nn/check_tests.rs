//! Which operations the check sees: those that have a requirement on sizes which types cannot express.

use super::check::{wrong, wrong_in};
use crate::graph::{CheckMode, Outline, Scope};
use crate::module::Call;
use crate::nn::{Checkpointed, NearestMode};
use crate::prelude::*;
use crate::shape::TypeLaw;

/// A module for each operation, and the text of what is wrong with it.
macro_rules! wrong_in {
    ($($Net:ident, $S:ty, |$x:ident| $y:expr, $text:literal;)*) => { $(
        #[derive(Module)]
        struct $Net {
            w: Param<Rank1<1>>,
        }

        impl Forward<$S> for $Net {
            type Output = Rank1<1>;
            fn forward<M: Mode>(&self, $x: Input<$S, M>) -> impl Traced<Self::Output, M> {
                ($y).sum() * &self.w
            }
        }

        let message = wrong::<$Net, $S, f32, f32>().expect(stringify!($Net));
        assert!(message.as_str().contains($text), "{}", message.as_str());
    )* };
}

#[test]
#[allow(dead_code, reason = "the modules are types for the check")]
fn an_operation_whose_sizes_do_not_fit_is_found() {
    wrong_in! {
        Reshaped, Rank2<4, 4>, |x| x.reshape::<Rank1<15>>(), "keep the element count";
        Shuffled, Rank4<2, 3, 4, 4>, |x| x.pixel_shuffle::<2>(), "pixel_shuffle needs";
        Unshuffled, Rank4<2, 3, 5, 4>, |x| x.pixel_unshuffle::<2>(), "pixel_unshuffle needs";
        Rotated, Rank3<2, 4, 5>, |x| x.rotary_embedding(0, 1e4), "rotary_embedding turns pairs";
        Resized, Rank4<2, 3, 0, 4>, |x| x.interpolate::<2, 2, NearestMode>(), "nothing to start from";
        Pooled, Rank4<2, 3, 0, 4>, |x| x.adaptive_avg_pool2d::<2, 2>(), "nothing to start from";
        Unfolded, Rank4<2, 3, 2, 2>, |x| x.unfold::<3, 1, 0, 1>(), "the kernel of unfold must fit";
        UnfoldedByAxis, Rank4<2, 3, 4, 2>, |x| x.unfold_rect::<Window<1>, Window<3>>(), "the kernel of unfold_rect must fit";
        FoldedByAxis, Rank3<1, 8, 6>, |x| x.fold_rect::<4, 4, Window<1>, Window<3>>(), "columns of whole windows";
        Folded, Rank3<1, 8, 6>, |x| x.fold::<4, 4, 2, 2, 0, 1>(), "a column for each position";
        Best, Rank2<4, 4>, |x| x.topk::<-1, 5>().0, "topk takes at most";
        Nth, Rank2<4, 4>, |x| x.kthvalue::<-1, 5>().0, "kthvalue counts";
        NthKept, Rank2<4, 4>, |x| x.kthvalue_keepdim::<-1, 0>().0, "kthvalue counts";
        Weighted, Rank2<4, 4>, |x| x.prelu(Tensor::from([0.5, 1.0])), "prelu has one weight";
        Gated, Rank2<4, 5>, |x| x.glu::<-1>(), "glu halves an axis";
        Grouped, Rank2<4, 6>, |x| x.group_norm::<4, _, _>((), (), 1e-5), "group_norm divides";
        Padded, Rank2<4, 4>, |x| x.pad::<-3, -2>(0.0), "pad takes away no more";
        Padded2, Rank4<2, 2, 4, 4>, |x| x.pad2d::<0, 0, -3, -2>(0.0), "pad takes away no more";
        Mirrored, Rank2<4, 4>, |x| x.reflect_pad::<4, 0>(), "reflect_pad must add less";
        Ring, Rank4<2, 2, 4, 4>, |x| x.circular_pad2d::<0, 0, 5, 0>(), "circular_pad adds at most";
        Copied, Rank5<2, 2, 4, 4, 4>, |x| x.replicate_pad3d::<0, 0, 0, 0, -5, 0>(), "axis -3";
        Volume, Rank5<1, 1, 2, 2, 2>, |x| x.conv3d::<Conv, _>(Tensor::<Rank5<1, 1, 3, 3, 3>>::ones()), "conv3d";
        VolumeByAxis, Rank5<1, 1, 1, 2, 2>, |x| x.conv3d_rect::<Window<1>, Window<2>, Window<3>, 1, _>(Tensor::<Rank5<1, 1, 1, 2, 3>>::ones()), "conv3d_rect";
        Divided, Rank2<4, 4>, |x| x.clone().slice::<1, 0, 2>() / x.slice::<1, 0, 3>(), "do not broadcast";
        Larger, Rank2<4, 4>, |x| x.clone().slice::<1, 0, 2>().maximum(x.slice::<1, 0, 3>()), "do not broadcast";
        Chosen, Rank2<4, 4>, |x| x.clone().slice::<1, 0, 2>().where_(x.slice::<1, 0, 3>().gt(0.0), 1.0), "do not broadcast";
        Between, Rank2<4, 4>, |x| x.clone().slice::<1, 0, 2>().lerp(x.slice::<1, 0, 3>(), 0.5), "do not broadcast";
        Repeated, Rank2<4, 4>, |x| x.clone().lerp(x.mean_axis::<-1>(), 0.5), "repeats along axis 0";
        WeighedAgain, Rank2<4, 4>, |x| x.clone().lerp(2.0, x.mean_axis::<-1>()), "repeats along axis 0";
        Weighed, Rank2<4, 4>, |x| x.clone().slice::<1, 0, 2>().lerp(2.0, x.slice::<1, 0, 3>()), "do not broadcast";
        Largest, Rank2<0, 4>, |x| x.max_axis::<0>(), "a result needs at least one element";
        LargestShared, Rank2<4, 0>, |x| x.amax_keepdim::<1>(), "a result needs at least one element";
        LargestOfAll, Rank2<4, 0>, |x| x.max(), "a result needs at least one element";
        Middle, Rank2<4, 0>, |x| x.median_axis::<-1>(), "a result needs at least one element";
        Quarter, Rank2<0, 4>, |x| x.quantile_axis::<0>(0.25), "a result needs at least one element";
        Selected, Rank2<4, 4>, |x| x.select_at::<1, 7>(), "select_at is out of range";
        Stretched, Rank2<4, 4>, |x| x.broadcast_to::<Rank2<4, 5>>(), "4";
        Renamed, Rank2<4, 4>, |x| x.with_shape::<Rank2<4, 5>>(), "with_shape must keep the sizes";
        Sliced, Rank2<4, 4>, |x| x.slice::<1, 2, 5>().with_shape::<Rank2<4, 3>>(), "slice";
        Narrowed, Rank2<4, 4>, |x| x.narrow::<1, 2, 3>(), "narrow is out of range";
    }
}

/// The requirement on the parameters of a type that is not met.
fn broken<L: Module>() -> &'static str {
    L::TYPE_LAW.broken().unwrap_or_default()
}

#[test]
fn a_layer_states_what_its_parameters_violate() {
    assert!(
        broken::<MultiheadCrossAttention<8, 3, 4>>().contains("embed_dim 8 must be divisible by num_heads 3")
    );
    assert!(broken::<MultiheadCrossAttention<8, 2, 8>>().contains("that is the layer `MultiheadAttention`"));
    assert!(broken::<GroupNorm<3, 4>>().contains("num_channels (4) must be divisible by num_groups (3)"));
    assert!(broken::<Conv1d<3, 4, 1, 1, 0, 1, 2>>().contains("the groups of the layer `Conv1d`"));
    assert!(broken::<Conv2d<3, 4, 1, 1, 0, 1, 2>>().contains("the groups of the layer `Conv2d`"));
    assert!(broken::<Conv3d<3, 4, 1, 1, 0, 1, 2>>().contains("the groups of the layer `Conv3d`"));
    assert!(
        broken::<RectConv2d<3, 4, Window<1>, Window<3>, 2>>()
            .contains("the groups of the layer `RectConv2d`")
    );
    assert!(broken::<NoBias<Conv2d<3, 4, 1, 1, 0, 1, 2>>>().contains("the groups of the layer `Conv2d`"));
    assert!(broken::<Rnn<3, 5, 0>>().contains("at least one layer"));
    assert!(broken::<Lstm<3, 5, 0>>().contains("at least one layer"));
    assert!(broken::<Gru<3, 0>>().contains("at least one layer"));
    assert!(broken::<GruCell<3, 0>>().contains("at least one layer"));
    assert!(broken::<ProjectedLstm<8, 16, 16>>().contains("proj_size must be positive and smaller"));
    for right in [broken::<GroupNorm<2, 4>>(), broken::<Conv2d<4, 8, 1, 1, 0, 1, 4>>(), broken::<Gru<3, 1>>()]
    {
        assert_eq!(right, "");
    }
}

#[test]
fn a_module_states_what_its_parts_violate() {
    #[derive(Module)]
    struct Generic<const HEADS: usize> {
        norm: LayerNorm<8>,
        attn: MultiheadAttention<8, HEADS>,
    }

    type Heads = MultiheadAttention<8, 3>;
    let texts = [
        broken::<Heads>(),
        broken::<Frozen<Heads>>(),
        broken::<Checkpointed<Heads>>(),
        broken::<Residual<Heads>>(),
        broken::<[Heads; 2]>(),
        broken::<(Relu, [Heads; 2])>(),
        broken::<TransformerEncoderLayer<8, 3, 16>>(),
        broken::<TransformerDecoderLayer<8, 3, 16>>(),
        broken::<Generic<3>>(),
    ];
    for text in texts {
        assert_eq!(text, "MultiheadAttention: embed_dim 8 must be divisible by num_heads 3");
    }
    assert_eq!(broken::<(Generic<2>, Heads)>(), texts[0]);
    assert_eq!(broken::<Generic<2>>(), "");
}

/// A mistake that is an error at a field is not one of the struct, of what contains it, or of the check.
#[test]
fn a_mistake_at_a_field_is_reported_once() {
    const HEADS: TypeLaw = MultiheadAttention::<8, 3>::TYPE_LAW;
    let outer = TypeLaw::MET.with_parts(&[TypeLaw::MET, HEADS.at_field()]);
    for law in [HEADS.at_field(), outer, outer.at_field(), TypeLaw::MET.with_parts(&[outer])] {
        assert_eq!((law.broken(), law.is_reported()), (None, true));
    }
    for law in [TypeLaw::MET, TypeLaw::MET.at_field(), HEADS] {
        assert!(!law.is_reported());
    }
    let run = Call::<MultiheadAttention<8, 3>, Rank3<2, 5, 8>, f32, f32, CheckMode>::RUN
        .expect("a run of a module");
    assert!(
        wrong_in(run, HEADS, &Outline::Nothing).is_some_and(|text| text.as_str().contains("embed_dim 8"))
    );
    assert!(wrong_in(run, outer, &Outline::Nothing).is_none());
}

/// A macro may write a parameter of the struct, which a constant outside of it cannot name.
#[test]
fn a_field_may_have_a_type_that_a_macro_writes() {
    macro_rules! inner {
        () => {
            L
        };
    }
    #[derive(Module)]
    struct Twice<L: Module> {
        first: L,
        second: inner!(),
    }
    assert_eq!(Twice::<Linear<2, 3>>::NUM_PARAMETERS, Some(18));
    assert!(broken::<Twice<MultiheadAttention<8, 3>>>().contains("embed_dim 8"));
}
