//! Results of this library, compared with those of PyTorch: values and gradients, in `f64` and in `f32`.
//!
//! To add a family of cases:
//! 1. write `cases/<family>.py`, with a line `case("clamp/both_bounds", lambda x: x.clamp(-1, 1), [0.5, nan])` for each;
//! 2. run `python3 tests/pytorch/generate.py <family>`, which writes `tests/fixtures/pytorch/<family>.safetensors`;
//! 3. write `<family>.rs` like `create.rs`, with a line
//!    `check!(cases, "clamp/both_bounds", |x: Rank1<2>| x.clamp(-1.0, 1.0));` for each;
//!    For a layer, it is `layer("linear/matrix", torch.nn.Linear(3, 2), randn(4, 3))` and
//!    `layer!(cases, "linear/matrix", train, Linear<3, 2, E>, Rank2<4, 3>);`, as in `matmul.rs`;
//! 4. add `mod <family>;` below;
//! 5. run `cargo test --test pytorch <family>`, which also says what was forgotten. See README.md.

mod attention;
mod conv;
mod create;
mod elementwise;
mod fixture;
mod index;
mod loss;
mod matmul;
mod norm;
mod points;
mod printed;
mod random;
mod recurrent;
mod reduce;
mod shape;
