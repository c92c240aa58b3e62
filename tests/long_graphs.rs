//! Graphs of many boxes: neither the backward pass nor dropping one needs a stack that grows with them.

use typegrad::prelude::*;

/// More boxes than the stack of [`with_small_stack`] has room for calls, were each in the one before it.
const MANY: usize = 20_000;

/// Runs it on a thread whose stack is an eighth of what `std::thread` gives.
fn with_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap().join().unwrap();
}

/// w + w + .., the sums in boxes, as the left operand of the next one or as the right one.
fn sum_of_many(w: &Param<Rank0>, left: bool) -> Loss<impl Flow> {
    let mut sum = w.track().boxed();
    for _ in 1..MANY {
        let next = w.track();
        sum = if left { (sum + next).boxed() } else { (next + sum).boxed() };
    }
    sum
}

#[test]
fn sums_of_many_losses_run_backward() {
    with_small_stack(|| {
        for left in [true, false] {
            let w = Param::new(Tensor::from(0.5));
            assert_eq!(sum_of_many(&w, left).backward(), 0.5 * MANY as f32);
            assert_eq!(w.grad().unwrap().item(), MANY as f32);
        }
    });
}

#[test]
fn sums_of_many_losses_are_dropped() {
    with_small_stack(|| {
        let w = Param::new(Tensor::from(0.5));
        drop(sum_of_many(&w, true));
        drop(sum_of_many(&w, false));
        assert!(w.grad().is_none());
    });
}

#[test]
fn many_operations_with_one_operand_run_backward() {
    with_small_stack(|| {
        let w = Param::new(Tensor::from(1.0));
        let chain = || (0..MANY).fold(w.track().boxed(), |x, _| (-x).boxed());
        drop(chain());
        drop((0..MANY).fold(w.track().boxed(), |x, _| x.to::<f64>().to::<f32>().boxed()));
        drop((0..MANY).fold(w.track().boxed(), |x, _| Tensor::from(0.5).shared(|s| x * s).boxed()));
        drop((0..MANY).fold(w.track().boxed(), |x, _| [x, w.track().boxed()].stack::<0>().sum().boxed()));
        chain().backward();
        assert_eq!(w.grad().unwrap().item(), 1.0);
    });
}

#[test]
fn a_state_that_is_used_twice_in_each_step_runs_backward() {
    with_small_stack(|| {
        let w = Param::new(Tensor::<Rank0, f64>::from(1.0));
        let mut h = w.track().boxed();
        for _ in 1..MANY {
            h = (h.shared(|h| h.clone() * 0.5 + h * 0.25) + w.track()).boxed();
        }
        assert!((h.backward() - 4.0).abs() < 1e-12);
        // Of w_i, the sum of those that were added, each 0.75 times as much as the one after it.
        assert!((w.grad().unwrap().item() - 4.0).abs() < 1e-12);
    });
}

#[test]
fn a_cell_runs_many_steps() {
    with_small_stack(|| {
        let rng = &mut Rng::seed(0);
        let cells = [GruCell::<2, 3, f64>::new(rng); 1];
        let x = Tensor::<Rank2<1, 2>, f64>::randn(rng);
        let norm = |steps: usize| {
            let mut h = cells[0].step(x.clone(), Tensor::<Rank2<1, 3>, f64>::zeros()).boxed();
            for _ in 1..steps {
                h = cells[0].step(x.clone(), h).boxed();
            }
            cells.zero_grad();
            h.sum().backward();
            cells.clone().clip_grad_norm(f64::INFINITY)
        };
        // The gradient of steps long ago is 0.
        let (long, longer) = (norm(200), norm(MANY / 10));
        assert!(long > 0.0 && (long - longer).abs() < 1e-9 * long, "{long} {longer}");
    });
}

/// x u + y.
#[derive(Module)]
struct Two {
    u: Param<Rank0, f64>,
}

impl Forward2<Rank0, Rank0, f64> for Two {
    type Output = Rank0;
    fn forward2<M: Mode>(
        &self,
        x: Shared<Rank0, M, f64>,
        y: Shared<Rank0, M, f64>,
    ) -> impl Traced<Rank0, M, f64> {
        x * &self.u + y
    }
}

/// Runs a chain of such steps backward, and drops another one. The gradient of `v`, which is in each step, must be `of_v`; `two` is
/// a module, with a parameter 1.
macro_rules! runs_and_is_dropped {
    (|$v:ident, $h:ident, $two:ident| $step:expr, $of_v:expr) => {
        with_small_stack(|| {
            let [w, v] = [1.0, 0.5].map(|x| Param::new(Tensor::<Rank0, f64>::from(x)));
            let $two = &Two { u: Param::new(Tensor::from(1.0)) };
            let chain = || {
                let mut h = w.track().boxed();
                for _ in 0..MANY {
                    let ($v, $h) = (v.track(), h);
                    h = ($step).boxed();
                }
                h
            };
            drop(chain());
            assert!(w.grad().is_none() && v.grad().is_none());
            chain().backward();
            let grad = v.grad().unwrap().item();
            assert!((grad - $of_v).abs() < 1e-9 * grad.abs(), "{grad}");
        });
    };
}

/// Of h = v + h, MANY times.
const EACH_STEP: f64 = MANY as f64;
/// Of h = v + h / 2, the limit of 1 + 1/2 + 1/4 + ..
const HALVED: f64 = 2.0;

#[test]
fn a_box_may_be_taken_into_a_closure_in_each_step() {
    runs_and_is_dropped!(|v, h, _two| v.shared(|v| v + h), EACH_STEP);
    runs_and_is_dropped!(|v, h, _two| v.shared(|v| v.clone() * 0.5 + h * 0.5 + v * 0.5), HALVED);
    runs_and_is_dropped!(|v, h, _two| v.shared(|v| v.shared(|v| v.shared(|v| v + h))), EACH_STEP);
    runs_and_is_dropped!(|v, h, _two| Tensor::from(0.5).shared(|c| v.shared(|v| h * c + v)), HALVED);
    runs_and_is_dropped!(|v, h, _two| v.shared(|v| (v + h).boxed().shared(|h| h)), EACH_STEP);
    runs_and_is_dropped!(|v, h, _two| Tensor::from(1.0) * v.shared(|v| v + h) * 1.0, EACH_STEP);
    runs_and_is_dropped!(|v, h, two| two.u.track() * 0.0 + v.shared(|v| v + h), EACH_STEP);
    runs_and_is_dropped!(
        |v, h, _two| v.shared(|v| v + h.to::<f32>().to::<f64>()).to::<f32>().to::<f64>(),
        EACH_STEP
    );
    runs_and_is_dropped!(|v, h, _two| [v.shared(|v| v + h)].stack::<0>().sum(), EACH_STEP);
}

#[test]
fn a_box_may_be_the_second_input_of_a_module_in_each_step() {
    runs_and_is_dropped!(|v, h, two| two.train2(v, h), EACH_STEP);
}

#[test]
fn a_box_may_be_the_first_state_of_a_scan_in_each_step() {
    runs_and_is_dropped!(|v, h, _two| v.unsqueeze::<0>().scan(h, |h, x| h * 0.5 + x).sum(), HALVED);
}
