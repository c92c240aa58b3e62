//! Lesson 13 of 17: modules with two inputs, and with a state.
//!
//! Topics: `Forward2` for `forward(x, t)`: a field that carries noise to a ring, learned by flow matching and followed by
//! Euler's method; `Forward2` for `forward(state, x)`: a user-written cell, run along a sequence by `scan`; an encoder and a decoder
//! in sequence; a loop over layers.
//!
//! `cargo run --release --example two_inputs -- [--steps N] [--seed N]`
//!
//! Expected: less than a second; the last lines are the distance of points from the ring, which begins near 0.6 and ends below 0.15, and the
//! error of a memory, which ends near 0.

use lexopt::prelude::{Long, ValueExt};
use std::process::ExitCode;
use typegrad::prelude::*;

const BATCH: usize = 256;
const WIDTH: usize = 64;

type Points<const B: usize> = Rank2<B, 2>;
type Times<const B: usize> = Rank2<B, 1>;

/// dx/dt = f(x, t), from t = 0 to t = 1.
#[derive(Module)]
struct Field {
    of_x: Linear<2, WIDTH>,
    of_t: Linear<1, WIDTH>,
    // Layers of one type are an array: `call` runs them in sequence.
    hidden: [(Linear<WIDTH, WIDTH>, Silu); 2],
    out: Linear<WIDTH, 2>,
}

impl<const B: usize> Forward2<Points<B>, Times<B>> for Field {
    type Output = Points<B>;
    fn forward2<M: Mode>(
        &self,
        x: Shared<Points<B>, M>,
        t: Shared<Times<B>, M>,
    ) -> impl Traced<Points<B>, M> {
        let h = (self.of_x.call(x) + self.of_t.call(t)).silu();
        let h = self.hidden.call(h);
        self.out.call(h)
    }
}

/// Points on a ring of radius 1.
fn ring<const B: usize>(rng: &mut Rng) -> Tensor<Points<B>> {
    let points: [[f32; 2]; B] = std::array::from_fn(|_| {
        let angle = std::f64::consts::TAU * rng.uniform();
        [angle.cos() as f32, angle.sin() as f32]
    });
    Tensor::from(points)
}

/// The mean distance from the ring.
fn distance<const B: usize>(points: Tensor<Points<B>>) -> f32 {
    let radius = points.powi(2).sum_axis::<-1>().sqrt();
    (radius - 1.0).abs().mean().item()
}

/// Where points are at t = 1.
fn follow<const B: usize>(field: &Field, mut x: Tensor<Points<B>>) -> Tensor<Points<B>> {
    const STEPS: usize = 50;
    for step in 0..STEPS {
        let t = Tensor::<Times<B>>::full(step as f32 / STEPS as f32);
        x = x.clone() + field.infer2(x, t) / STEPS as f32;
    }
    x
}

/// A recurrent cell: the next state from a state and an input.
#[derive(Module)]
struct Cell {
    of_state: Linear<8, 8>,
    of_x: Linear<1, 8>,
}

impl<const B: usize> Forward2<Rank2<B, 8>, Rank2<B, 1>> for Cell {
    type Output = Rank2<B, 8>;
    fn forward2<M: Mode>(
        &self,
        h: Shared<Rank2<B, 8>, M>,
        x: Shared<Rank2<B, 1>, M>,
    ) -> impl Traced<Rank2<B, 8>, M> {
        (self.of_state.call(h) + self.of_x.call(x)).tanh()
    }
}

/// A recurrent encoder, whose last state goes to the decoder.
#[derive(Module)]
struct Memory {
    cell: Cell,
    decoder: Linear<8, 1>,
}

/// In: `[T, B, 1]`, time first. Out: `[B, 1]`, the first number of each sequence.
impl<const T: usize, const B: usize> Forward<Rank3<T, B, 1>> for Memory {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, xs: Input<Rank3<T, B, 1>, M>) -> impl Traced<Rank2<B, 1>, M> {
        let start = Tensor::<Rank2<B, 8>>::zeros().within::<M>();
        let states = xs.scan(start, |h, x| self.cell.call2(h, x));
        let last = states.select_at::<0, -1>();
        self.decoder.call(last)
    }
}

fn run(steps: usize, seed: u64) {
    let rng = &mut Rng::seed(seed);
    let mut field = Field::new(rng);
    let mut adam = Adam::new(3e-3);
    let start = Tensor::<Points<BATCH>>::randn(rng);
    println!("distance before {:.3}", distance(follow(&field, start.clone())));
    for _ in 0..steps {
        // On the line from a noise x0 to a point x1, the field is x1 - x0.
        let (x0, x1) = (Tensor::<Points<BATCH>>::randn(rng), ring::<BATCH>(rng));
        let t = Tensor::<Times<BATCH>>::rand(rng);
        let x = x0.clone() + (x1.clone() - x0.clone()) * t.clone().broadcast_to::<Points<BATCH>>();
        field.zero_grad();
        field.train2(x, t).mse_loss(&(x1 - x0)).backward();
        adam.step(&mut field);
    }

    let mut memory = Memory::new(rng);
    let mut adam = Adam::new(1e-2);
    let mut error = 0.0;
    for _ in 0..steps {
        let xs = Tensor::<Rank3<5, 64, 1>>::rand(rng);
        let first = xs.clone().select_at::<0, 0>();
        memory.zero_grad();
        error = memory.train(xs).mse_loss(&first).backward();
        adam.step(&mut memory);
    }
    println!("distance after {:.3}", distance(follow(&field, start)));
    println!("error of the memory {error:.4}");
}

fn options() -> Result<(usize, u64), lexopt::Error> {
    let (mut steps, mut seed) = (1500, 0);
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("steps") => steps = parser.value()?.parse()?,
            Long("seed") => seed = parser.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok((steps, seed))
}

fn main() -> ExitCode {
    match options() {
        Ok((steps, seed)) => {
            run(steps, seed);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("two_inputs: {error}");
            ExitCode::FAILURE
        }
    }
}
