//! Shared by convolutional layers: options, their checks, and printing.

use crate::element::Float;
use crate::kernel::conv::conv::{Convolution, Finish};
use crate::kernel::conv::depth::Convolution3d;
use crate::module::{Follower, Following};
use crate::shape::{
    Law, Message, Shape, WindowCheck, WindowSizes, channels_message, convolution, convolution3d,
    groups_divide, groups_message, transposed,
};
use crate::storage::Storage;
use std::fmt;
use std::marker::PhantomData;

/// One number of each axis, as Python prints a tuple.
pub(super) fn tuple(windows: &[WindowSizes], number: fn(&WindowSizes) -> usize) -> String {
    match windows {
        [one] => format!("({},)", number(one)),
        more => format!("({})", more.iter().map(|w| number(w).to_string()).collect::<Vec<_>>().join(", ")),
    }
}

/// The channels of a convolutional layer, with or without a bias.
pub(super) trait Grouped {
    /// The name of the layer in messages.
    const NAME: &'static str;
    /// In and out.
    const CHANNELS: [usize; 2];
    const GROUPS: usize;
}

/// The options of a convolutional layer.
pub(super) trait ConvLayer: Grouped {
    /// PyTorch's name of the layer.
    const PRINTED: &'static str;
    /// The window along each axis.
    const WINDOWS: &'static [WindowSizes];
    const TRANSPOSED: bool;
    const HAS_BIAS: bool;

    /// The number of weights that an element of the output, or of the input if it is transposed, is computed from.
    fn fan_in() -> usize {
        let [i, o] = Self::CHANNELS;
        let taps: usize = Self::WINDOWS.iter().map(|window| window.kernel).product();
        (if Self::TRANSPOSED { o } else { i }) / Self::GROUPS * taps
    }

    /// The layer as PyTorch prints it.
    fn print(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tuple = |number: fn(&WindowSizes) -> usize| tuple(Self::WINDOWS, number);
        let any = |number: fn(&WindowSizes) -> usize, default| {
            Self::WINDOWS.iter().any(|window| number(window) != default)
        };
        let (name, [i, o]) = (Self::PRINTED, Self::CHANNELS);
        write!(f, "{name}({i}, {o}, kernel_size={}, stride={}", tuple(|w| w.kernel), tuple(|w| w.stride))?;
        if any(|w| w.padding, 0) {
            write!(f, ", padding={}", tuple(|w| w.padding))?;
        }
        if any(|w| w.dilation, 1) {
            write!(f, ", dilation={}", tuple(|w| w.dilation))?;
        }
        if any(|w| w.output_padding, 0) {
            write!(f, ", output_padding={}", tuple(|w| w.output_padding))?;
        }
        if Self::GROUPS != 1 {
            write!(f, ", groups={}", Self::GROUPS)?;
        }
        if !Self::HAS_BIAS {
            write!(f, ", bias=False")?;
        }
        write!(f, ")")
    }
}

/// The groups of the layer `L`, which divide its channels.
pub(super) struct ConvGroups<L>(PhantomData<L>);

impl<L: Grouped> Law for ConvGroups<L> {
    const WRONG: Option<Message> = if groups_divide(L::CHANNELS, L::GROUPS) {
        None
    } else {
        Some(groups_message(L::NAME, L::CHANNELS, L::GROUPS))
    };
}

/// An input of shape `S` of the layer `L`.
pub(super) struct InputFits<L, S>(PhantomData<(L, S)>);

impl<L: ConvLayer, S: Shape> Law for InputFits<L, S> {
    // Groups that do not divide have a law of their own.
    const WRONG: Option<Message> = {
        let (takes, has) = (L::CHANNELS[0], S::SIZES[1]);
        let check = WindowCheck { name: L::NAME, input: S::SIZES.split_at(2).1, windows: L::WINDOWS };
        if takes != has {
            Some(channels_message(L::NAME, takes, has))
        } else if S::LOST {
            None
        } else if L::TRANSPOSED {
            check.wrong_transposed()
        } else if !check.fits() {
            Some(check.message())
        } else {
            None
        }
    };
}

