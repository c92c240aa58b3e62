//! A run with everything that has a state, killed after every step and resumed: the losses are bit-identical.

use super::Folder;
use typegrad::data::{DataLoader, Dataset, Epoch, TensorDataset};
use typegrad::io::Checkpoint;
use typegrad::nn::Strict;
use typegrad::optim::{CosineAnnealingLr, Group, LrScheduler};
use typegrad::prelude::*;

/// Two epochs of six batches, the last of which is padded, and two batches more.
const STEPS: usize = 14;

/// Buffers, a frozen part, and two generators.
#[derive(Module)]
struct Net {
    features: Frozen<Linear<3, 8>>,
    norm: BatchNorm1d<8>,
    dropout: Dropout,
    lstm: Lstm<8, 4, 2>,
    head: Linear<4, 1>,
}

impl<const B: usize> Forward<Rank2<B, 3>> for Net {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        let x = self.features.call(x);
        let x = self.norm.call(x).tanh();
        let x = self.dropout.call(x).unsqueeze::<0>();
        let x = self.lstm.call(x).squeeze::<0>();
        self.head.call(x)
    }
}

type Data = TensorDataset<(Const<3>,), f32, (Const<1>,), f32>;

struct Training<O> {
    net: Net,
    optimizer: O,
    schedule: LrScheduler<CosineAnnealingLr>,
    data: DataLoader<Data, 4>,
    batches: Epoch<Data, 4>,
    rng: Rng,
    epoch: u64,
}

impl<O: Optimizer> Training<O> {
    fn begin(mut optimizer: O) -> Self {
        let rng = &mut Rng::seed(11);
        let (x, y) = (Tensor::<Rank2<23, 3>>::randn(rng), Tensor::<Rank2<23, 1>>::randn(rng));
        let data = TensorDataset::new(x, y).batches();
        let mut net = Net::new(rng);
        net.lstm = net.lstm.dropout(0.3);
        let schedule = CosineAnnealingLr::new(STEPS).start(&mut optimizer);
        let batches = data.epoch(rng);
        Training { net, optimizer, schedule, data, batches, rng: rng.clone(), epoch: 0 }
    }

    fn step(&mut self) -> u32 {
        let batch = loop {
            match self.batches.next() {
                Some(batch) => break batch,
                None => (self.batches, self.epoch) = (self.data.epoch(&mut self.rng), self.epoch + 1),
            }
        };
        let (x, y) = batch.data;
        let noise = Tensor::<Rank2<4, 3>>::randn(&mut self.rng);
        self.net.zero_grad();
        let predicted = self.net.train(x.map(|x| x + noise * 0.1));
        let loss = predicted.zip(y, |predicted, y| (predicted - y).powi(2)).mean().backward();
        self.net.clip_grad_norm(1.0);
        self.optimizer.step(&mut self.net);
        self.schedule.step(&mut self.optimizer);
        loss.to_bits()
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            model: self.net.state_dict(),
            optimizer: self.optimizer.state_dict(),
            scheduler: self.schedule.state_dict(),
            generators: self.net.generator_state(),
            rng: Some(self.rng.clone()),
            epoch: self.epoch,
            position: Some(self.batches.position()),
            extra: vec![],
        }
    }

    /// In another process, which has nothing but the program and the file.
    fn resume(optimizer: O, saved: Checkpoint) -> Self {
        let mut new = Training::begin(optimizer);
        // As far from what was saved as it can be.
        let other = &mut Rng::seed(99);
        new.net = Net::new(other);
        new.net.lstm = new.net.lstm.dropout(0.3);
        new.net.load_state_dict(&saved.model, Strict::Yes).unwrap();
        new.net.load_generator_state(&saved.generators).unwrap();
        new.optimizer.load_state_dict(&saved.optimizer, &new.net).unwrap();
        new.schedule.load_state_dict(&saved.scheduler).unwrap();
        new.batches = new.data.resume(saved.position.unwrap());
        Training { rng: saved.rng.unwrap(), epoch: saved.epoch, ..new }
    }
}

fn resumes_after_every_step(optimizer: &(impl Optimizer + Clone), name: &str) {
    let folder = Folder::new(name);
    let path = folder.0.join("checkpoint");
    let mut whole = Training::begin(optimizer.clone());
    let losses: Vec<_> = (0..STEPS).map(|_| whole.step()).collect();
    assert_eq!(whole.epoch, 2);
    let end = whole.checkpoint();
    for killed in 0..STEPS {
        let mut first = Training::begin(optimizer.clone());
        let mut resumed: Vec<_> = (0..killed).map(|_| first.step()).collect();
        first.checkpoint().save(&path).unwrap();
        let saved = Checkpoint::load(&path).unwrap();
        assert_eq!(saved, first.checkpoint());
        drop(first);
        let mut second = Training::resume(optimizer.clone(), saved);
        resumed.extend((killed..STEPS).map(|_| second.step()));
        assert_eq!(resumed, losses, "killed after {killed} steps");
        assert_eq!(second.checkpoint(), end);
    }
    // Each part matters: without it the losses differ.
    let mut half = Training::begin(optimizer.clone());
    (0..STEPS / 2).for_each(|_| {
        half.step();
    });
    let mut without = vec![half.checkpoint(); 5];
    without[0].optimizer = whole.optimizer.state_dict();
    without[1].scheduler = whole.schedule.state_dict();
    without[2].generators = Net::new(&mut Rng::seed(1)).generator_state();
    without[3].rng = Some(Rng::seed(2));
    without[4].position = Some(0.into());
    for (part, saved) in without.into_iter().enumerate() {
        let mut training = Training::resume(optimizer.clone(), saved);
        let resumed: Vec<_> = (STEPS / 2..STEPS).map(|_| training.step()).collect();
        assert_ne!(resumed, losses[STEPS / 2..], "part {part}");
    }
}

fn groups() -> [Group; 2] {
    [Group::within("lstm").lr_factor(0.5), Group::of_rank(1).weight_decay(0.0)]
}

#[test]
fn adam_w_with_groups_resumes_exactly() {
    let [slow, still] = groups();
    resumes_after_every_step(
        &AdamW::new(0.05).weight_decay(0.1).group(slow).group(still),
        "everything-adam-w",
    );
}

#[test]
fn adam_with_groups_resumes_exactly() {
    let [slow, still] = groups();
    let adam = Adam::new(0.05).amsgrad().weight_decay(0.1).group(slow).group(still);
    resumes_after_every_step(&adam, "everything-adam");
}
