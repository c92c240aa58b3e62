//! Boxes inside boundaries: the order in which they run backward, their gradients, panics, and graphs that are dropped.

use crate::log::Log;
use std::panic::{AssertUnwindSafe, catch_unwind};
use typegrad::data::{Batch, Dataset};
use typegrad::graph::{Boxed, Chain, Graph, Nil, OutsideForward, Pullback};
use typegrad::nn::Checkpointed;
use typegrad::prelude::*;
use typegrad::train::DataParallel;

type X = Rank1<2>;

/// A graph as a list, from the oldest to the newest.
type Model = Vec<Piece>;

enum Piece {
    /// The number of an operation.
    Operation(usize),
    Right(Model),
    Boundary(Model),
    InBox(Model),
}

use Piece::{Boundary, InBox, Operation, Right};

/// The order of the operations of a backward pass that calls boxes: those inside a boundary before what is upstream of it.
fn order(graph: Model) -> Vec<usize> {
    fn to_boxes(graph: Model, order: &mut Vec<usize>, boxes: &mut Vec<Model>) {
        for piece in graph.into_iter().rev() {
            match piece {
                Operation(number) => order.push(number),
                Right(graph) => to_boxes(graph, order, boxes),
                Boundary(graph) => run(graph, order),
                InBox(graph) => boxes.push(graph),
            }
        }
    }
    fn run(graph: Model, order: &mut Vec<usize>) {
        let mut boxes = Vec::new();
        to_boxes(graph, order, &mut boxes);
        boxes.into_iter().for_each(|graph| run(graph, order));
    }
    let mut all = Vec::new();
    run(graph, &mut all);
    all
}

/// x u + x tanh(y).
#[derive(Module)]
struct Two {
    u: Param<X, f64>,
}

impl Forward2<X, X, f64> for Two {
    type Output = X;
    fn forward2<M: Mode>(&self, x: Shared<X, M, f64>, y: Shared<X, M, f64>) -> impl Traced<X, M, f64> {
        x.clone() * &self.u + x * y.tanh()
    }
}

/// tanh(x u) + x, with a box inside.
#[derive(Module)]
struct One {
    u: Param<X, f64>,
}

impl Forward<X, f64> for One {
    type Output = X;
    fn forward<M: Mode>(&self, x: Input<X, M, f64>) -> impl Traced<X, M, f64> {
        let y = (x.clone() * &self.u).boxed();
        y.tanh() + x
    }
}

/// All parameters of a graph.
struct Parameters {
    w: [Param<X, f64>; 3],
    one: One,
    two: Two,
    again: Checkpointed<One>,
}

impl Parameters {
    fn new(values: &[f64]) -> Self {
        let at = |i: usize| Param::new(Tensor::from([values[2 * i], values[2 * i + 1]]));
        let [one, again] = [3, 5].map(|i| One { u: at(i) });
        Parameters { w: [0, 1, 2].map(at), one, two: Two { u: at(4) }, again: Checkpointed::new(again) }
    }

    fn random(rng: &mut Rng) -> Vec<f64> {
        (0..12).map(|_| 2.0 * rng.uniform() - 1.0).collect()
    }

    fn all(&self) -> [&Param<X, f64>; 6] {
        let [a, b, c] = &self.w;
        [a, b, c, &self.one.u, &self.two.u, &self.again.inner().u]
    }

    /// The gradients; 0 where there are none.
    fn gradients(&self) -> Vec<f64> {
        self.all().iter().flat_map(|p| p.grad().map_or(vec![0.0; 2], |grad| grad.to_vec())).collect()
    }
}

/// A tensor in a box, and the model of its graph.
type Pair<'a> = (Tensor<X, f64, Graph<OutsideForward, Chain<Boxed<'a, X, f64>, Nil>>>, Model);

/// A graph of operations that are drawn at random, whose operands are boxes of earlier ones, or parameters.
struct Drawn<'a> {
    rng: Rng,
    of: &'a Parameters,
    log: &'a Log<usize>,
    operations: usize,
    boxes: Vec<Pair<'a>>,
}

impl<'a> Drawn<'a> {
    fn new(seed: u64, of: &'a Parameters, log: &'a Log<usize>) -> Self {
        Drawn { rng: Rng::seed(seed), of, log, operations: 0, boxes: Vec::new() }
    }

    fn number(&mut self) -> usize {
        self.operations += 1;
        self.operations
    }

