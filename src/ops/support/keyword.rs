//! `where`, a keyword of Rust, as a name: `x.r#where(mask, y)`.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::ops::elementwise::where_::{BoolMask, Chosen, Met};
use crate::ops::support::rhs::Pointwise;
use crate::shape::{Shape, Unstretched};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The same as [`where_`](Tensor::where_). At `x.where(mask, y)` rustc proposes this name.
    #[doc(hidden)]
    pub fn r#where<R, M>(self, condition: M, other: R) -> Chosen<S, E, C, F, R, M>
    where
        M: BoolMask<With<R>: Pointwise<C, S, E>>,
        M::This: Pointwise<C, Met<C, S, E, M::With<R>>, bool, Output: Unstretched<Met<C, S, E, M::With<R>>>>,
    {
        self.where_(condition, other)
    }
}
