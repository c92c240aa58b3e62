//! State dicts that consist of those of several modules.

use super::state_dict::StateDict;
use super::state_tensor::StateError;

impl StateDict {
    /// Adds the entries of another state dict at the end, under `name` and a dot: two networks, an average and an early stopping in
    /// one file. [`part`](Self::part) takes them out. PyTorch's `{"generator": g.state_dict(), "critic": c.state_dict()}`.
    ///
    /// ```
    /// use typegrad::io::Checkpoint;
    /// use typegrad::nn::{AveragedModel, StateDict, Strict};
    /// use typegrad::prelude::*;
    /// use typegrad::train::EarlyStopping;
    /// let rng = &mut Rng::seed(0);
    /// let (mut generator, critic) = (Linear::<4, 2>::new(rng), Linear::<2, 1>::new(rng));
    /// let (mut average, mut stopping) = (AveragedModel::ema(&generator, 0.99), EarlyStopping::new(5));
    /// average.update(&generator);
    /// stopping.update(0.5, &generator);
    ///
    /// let mut model = StateDict::new();
    /// model.insert_part("generator", generator.state_dict())?;
    /// model.insert_part("critic", critic.state_dict())?;
    /// model.insert_part("average", average.state_dict())?;
    /// model.insert_part("stopping", stopping.state_dict())?;
    /// assert_eq!(model.names().next(), Some("generator.weight"));
    /// let path = std::env::temp_dir().join("typegrad-parts.bin");
    /// Checkpoint { model, ..Checkpoint::default() }.save(&path)?;
    ///
    /// let saved = Checkpoint::load(&path)?.model;
    /// generator.load_state_dict(&saved.part("generator"), Strict::Yes)?;
    /// average.load_state_dict(&saved.part("average"))?;
    /// stopping.load_state_dict(&saved.part("stopping"))?;
    /// # std::fs::remove_file(path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The states of two optimizers, schedulers or generators go into one field of a checkpoint in the same way. An empty
    /// `name` adds the entries under their own names.
    ///
    /// # Errors
    /// If one of the names is taken, such as by a part of the same name; nothing is changed then.
    pub fn insert_part(&mut self, name: &str, part: StateDict) -> Result<(), StateError> {
        let part = part.add_prefix(&prefix(name));
        let names = part.names().chain(part.opaque().map(|(name, _)| name));
        if let Some(taken) = names.into_iter().find(|name| !self.is_free(name)) {
            return Err(StateError::Duplicate { name: taken.to_owned() });
        }
        for (name, kind) in part.opaque() {
            self.insert_opaque(name, kind.to_owned())?;
        }
        for (name, tensor) in part {
            self.insert(name, tensor)?;
        }
        Ok(())
    }

    /// The entries under `name` and a dot, without these: what [`insert_part`](Self::insert_part) added, or the tensors of one
    /// layer. The memory is shared. It is empty if there are none, and then does not load into a module with parameters.
    ///
    /// ```
    /// use typegrad::nn::Strict;
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let dict = <(Linear<4, 3>, Relu, Linear<3, 2>)>::new(rng).state_dict();
    /// let mut head = Linear::<3, 2>::new(rng);
    /// head.load_state_dict(&dict.part("2"), Strict::Yes)?;
    /// # Ok::<(), typegrad::nn::LoadError>(())
    /// ```
    #[must_use]
    pub fn part(&self, name: &str) -> StateDict {
        let (prefix, mut part) = (prefix(name), StateDict::new());
        for (name, tensor) in self.iter() {
            if let Some(name) = name.strip_prefix(&*prefix) {
                part.insert(name, tensor.clone()).expect("names that differ still do");
            }
        }
        for (name, kind) in self.opaque() {
            if let Some(name) = name.strip_prefix(&*prefix) {
                part.insert_opaque(name, kind.to_owned()).expect("names that differ still do");
            }
        }
        part
    }
}

/// The prefix of the names of a part.
fn prefix(name: &str) -> String {
    if name.is_empty() || name.ends_with('.') { name.to_owned() } else { format!("{name}.") }
}
