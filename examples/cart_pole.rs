//! Lesson 11 of 17: teaches an agent to balance a pole on a cart, by the gradient of its policy: an actor and a critic,
//! trained by PPO (Schulman et al. 2017).
//!
//! Topics: training without a data set, whose batches of a fixed size come from episodes of any length; two
//! networks and two optimizers; a loss that is written with operations, with tensors that are used twice (`shared`);
//! a schedule of the learning rate.
//!
//! `cargo run --release --example cart_pole -- [--episodes N] [--seed N]`
//!
//! Expected: less than a second; the last line is `mean return 500.0`, the maximum, or near it, over 100 episodes
//! that were not trained on. (A random agent has 22.) Training ends after N episodes or 400 drives of 512 steps.

use lexopt::{Arg, ValueExt};
use std::process::ExitCode;
use typegrad::prelude::*;

/// Carts that drive at the same time, and the steps that each makes between two updates.
const CARTS: usize = 16;
const HORIZON: usize = 32;
const BATCH: usize = CARTS * HORIZON;
/// The number of drives, over which the learning rate decays to 0; and the epochs of training for each drive.
const DRIVES: usize = 400;
const EPOCHS: usize = 8;
const TEST_EPISODES: usize = 100;

/// The discount of rewards, and the decay of the advantage estimate (Schulman et al. 2016).
const GAMMA: f32 = 0.99;
const LAMBDA: f32 = 0.95;
/// The weight of the entropy bonus, which keeps the policy exploring.
const ENTROPY: f32 = 0.01;
/// How much likelier or unlikelier an action may become by one drive.
const CLIP: f32 = 0.2;

/// Position, velocity, angle of the pole, and how fast that changes.
type State = [f64; 4];

/// The cart of Barto, Sutton and Anderson (1983), as Gymnasium has it under the name `CartPole-v1`.
#[derive(Clone)]
struct Cart {
    state: State,
    steps: usize,
}

/// The state of an episode after a step.
#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    GoesOn,
    /// The pole fell, or the cart left the track.
    Fell,
    /// 500 steps, the most that an episode has: it ends, but the pole would have stayed up.
    TimeIsUp,
}

impl Cart {
    const MOST_STEPS: usize = 500;

    fn new(rng: &mut Rng) -> Self {
        Cart { state: [(); 4].map(|()| rng.uniform() * 0.1 - 0.05), steps: 0 }
    }

    /// Pushes the cart to the left (0) or to the right (1) for a fiftieth of a second. Each step is worth 1.
    fn push(&mut self, action: i64) -> Outcome {
        const GRAVITY: f64 = 9.8;
        const POLE_MASS: f64 = 0.1;
        const MASS: f64 = 1.0 + POLE_MASS;
        const HALF_LENGTH: f64 = 0.5;
        const FORCE: f64 = 10.0;
        const TIME: f64 = 0.02;

        let [x, v, angle, spin] = self.state;
        let force = if action == 1 { FORCE } else { -FORCE };
        let (sin, cos) = angle.sin_cos();
        let push = (force + POLE_MASS * HALF_LENGTH * spin * spin * sin) / MASS;
        let turn = (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * cos * cos / MASS));
        let pull = push - POLE_MASS * HALF_LENGTH * turn * cos / MASS;
        self.state = [x + TIME * v, v + TIME * pull, angle + TIME * spin, spin + TIME * turn];
        self.steps += 1;

        let [x, _, angle, _] = self.state;
        if x.abs() > 2.4 || angle.abs() > 12_f64.to_radians() {
            Outcome::Fell
        } else if self.steps == Self::MOST_STEPS {
            Outcome::TimeIsUp
        } else {
            Outcome::GoesOn
        }
    }
}

/// States as the input of a network. Speeds are about ten times as large as the rest.
fn input<const B: usize>(states: impl IntoIterator<Item = State>) -> Tensor<Rank2<B, 4>> {
    let scaled = |[x, v, angle, spin]: State| [x, v, angle * 10.0, spin].map(|number| number as f32);
    let numbers: Vec<f32> = states.into_iter().flat_map(scaled).collect();
    Tensor::try_from(numbers).expect("B states of 4 numbers")
}

type Net<const OUT: usize> = (Linear<4, 64>, Relu, Linear<64, OUT>);

struct Agent {
    /// The policy: a score for each action.
    actor: Net<2>,
    /// The value of a state: the discounted sum of future rewards.
    critic: Net<1>,
}

impl Agent {
    fn new(rng: &mut Rng) -> Self {
        Agent { actor: Init::new(rng), critic: Init::new(rng) }
    }

    fn values(&self, states: &[State]) -> Vec<f32> {
        self.critic.infer(input::<BATCH>(states.iter().copied())).to_vec()
    }

    /// Draws an action for each cart.
    fn act(&self, carts: &[Cart; CARTS], rng: &mut Rng) -> [i64; CARTS] {
        let scores = self.actor.infer(input::<CARTS>(carts.iter().map(|cart| cart.state)));
        let chances = scores.softmax::<-1>().to_array::<[[f32; 2]; CARTS]>();
        chances.map(|[left, _]| i64::from(rng.uniform() >= left.into()))
    }

    /// The better action.
    fn best(&self, cart: &Cart) -> i64 {
        self.actor.infer(input::<1>([cart.state])).argmax_axis::<-1>().to_vec()[0]
    }
}

/// The experience of all carts between two updates, by step and cart.
#[derive(Default)]
struct Experience {
    before: Vec<State>,
    actions: Vec<i64>,
    after: Vec<State>,
    outcomes: Vec<Outcome>,
}