    fn leaf(&mut self) -> Pair<'a> {
        let i = self.number();
        (self.of.w[self.rng.below(3)].track().apply(self.log.op(i)).boxed(), vec![Operation(i)])
    }

    /// One of the boxes, most often the last one.
    fn operand(&mut self) -> Pair<'a> {
        let count = self.boxes.len();
        match self.rng.below(4) {
            0 => self.leaf(),
            1 if count > 0 => self.boxes.swap_remove(self.rng.below(count)),
            _ => self.boxes.pop().unwrap_or_else(|| self.leaf()),
        }
    }

    fn step(&mut self) {
        let [(a, of_a), (b, of_b), (c, of_c)] = [(); 3].map(|()| self.operand());
        let [i, j, k] = [(); 3].map(|()| self.number());
        let (log, of) = (self.log, self.of);
        let w = of.w[self.rng.below(3)].track();
        let [of_a, of_b, of_c] = [of_a, of_b, of_c].map(InBox);
        let y = match self.rng.below(12) {
            0 => {
                let y = (a * 0.5 + b.tanh()).apply(log.op(i)) + c;
                (y.boxed(), vec![of_a, Right(vec![of_b]), Operation(i), Right(vec![of_c])])
            }
            1 => {
                let y = a.shared(|v| v.clone().apply(log.op(i)).tanh() * b + v) * c.tanh();
                (y.boxed(), vec![of_a, Boundary(vec![Operation(i), Right(vec![of_b])]), Right(vec![of_c])])
            }
            2 => {
                let y = a.shared(|v| {
                    b.shared(|u| u.clone() * v.clone().tanh() + (v * u) * c.tanh().apply(log.op(i)))
                });
                let inside = Boundary(vec![Right(vec![Right(vec![of_c, Operation(i)])])]);
                (y.apply(log.op(j)).boxed(), vec![of_a, Boundary(vec![of_b, inside]), Operation(j)])
            }
            // Boxes that hold the input of the boundary, in a diamond with others.
            3 => {
                let y = a.shared(|v| {
                    let inside = (v.clone().apply(log.op(i)).tanh() * b).boxed();
                    inside.shared(|q| (q.clone() * c.tanh() + q.apply(log.op(j)) * v.clone()).boxed() + v)
                });
                let inside = InBox(vec![Operation(i), Right(vec![of_b])]);
                let last = InBox(vec![Right(vec![of_c]), Right(vec![Operation(j)])]);
                (y.boxed(), vec![of_a, Boundary(vec![inside, Boundary(vec![last])])])
            }
            // Graphs of the same type, each with a boundary, in one merge, whose operands run in order.
            4 => {
                let shared = |x: Pair<'a>, y, i| x.0.shared(|v| v.clone().tanh() * y + v).apply(log.op(i));
                let (d, of_d) = self.operand();
                let y = [shared((a, vec![]), b, i), shared((c, vec![]), d, j)].stack::<0>();
                let model = |x, y, i| Right(vec![x, Boundary(vec![Right(vec![y])]), Operation(i)]);
                let model = vec![model(of_c, InBox(of_d), j), model(of_a, of_b, i), Operation(k)];
                (y.mean_axis::<0>().apply(log.op(k)).boxed(), model)
            }
            5 => {
                let mut number = [i, j].into_iter();
                let y = b.apply(log.op(k)).scan(a.mean(), |h, x| {
                    (h.clone().tanh() + x * h).apply(log.op(number.next().expect("two steps"))) * 0.5
                });
                let steps = Boundary(vec![Operation(i), Operation(j)]);
                let model = vec![of_b, Operation(k), Boundary(vec![of_a, steps]), Right(vec![of_c])];
                ((y + c).boxed(), model)
            }
            6 => {
                let y = of.two.train2(a.apply(log.op(i)), b.apply(log.op(j))) + c;
                let second = Boundary(vec![of_b, Operation(j), Boundary(vec![])]);
                (y.boxed(), vec![of_a, Operation(i), second, Right(vec![of_c])])
            }
            7 => {
                let y = of.again.train(a.shared(|v| v.clone() * b + v)).apply(log.op(i)) * 0.5 + c;
                let model = vec![of_a, Boundary(vec![Right(vec![of_b])]), Operation(i), Right(vec![of_c])];
                (y.boxed(), model)
            }
            8 => {
                let y = of.one.train(a).apply(log.op(i)) * b.tanh() + c * 0.5;
                (y.boxed(), vec![of_a, Operation(i), Right(vec![of_b]), Right(vec![of_c])])
            }
            // A boundary in a right operand, with boxes to its left and right.
            9 => {
                let right = w.apply(log.op(i)).shared(|v| v.clone() * b.tanh() + v).apply(log.op(j));
                let y = (a.tanh() + right) * c.tanh();
                let right = vec![Operation(i), Boundary(vec![Right(vec![of_b])]), Operation(j)];
                (y.boxed(), vec![of_a, Right(right), Right(vec![of_c])])
            }
            // A constant starts the graph.
            10 => {
                let k = Tensor::from([0.5, -0.75]);
                let y = k.shared(|k| a.shared(|v| v.clone() * b + v).apply(log.op(i)) * k.clone() + k);
                let model = vec![of_a, Boundary(vec![Right(vec![of_b])]), Operation(i), Right(vec![of_c])];
                ((y + c).boxed(), model)
            }
            // Two boundaries of one chain, and the second one waits in the middle of it.
            _ => {
                let y = w.apply(log.op(i)).shared(|v| v.clone().tanh() * a + v).apply(log.op(j)) + b;
                let y = y.shared(|v| v.clone() * c.tanh() + v).apply(log.op(k));
                let first = vec![Operation(i), Boundary(vec![Right(vec![of_a])]), Operation(j)];
                let second = [Right(vec![of_b]), Boundary(vec![Right(vec![of_c])]), Operation(k)];
                (y.boxed(), first.into_iter().chain(second).collect())
            }
        };
        self.boxes.push(y);
    }

    /// The mean of all boxes after some steps, and the order of its backward pass.
    fn loss(mut self, steps: usize) -> (Loss<impl Flow<(), f64> + use<'a>, f64>, Vec<usize>) {
        (0..steps).for_each(|_| self.step());
        let boxes = self.boxes.into_iter();
        let sum = boxes.reduce(|(a, of_a), (b, of_b)| {
            let sum = a.shared(|a| a * 0.5 + b).boxed();
            (sum, vec![InBox(of_a), Boundary(vec![Right(vec![InBox(of_b)])])])
        });
        let (sum, graph) = sum.expect("a box after a step");
        (sum.mean(), order(vec![InBox(graph)]))
    }
}

