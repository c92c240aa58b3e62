//! A reference to a module, seen as a frozen module without moving it: a cast, which is `unsafe`, and so the type is here and not
//! in `nn`, which has what it does (`src/nn/frozen.rs`).

/// A module that does not train. PyTorch's `requires_grad_(False)` and `eval()` on a part of a network.
///
/// - Its parameters record nothing: no gradient is computed or stored for them, and on a constant input nothing is
///   saved at all. The gradient still flows through it to its input.
/// - Its layers run as in evaluation: dropout drops nothing, and running statistics stay as they are. (In PyTorch a
///   forgotten `eval()` lets a frozen batch norm drift.)
/// - An optimizer, [`zero_grad`](crate::nn::ModuleExt::zero_grad) and clipping skip it.
/// - It adds no name: its state dict is that of the module inside.
/// - It takes two inputs as the module does ([`Forward2`](crate::nn::Forward2)), and states and lengths
///   ([`Recurrent`](crate::nn::Recurrent), [`RecurrentCell`](crate::nn::RecurrentCell)); around attention and transformer layers it
///   has `call_masked` and `call_with`. A method of your own struct is reached by [`inner`](Frozen::inner) only, unfrozen: make it
///   the `forward` of a module, which is frozen. `inner` has what records nothing, too, such as `infer_step` with a
///   [`KvCache`](crate::nn::KvCache).
///
/// ```
/// use typegrad::nn::Frozen;
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Tuned {
///     backbone: Frozen<Linear<8, 4>>,
///     head: Linear<4, 2>,
/// }
///
/// impl<const B: usize> Forward<Rank2<B, 8>> for Tuned {
///     type Output = Rank2<B, 2>;
///     fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
///         let x = self.backbone.call(x).relu();
///         self.head.call(x)
///     }
/// }
///
/// let rng = &mut Rng::seed(0);
/// let pretrained = Linear::new(rng);
/// let mut net = Tuned { backbone: Frozen::new(pretrained.clone()), head: Linear::new(rng) };
/// let mut sgd = Sgd::new(0.1);
/// net.train(Tensor::<Rank2<3, 8>>::ones()).powi(2).sum().backward();
/// sgd.step(&mut net);
/// assert_eq!(net.backbone.into_inner().weight.value(), pretrained.weight.value());
/// ```
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[repr(transparent)]
pub struct Frozen<L>(pub(crate) L);

impl<L> Frozen<L> {
    /// A module that stays where it is, frozen for as long as it is borrowed: a GAN's critic while the generator trains, or
    /// the teacher of a distillation. PyTorch's `requires_grad_(False)` for a while, and `requires_grad_()` again.
    ///
    /// The gradient flows through it to its input, and its own parameters get none. A pass through the module itself
    /// trains it, as before.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let (generator, critic) = (Linear::<2, 3>::new(rng), Linear::<3, 1>::new(rng));
    /// let fake = generator.train(Tensor::<Rank2<8, 2>>::randn(rng));
    /// let loss = Frozen::of(&critic).train(fake).mean();
    /// loss.backward();
    /// assert!(generator.weight.grad().is_some() && critic.weight.grad().is_none());
    /// // The critic trains in its own step.
    /// critic.train(Tensor::<Rank2<8, 3>>::ones()).mean().backward();
    /// assert!(critic.weight.grad().is_some());
    /// ```
    pub fn of(module: &L) -> &Self {
        // SAFETY: `Frozen<L>` is `repr(transparent)` and has one field, of type `L`: both have one layout, every value of one
        // is a value of the other, and the reference has the lifetime of the one that it is made from.
        unsafe { &*std::ptr::from_ref(module).cast::<Frozen<L>>() }
    }
}