impl Experience {
    /// How much better each action was than the policy, and what each state was worth.
    fn judge(&self, agent: &Agent) -> (Vec<f32>, Vec<f32>) {
        let (before, after) = (agent.values(&self.before), agent.values(&self.after));
        let mut advantages = vec![0.0; BATCH];
        for i in (0..BATCH).rev() {
            let outcome = self.outcomes[i];
            // After a fall there are no rewards; after the time limit there would be, but they are not seen.
            let next = if outcome == Outcome::Fell { 0.0 } else { after[i] };
            let later = match advantages.get(i + CARTS) {
                Some(later) if outcome == Outcome::GoesOn => *later,
                _ => 0.0,
            };
            advantages[i] = 1.0 + GAMMA * next - before[i] + GAMMA * LAMBDA * later;
        }
        let values = before.iter().zip(&advantages).map(|(value, advantage)| value + advantage).collect();
        (advantages, values)
    }
}

/// Makes actions likelier that were better than expected, and corrects what was expected.
fn learn(
    agent: &mut Agent,
    actor_optimizer: &mut impl Optimizer,
    critic_optimizer: &mut impl Optimizer,
    experience: &Experience,
) {
    let (advantages, values) = experience.judge(agent);
    let states = input::<BATCH>(experience.before.iter().copied());
    let actions =
        Tensor::<Rank2<BATCH, 1>, i64>::try_from(experience.actions.clone()).expect("BATCH actions");
    let advantages = Tensor::<Rank1<BATCH>>::try_from(advantages).expect("BATCH advantages");
    let values = Tensor::<Rank2<BATCH, 1>>::try_from(values).expect("BATCH values");
    let scale = 1.0 / (advantages.clone().std().item() + 1e-8);
    let mean = advantages.clone().mean().item();
    let advantages = (advantages - mean) * scale;

    let old = agent.actor.infer(states.clone()).log_softmax::<-1>().gather::<-1, _>(&actions);
    for _ in 0..EPOCHS {
        agent.actor.zero_grad();
        let log_policy = agent.actor.train(states.clone()).log_softmax::<-1>();
        let loss = log_policy.shared(|log_policy| {
            let ratio = (log_policy.clone().gather::<-1, _>(&actions) - &old).exp().squeeze::<-1>();
            // The smaller of the two: nothing is gained by going further than the clip.
            let gain = ratio.shared(|ratio| {
                let clipped = ratio.clone().clamp(1.0 - CLIP, 1.0 + CLIP);
                (ratio * &advantages).minimum(clipped * &advantages)
            });
            let minus_entropy = (log_policy.clone().exp() * log_policy).sum_axis::<-1>();
            (minus_entropy * ENTROPY - gain).mean()
        });
        loss.backward();
        agent.actor.clip_grad_norm(0.5);
        actor_optimizer.step(&mut agent.actor);

        agent.critic.zero_grad();
        agent.critic.train(states.clone()).mse_loss(&values).backward();
        critic_optimizer.step(&mut agent.critic);
    }
}

/// The mean of the returns: the number of steps of an episode.
fn mean(returns: &[usize]) -> f64 {
    returns.iter().sum::<usize>() as f64 / returns.len().max(1) as f64
}

fn train(episodes: usize, rng: &mut Rng) -> Agent {
    let mut agent = Agent::new(rng);
    let mut actor_optimizer = Adam::new(3e-3);
    let mut critic_optimizer = Adam::new(3e-3);
    let plan = LinearLr::new().start_factor(1.0).end_factor(0.0).total_iters(DRIVES);
    let mut schedule = plan.start(&mut actor_optimizer);

    let mut carts: [Cart; CARTS] = std::array::from_fn(|_| Cart::new(rng));
    let mut returns = vec![];
    while returns.len() < episodes && schedule.last_epoch() < DRIVES {
        let mut experience = Experience::default();
        for _ in 0..HORIZON {
            let actions = agent.act(&carts, rng);
            for (cart, action) in carts.iter_mut().zip(actions) {
                experience.before.push(cart.state);
                experience.actions.push(action);
                let outcome = cart.push(action);
                experience.after.push(cart.state);
                experience.outcomes.push(outcome);
                if outcome != Outcome::GoesOn {
                    returns.push(cart.steps);
                    *cart = Cart::new(rng);
                }
            }
        }
        learn(&mut agent, &mut actor_optimizer, &mut critic_optimizer, &experience);
        schedule.step(&mut actor_optimizer);
        if schedule.last_epoch().is_multiple_of(40) {
            let last = &returns[returns.len().saturating_sub(100)..];
            println!("episode {:5}: mean return of the last 100 {:.1}", returns.len(), mean(last));
        }
    }
    agent
}

/// Drives with the better action in each state.
fn test(agent: &Agent, rng: &mut Rng) -> f64 {
    let episode = |_| {
        let mut cart = Cart::new(rng);
        while cart.push(agent.best(&cart)) == Outcome::GoesOn {}
        cart.steps
    };
    mean(&(0..TEST_EPISODES).map(episode).collect::<Vec<_>>())
}

/// The largest number of episodes, and the seed.
fn options() -> Result<(usize, u64), lexopt::Error> {
    let (mut episodes, mut seed) = (4000, 0);
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("episodes") => episodes = parser.value()?.parse()?,
            Arg::Long("seed") => seed = parser.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok((episodes, seed))
}

fn main() -> ExitCode {
    let (episodes, seed) = match options() {
        Ok(options) => options,
        Err(error) => {
            eprintln!("error: {error}\n\nUsage: cart_pole [--episodes N] [--seed N]");
            return ExitCode::from(2);
        }
    };
    let mut rng = Rng::seed(seed);
    let agent = train(episodes, &mut rng);
    println!("mean return {:.1}", test(&agent, &mut rng));
    ExitCode::SUCCESS
}