#[test]
fn boxes_run_backward_in_the_order_of_calls() {
    let mut operations = 0;
    for seed in 0..100 {
        let of = Parameters::new(&Parameters::random(&mut Rng::seed(seed)));
        // The second loss shares the parameters with the first.
        for seed in [seed, seed + 1] {
            let log = Log::default();
            let (loss, order) = Drawn::new(seed, &of, &log).loss(30);
            loss.backward();
            operations += order.len();
            assert_eq!(log.names(), order, "seed {seed}");
        }
    }
    assert!(operations > 10_000, "{operations}");
}

#[test]
fn gradients_agree_with_differences() {
    const STEP: f64 = 1.0 / 4096.0;
    for seed in 0..60 {
        let mut values = Parameters::random(&mut Rng::seed(seed));
        let log = Log::default();
        let of = Parameters::new(&values);
        Drawn::new(seed, &of, &log).loss(8).0.backward();
        let gradients = of.gradients();
        for i in 0..values.len() {
            let x = values[i];
            let mut at = |h: f64| {
                values[i] = x + h;
                Drawn::new(seed, &Parameters::new(&values), &log).loss(8).0.value().item()
            };
            let (near, far) = (at(STEP) - at(-STEP), at(2.0 * STEP) - at(-2.0 * STEP));
            at(0.0);
            let numeric = (8.0 * near - far) / (12.0 * STEP);
            let (got, size) = (gradients[i], numeric.abs().max(1.0));
            assert!((got - numeric).abs() < 1e-7 * size, "seed {seed}, {i}: {got} and {numeric}");
        }
    }
}

/// Values and gradients are those without a box, for the three ways in which a step takes one from outside.
#[test]
fn a_recurrence_in_boxes_is_that_without_boxes() {
    let values = Parameters::random(&mut Rng::seed(7));
    let of = Parameters::new(&values);
    let [a, b, c] = &of.w;
    macro_rules! loss {
        (|$h:ident| $step:expr, $boxed:ident) => {{
            let $h = a.track();
            let $h = ($step).$boxed();
            let $h = ($step).$boxed();
            let $h = ($step).$boxed();
            let loss = $h.sum().backward();
            let gradients = of.gradients();
            of.all().iter().for_each(|p| p.zero_grad());
            (loss, gradients)
        }};
    }
    trait Unboxed: Sized {
        fn unboxed(self) -> Self {
            self
        }
    }
    impl<S, E, G> Unboxed for Tensor<S, E, G> {}
    macro_rules! same {
        (|$h:ident| $step:expr) => {
            let (boxed, plain) = (loss!(|$h| $step, boxed), loss!(|$h| $step, unboxed));
            assert_eq!(boxed.0, plain.0);
            for (boxed, plain) in boxed.1.iter().zip(&plain.1) {
                assert!((boxed - plain).abs() < 1e-14, "{boxed} and {plain}");
            }
        };
    }
    same!(|h| b.track().shared(|v| v.clone() * h.tanh() + v));
    same!(|h| b.track().shared(|v| c.track().shared(|u| (u.clone() * v.clone()).shared(|p| p * h) + u * v)));
    same!(|h| of.two.train2(b.track(), h));
    same!(|h| of.two.train2(h, b.track()));
    same!(|h| b.track().scan(h.sum(), |h, x| h * 0.5 + x));
    same!(|h| of.again.train(b.track().shared(|v| v.clone() * h + v)));
}