impl<L: ConvLayer, S: Shape> InputFits<L, S> {
    /// The sizes of the computation.
    pub(super) const CONVOLUTION: Convolution = {
        let (input, windows) = match (S::SIZES, L::WINDOWS) {
            ([_, _, h, w], [first, second]) => ([*h, *w], [*first, *second]),
            ([_, _, l], [window]) => ([1, *l], [WindowSizes::NONE, *window]),
            _ => panic!("a convolution of images or signals has one or two axes"),
        };
        if L::TRANSPOSED {
            transposed(S::SIZES[0], L::CHANNELS, L::GROUPS, input, windows)
        } else {
            convolution(S::SIZES[0], L::CHANNELS, L::GROUPS, input, windows)
        }
    };

    /// The sizes of the computation of a layer of volumes.
    pub(super) const CONVOLUTION3D: Convolution3d = {
        let ([n, _, d, h, w], [deep, high, wide]) = (S::SIZES, L::WINDOWS) else {
            panic!("a convolution of volumes has three axes")
        };
        convolution3d(*n, L::CHANNELS, L::GROUPS, [*d, *h, *w], [*deep, *high, *wide])
    };
}

/// The result of `L` with the work of the layers after it that is joined to it, and the number of these layers.
pub(super) fn convolve_with<L: ConvLayer, E: Float>(
    x: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    sizes: &Convolution,
    next: Following<'_, E>,
) -> Option<(Storage<E>, usize)> {
    if L::TRANSPOSED {
        return None;
    }
    let numbers = next.numbers();
    let mut finish = Finish {
        normalization: numbers.as_ref().map(|numbers| numbers.each_ref().map(Storage::as_slice)),
        bias,
        ..Finish::default()
    };
    let mut done = usize::from(numbers.is_some());
    for follower in &next.kinds[done..] {
        match follower {
            // max(x, 0) may as well come before the largest element.
            Some(Follower::Relu) => finish.relu = finish.relu.or(Some(E::infinity())),
            Some(Follower::Relu6) => finish.relu = Some(E::from_f64(6.0)),
            Some(Follower::Halve) if !finish.max_pool_2x2 && sizes.can_max_pool_2x2() => {
                finish.max_pool_2x2 = true
            }
            _ => break,
        }
        done += 1;
    }
    (done > 0).then(|| (E::convolve(x, weight, sizes, finish), done))
}

