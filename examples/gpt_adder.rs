//! Lesson 9 of 17: a small GPT that learns to add two numbers of two digits, and prints its answers.
//!
//! Topics: tokens and positions as embeddings, blocks in an array, causal attention, a loss on a part of a
//! sequence (the label -100 does not count), and writing an answer one digit at a time. The digits of the answer come
//! in reversed order, so that each carry is known when it is needed. One pair in five is never seen in training; the
//! accuracy is measured on those.
//!
//! `cargo run --release --example gpt_adder -- [--steps N] [--seed N]`
//!
//! Expected: half a minute on one core, for 2500 steps; some answers, and the last line is `exact answers 1.000` or
//! near it.

use lexopt::prelude::{Long, Short, ValueExt};
use std::process::ExitCode;
use std::time::Instant;
use typegrad::prelude::*;

/// `48+17=560`: the answer, 065, is reversed. The last digit is not part of the input.
const LEN: usize = 8;
const DIGITS: usize = 3;
/// The position of the answer, after `48+17=`.
const ANSWER: usize = LEN - DIGITS + 1;
const PLUS: i64 = 10;
const EQUALS: i64 = 11;
const TOKENS: usize = 12;

const BATCH: usize = 128;
const WIDTH: usize = 64;

type Tokens<const B: usize> = Rank2<B, LEN>;

#[derive(Module)]
#[module(input = Tokens<2>)]
struct Gpt {
    tokens: Embedding<TOKENS, WIDTH>,
    positions: Embedding<LEN, WIDTH>,
    #[module(init = std::array::from_fn(|_| TransformerEncoderLayer::new(rng).causal().norm_first().dropout(0.0)))]
    blocks: [TransformerEncoderLayer<WIDTH, 4, 256>; 2],
    norm: LayerNorm<WIDTH>,
    head: Linear<WIDTH, TOKENS>,
}

impl<const B: usize> Forward<Tokens<B>, f32, i64> for Gpt {
    type Output = Rank3<B, LEN, TOKENS>;
    fn forward<M: Mode>(&self, x: Input<Tokens<B>, M, i64>) -> impl Traced<Self::Output, M> {
        // The embedding of the position `t` is row `t` of its table.
        let x = self.tokens.call(x) + &self.positions.weight;
        let x = self.blocks.call(x);
        let x = self.norm.call(x);
        self.head.call(x)
    }
}

/// A sum: the question, and the reversed answer.
fn sum(a: i64, b: i64) -> ([i64; ANSWER], [i64; DIGITS]) {
    let c = a + b;
    ([a / 10, a % 10, PLUS, b / 10, b % 10, EQUALS], [c % 10, c / 10 % 10, c / 100])
}

/// A batch of sequences and of what follows each of their tokens, where that counts.
fn batch(pairs: &[(i64, i64); BATCH]) -> (Tensor<Tokens<BATCH>, i64>, Tensor<Tokens<BATCH>, i64>) {
    let rows = pairs.map(|(a, b)| {
        let (question, answer) = sum(a, b);
        let mut tokens = [0; LEN];
        tokens[..ANSWER].copy_from_slice(&question);
        tokens[ANSWER..].copy_from_slice(&answer[..DIGITS - 1]);
        let mut next = [-100; LEN];
        next[ANSWER - 1..].copy_from_slice(&answer);
        (tokens, next)
    });
    (Tensor::from(rows.map(|row| row.0)), Tensor::from(rows.map(|row| row.1)))
}

/// The answers of the network, digit by digit.
fn answers(gpt: &Gpt, pairs: &[(i64, i64); BATCH]) -> [i64; BATCH] {
    let mut tokens = [[0; LEN]; BATCH];
    let mut answers = [0; BATCH];
    for (row, (a, b)) in tokens.iter_mut().zip(pairs) {
        row[..ANSWER].copy_from_slice(&sum(*a, *b).0);
    }
    for (i, place) in [1, 10, 100].into_iter().enumerate() {
        let scores = gpt.infer(Tensor::<Tokens<BATCH>, i64>::from(tokens));
        let next = scores.select::<1>(ANSWER - 1 + i).argmax_axis::<-1>();
        for (row, (answer, digit)) in tokens.iter_mut().zip(answers.iter_mut().zip(next.to_vec())) {
            *answer += digit * place;
            if let Some(token) = row.get_mut(ANSWER + i) {
                *token = digit;
            }
        }
    }
    answers
}

/// How many of the pairs are added correctly; the last batch is padded with pairs that do not count.
fn count_exact(gpt: &Gpt, pairs: &[(i64, i64)]) -> usize {
    let mut exact = 0;
    for chunk in pairs.chunks(BATCH) {
        let full = std::array::from_fn(|i| chunk.get(i).copied().unwrap_or((0, 0)));
        exact += chunk.iter().zip(answers(gpt, &full)).filter(|((a, b), answer)| a + b == *answer).count();
    }
    exact
}

fn options() -> Result<Option<(usize, u64)>, lexopt::Error> {
    let (mut steps, mut seed) = (2500, 0);
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("steps") => steps = parser.value()?.parse()?,
            Long("seed") => seed = parser.value()?.parse()?,
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some((steps, seed)))
}

fn main() -> ExitCode {
    let (steps, seed) = match options() {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("usage: gpt_adder [--steps N] [--seed N]");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    let start = Instant::now();
    let rng = &mut Rng::seed(seed);
    let mut pairs: Vec<_> = (0..10_000).map(|i| (i / 100, i % 100)).collect();
    rng.shuffle(&mut pairs);
    let (unseen, seen) = pairs.split_at_mut(2000);

    let mut gpt = Gpt::new(rng);
    println!("{} parameters, {} sums to learn from", gpt.num_parameters(), seen.len());
    let mut adam = AdamW::new(3e-3);
    let warm_up = (steps / 20).max(1);
    let cosine = CosineAnnealingLr::new(steps.saturating_sub(warm_up).max(1));
    let linear = LinearLr::new().start_factor(0.05).total_iters(warm_up);
    let mut schedule = SequentialLr::new((linear, cosine), [warm_up]).start(&mut adam);
    let mut step = 0;
    'training: loop {
        rng.shuffle(seen);
        for pairs in seen.as_chunks::<BATCH>().0 {
            if step == steps {
                break 'training;
            }
            let (tokens, next) = batch(pairs);
            gpt.zero_grad();
            let loss = gpt.train(tokens).cross_entropy_axis::<-1, _>(&next).backward();
            gpt.clip_grad_norm(1.0);
            adam.step(&mut gpt);
            schedule.step(&mut adam);
            step += 1;
            if step % 100 == 0 {
                println!("step {step:>5}   loss {loss:.4}   {:.1} s", start.elapsed().as_secs_f64());
            }
        }
    }

    let shown = std::array::from_fn(|i| unseen[i]);
    for ((a, b), answer) in shown.iter().zip(answers(&gpt, &shown)).take(8) {
        println!("{a:>2} + {b:>2} = {answer:>3}{}", if a + b == answer { "" } else { "   wrong" });
    }
    println!("exact answers {:.3}", count_exact(&gpt, unseen) as f64 / unseen.len() as f64);
    ExitCode::SUCCESS
}