#[test]
fn a_panic_in_a_closure_leaves_nothing_of_its_boxes() {
    let values = Parameters::random(&mut Rng::seed(3));
    let run = |of: &Parameters| {
        Drawn::new(3, of, &Log::default()).loss(20).0.backward();
        of.gradients()
    };
    let of = Parameters::new(&values);
    let fails = catch_unwind(AssertUnwindSafe(|| {
        let h = of.w[0].track().shared(|v| v.clone() * of.w[1].track().boxed() + v).boxed();
        of.w[2]
            .track()
            .shared(|v| if values.len() == 12 { panic!("as it is meant to") } else { v * h })
            .boxed()
    }));
    assert!(fails.is_err());
    assert_eq!(of.gradients(), [0.0; 12]);
    assert_eq!(run(&of), run(&Parameters::new(&values)));
}

#[test]
fn a_panic_in_a_backward_pass_leaves_the_gradients_so_far() {
    struct Fails;
    impl Pullback<X, X, f64> for Fails {
        fn pull(self, _: Tensor<X, f64>) -> Tensor<X, f64> {
            panic!("as it is meant to")
        }
    }
    let values = Parameters::random(&mut Rng::seed(4));
    let run = |of: &Parameters| {
        Drawn::new(4, of, &Log::default()).loss(20).0.backward();
        of.gradients()
    };
    let (of, log) = (Parameters::new(&values), Log::default());
    let mut h = of.w[0].track().boxed();
    for i in 0..9 {
        let op = log.op(i);
        h = of.w[1].track().shared(|v| of.w[1].track().shared(|u| u * v.clone() * h.apply(op) + v)).boxed();
        if i == 4 {
            h = h.apply(|h| (h, Fails)).boxed();
        }
    }
    let y = of.w[2].track() + h;
    assert!(catch_unwind(AssertUnwindSafe(|| y.sum().backward())).is_err());
    // The right operand of the sum runs first, and the parameter w[1] is upstream of boundaries that wait.
    assert_eq!(log.names(), [8, 7, 6, 5]);
    assert!(of.w[2].grad().is_some() && of.w[0].grad().is_none() && of.w[1].grad().is_none());
    // The slots of the thread are as good as before.
    of.w[2].zero_grad();
    assert_eq!(run(&of), run(&Parameters::new(&values)));
}

#[test]
fn a_graph_is_dropped_without_a_gradient() {
    for seed in 0..50 {
        let of = Parameters::new(&Parameters::random(&mut Rng::seed(seed)));
        let log = Log::default();
        drop(Drawn::new(seed, &of, &log).loss(30));
        assert_eq!((of.gradients(), log.names().len()), (vec![0.0; 12], 0));
    }
}

/// In each shard the steps take the box of the one before into `shared`; without boxes there are as many steps in one graph.
#[test]
fn shards_with_boxes_have_the_gradients_of_the_batch() {
    let examples: Vec<_> = (0..12).map(|i| ([i as f64 / 8.0, 1.0], [(i % 3) as f64])).collect();
    let net = Linear::<2, 1, f64>::new(&mut Rng::seed(1));
    let gradients = |net: &Linear<2, 1, f64>| {
        [net.weight.grad().expect("a gradient").to_vec(), net.bias.grad().expect("a gradient").to_vec()]
            .concat()
    };
    let sharded = |threads: usize| {
        let mut net = net.clone();
        let shards = examples.clone().batches::<4>().in_order();
        DataParallel::new(threads).backward(&mut net, shards, |net, Batch { data: (x, y), .. }| {
            let loss = || net.train(x.clone()).mse_loss(&y);
            let mut h = loss().boxed();
            for _ in 0..8 {
                h = loss().shared(|v| v.clone() * 0.25 + h * 0.5 + v * 0.25).boxed();
            }
            h.backward()
        });
        gradients(&net)
    };
    let one = sharded(1);
    assert!([2, 3].iter().all(|&threads| sharded(threads) == one));
    // 1/2 of each loss, and 1/2 of the steps before: the sum of the weights is 1.
    for Batch { data: (x, y), .. } in examples.clone().batches::<12>().in_order() {
        net.train(x).mse_loss(&y).backward();
    }
    assert!(one.iter().zip(gradients(&net)).all(|(a, b)| (a - b).abs() < 1e-12));
}