/// Writes a convolutional layer: its docs and PyTorch's name; whether it is transposed; the channels and the parameters that
/// say its window with their defaults, the latter as an impl declares them, and by name; its weight and its windows; then the
/// operation, and for each axis of the input the axis of the output. The check of the groups is an argument, so that its error points at the layer and not into
/// the macro. Input channels are a literal in one impl and computed in the other: with one trait for both, as
/// recurrent layers have it, a wrong number of channels is reported again wherever the result is used.
macro_rules! conv_layer {
    (
        $(#[$attr:meta])*
        $name:ident, $printed:literal, transposed = $transposed:literal,
        [$($defaults:tt)*] [$($params:tt)*] [$($args:tt)*] [$($bounds:tt)*],
        weight = [$out:ty, $part:ty, $($kernel:ty),+] $(#[$weight_doc:meta])*, windows = [$($window:expr),+],
        $operation:ident, [$($axis:ident -> $to:ty),+], $divide:expr
    ) => {
        $(#[$attr])*
        #[derive(Clone, Module, Serialize, Deserialize)]
        #[__gives_scores]
        #[__law(ConvGroups<Self>)]
        #[serde(bound(
            serialize = "E: Float + Serialize, B: Serialize",
            deserialize = "E: Float + Deserialize<'de>, B: Deserialize<'de>"
        ))]
        pub struct $name<
            $($defaults)*
            const GROUPS: usize = 1,
            E = f32,
            B = Param<Rank1<O>, E>,
        >
        where
            $($bounds)*
        {
            $(#[$weight_doc])*
            pub weight: Param<($out, $part, $($kernel),+), E>,
            /// The bias, `[O]`, if there is one.
            pub bias: B,
        }

        #[diagnostic::do_not_recommend]
        impl<const I: usize, const O: usize, $($params)* const GROUPS: usize, E, B> Biased
            for $name<I, O, $($args)* GROUPS, E, B>
        where
            $($bounds)*
        {
            type WithoutBias = $name<I, O, $($args)* GROUPS, E, WithoutBias>;
        }

        impl<const I: usize, const O: usize, $($params)* const GROUPS: usize, E, B> Grouped
            for $name<I, O, $($args)* GROUPS, E, B>
        where
            $($bounds)*
        {
            const NAME: &'static str = concat!("the layer `", stringify!($name), "`");
            const CHANNELS: [usize; 2] = [I, O];
            const GROUPS: usize = GROUPS;
        }

        impl<const I: usize, const O: usize, $($params)* const GROUPS: usize, E, B> ConvLayer
            for $name<I, O, $($args)* GROUPS, E, B>
        where
            $($bounds)*
            E: Float,
            B: Bias<Rank1<O>, E>,
        {
            const PRINTED: &'static str = $printed;
            const WINDOWS: &'static [WindowSizes] = &[$($window),+];
            const TRANSPOSED: bool = $transposed;
            const HAS_BIAS: bool = B::PRESENT;
        }

        impl<const I: usize, const O: usize, $($params)* const GROUPS: usize, E, B> Init
            for $name<I, O, $($args)* GROUPS, E, B>
        where
            $($bounds)*
            E: Float,
            B: Bias<Rank1<O>, E>,
        {
            const TYPE_HOLDS: () = $divide;
            fn new(rng: &mut Rng) -> Self {
                let () = $divide;
                let bound = E::from_f64(crate::nn::init::uniform_bound(Self::fan_in()));
                $name {
                    weight: Param::new(Tensor::uniform(-bound, bound, rng)),
                    bias: B::begin(|| Tensor::uniform(-bound, bound, rng)),
                }
            }
        }

        impl<const I: usize, const O: usize, $($params)* const GROUPS: usize, E, B> fmt::Debug
            for $name<I, O, $($args)* GROUPS, E, B>
        where
            $($bounds)*
            E: Float,
            B: Bias<Rank1<O>, E>,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Self::print(f)
            }
        }

        conv_layer!(@elements $name [$($params)*] [$($args)*] [$($bounds)*]);
        conv_layer!(@literal $name [const I: usize, const O: usize, $($params)* const GROUPS: usize,] [I, O, $($args)* GROUPS,] [$($bounds)*]
            $operation, [$($axis -> $to),+], [], Const<I>);
        conv_layer!(@forward [#[diagnostic::do_not_recommend]] $name [const I: usize, const O: usize, $($params)* const GROUPS: usize,] [I, O, $($args)* GROUPS,] [$($bounds)*]
            $operation, [$($axis -> $to),+], [X: DimExpr,], Expr<X>);
    };
    // The derive macro writes none for a weight whose sizes are associated types, such as `WH::Size`.
    (@elements $name:ident [$($params:tt)*] [$($args:tt)*] [$($bounds:tt)+]) => {
        impl<const I: usize, const O: usize, $($params)* const GROUPS: usize, E, B, F> crate::nn::WithElements<F>
            for $name<I, O, $($args)* GROUPS, E, B>
        where
            $($bounds)*
            E: Float + crate::nn::WithElements<F, Converted: Float>,
            B: crate::nn::WithElements<F>,
            F: Float,
        {
            type Converted = $name<I, O, $($args)* GROUPS, E::Converted, B::Converted>;

            fn with_elements(&self) -> Self::Converted {
                $name { weight: self.weight.with_elements(), bias: self.bias.with_elements() }
            }
        }
    };
    (@elements $($rest:tt)*) => {};
    // The impls for literal channels of these four are written out next to the layers: they are those that errors name.
    (@literal Conv1d $($rest:tt)*) => {
        conv_layer!(@method Conv1d $($rest)*);
    };
    (@literal Conv2d $($rest:tt)*) => {
        conv_layer!(@method Conv2d $($rest)*);
    };
    (@literal Conv3d $($rest:tt)*) => {
        conv_layer!(@method Conv3d $($rest)*);
    };
    (@literal RectConv3d $($rest:tt)*) => {
        conv_layer!(@method RectConv3d $($rest)*);
    };
    (@literal $name:ident $($rest:tt)*) => {
        conv_layer!(@forward [] $name $($rest)*);
    };
    (
        @method $name:ident [$($params:tt)*] [$($args:tt)*] [$($bounds:tt)*]
        $operation:ident, [$($axis:ident -> $to:ty),+], [$($x:tt)*], $channels:ty
    ) => {
        impl<
            $($x)* $($params)* E, B,
        > $name<$($args)* E, B>
        where
            $($bounds)*
            E: Float,
            B: Bias<Rank1<O>, E>,
        {
            /// The forward pass of literal channels.
            fn convolve<N: Dim, $($axis: Dim,)+ M: Mode>(
                &self,
                x: Input<(N, $channels, $($axis),+), M, E>,
            ) -> impl Traced<(N, Const<O>, $($to),+), M, E> {
                conv_layer!(@run $operation, self, x, (N, Const<I>, $($axis),+))
            }

            conv_layer!(@following $operation, convolve_with [N: Dim, $($axis: Dim),+], (N, Const<I>, $($axis),+));
        }
    };
    (
        @forward [$($attribute:tt)*] $name:ident [$($params:tt)*] [$($args:tt)*] [$($bounds:tt)*]
        $operation:ident, [$($axis:ident -> $to:ty),+], [$($x:tt)*], $channels:ty
    ) => {
        $($attribute)*
        impl<N: Dim, $($axis: Dim,)+ $($x)* $($params)* E: Float, B: Bias<Rank1<O>, E>> Forward<(N, $channels, $($axis),+), E> for $name<$($args)* E, B> where $($bounds)* {
            type Output = (N, Const<O>, $($to),+);
            const LAWS: Laws = Laws::always(InputFits::<Self, (N, $channels, $($axis),+)>::BROKEN);
            fn forward<M: Mode>(&self, x: Input<(N, $channels, $($axis),+), M, E>) -> impl Traced<Self::Output, M, E> {
                conv_layer!(@run $operation, self, x, (N, Const<I>, $($axis),+))
            }

            conv_layer!(@following $operation, infer_with [], (N, Const<I>, $($axis),+));
        }
    };
    (@run convolved3d, $this:ident, $x:ident, $shape:ty) => {{
        let sizes = &InputFits::<Self, $shape>::CONVOLUTION3D;
        $this.bias.add_to_channels($x.convolved3d::<_, _, ()>(&$this.weight, sizes))
    }};
    (@run $operation:ident, $this:ident, $x:ident, $shape:ty) => {
        $this.bias.$operation($x, &$this.weight, &InputFits::<Self, $shape>::CONVOLUTION)
    };
    // The layer together with layers that follow, which the kernels of volumes do not compute.
    (@following convolved3d, $($rest:tt)*) => {};
    (@following $operation:ident, $name:ident [$($generics:tt)*], $shape:ty) => {
        fn $name<$($generics)*>(&self, x: &[E], next: Following<'_, E>) -> Option<(Storage<E>, usize)> {
            let sizes = &InputFits::<Self, $shape>::CONVOLUTION;
            let bias = self.bias.param().map(|bias| bias.value().as_slice());
            convolve_with::<Self, E>(x, self.weight.value().as_slice(), bias, sizes, next)
        }
    };
}
pub(super) use conv_layer;
