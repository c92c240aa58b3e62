// As twins.rs: the corrected twins of laws whose message is the advice of a type or of a method.
#![allow(dead_code, unused)]

/// A cell in a loop inside `forward`.
mod a_state_in_forward_is_boxed {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank3<2, 5, 4>)]
    struct Net {
        cell: GruCell<4, 8>,
    }

    impl<const B: usize> Forward<Rank3<B, 5, 4>> for Net {
        type Output = Rank2<B, 8>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 4>, M>) -> impl Traced<Self::Output, M> {
            let mut h = Tensor::<Rank2<B, 8>>::zeros().within::<M>().boxed();
            for t in 0..5 {
                h = self.cell.step(x.clone().select::<1>(t), h).boxed();
            }
            h
        }
    }
}

/// Two losses of one batch of a loader.
mod two_losses_share_their_batch {
    use typegrad::data::Dataset;
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<4, 1>::new(&mut Rng::seed(0));
        let examples = vec![([1.0_f32; 4], [1.0_f32]); 10];
        for Batch { data: (x, y), .. } in examples.batches::<4>().in_order() {
            net.train(x).shared(|p| p.clone().mse_loss(&y) + p.l1_loss(&y)).backward();
        }
    }
}

fn main() {}
