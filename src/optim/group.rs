//! Parameter groups: rates of their own for some of the parameters.

use crate::element::Float;
use crate::nn::{Module, NamedVisitor, Param, Path, Walk};
use crate::shape::Shape;
use std::fmt;

/// A selection of parameters, with a learning rate and weight decay of their own. PyTorch's `param_groups`.
///
/// All conditions of a group must hold. A parameter may be in several groups: it takes each option from the first of them that
/// sets it, and the options that none sets from the optimizer. A group of whose options none takes effect on any parameter is a
/// panic at the first step. (In PyTorch a parameter is in one group.)
///
/// ```
/// use typegrad::optim::Group;
/// use typegrad::prelude::*;
/// // Small steps for the first layer; no decay on biases and norms, those of the first layer included.
/// let adam = Adam::new(1e-3)
///     .weight_decay(0.01)
///     .group(Group::within("0").lr_factor(0.1))
///     .group(Group::of_rank(1).weight_decay(0.0));
///
/// let mut net = <(Linear<4, 3>, Relu, Linear<3, 2>)>::new(&mut Rng::seed(0));
/// net.train(Tensor::<Rank2<5, 4>>::ones()).sum().backward();
/// adam.clone().step(&mut net);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    within: Option<String>,
    named: Option<String>,
    rank: Option<usize>,
    rates: Rates,
}

/// The changes of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rates {
    lr_factor: Option<f64>,
    weight_decay: Option<f64>,
}

impl Rates {
    const DEFAULT: Self = Rates { lr_factor: None, weight_decay: None };

    /// The learning rate, where that of the optimizer is `lr`.
    pub(super) fn lr(self, lr: f64) -> f64 {
        self.lr_factor.map_or(lr, |factor| lr * factor)
    }

    /// The weight decay, where that of the optimizer is `weight_decay`.
    pub(super) fn weight_decay(self, weight_decay: f64) -> f64 {
        self.weight_decay.unwrap_or(weight_decay)
    }

    /// Takes the options that are not set here from a later group. Returns whether one was.
    fn fill(&mut self, later: Rates) -> bool {
        let before = *self;
        self.lr_factor = self.lr_factor.or(later.lr_factor);
        self.weight_decay = self.weight_decay.or(later.weight_decay);
        let taken = |before: Option<f64>, now: Option<f64>| before.is_none() && now.is_some();
        taken(before.lr_factor, self.lr_factor) || taken(before.weight_decay, self.weight_decay)
    }
}

impl Group {
    const ALL: Self = Group { within: None, named: None, rank: None, rates: Rates::DEFAULT };

    /// The parameters of the part of this name, such as `backbone` or `blocks.0`.
    #[must_use]
    pub fn within(path: impl Into<String>) -> Self {
        Group { within: Some(path.into()), ..Group::ALL }
    }

    /// The parameters whose name ends like this, such as `bias` or `fc.weight`.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Group { named: Some(name.into()), ..Group::ALL }
    }

    /// The parameters with this number of axes. Biases and the weights of norms have one.
    #[must_use]
    pub fn of_rank(rank: usize) -> Self {
        Group { rank: Some(rank), ..Group::ALL }
    }

    /// Selects parameters that match both.
    ///
    /// ```
    /// use typegrad::optim::Group;
    /// let biases_of_the_head = Group::within("head").and(Group::named("bias")).lr_factor(2.0);
    /// ```
    ///
    /// The options are those of `self`.
    ///
    /// # Panics
    /// If both have the same kind of condition.
    #[must_use]
    #[track_caller]
    pub fn and(self, other: Group) -> Self {
        let twice = (self.within.is_some() && other.within.is_some())
            || (self.named.is_some() && other.named.is_some())
            || (self.rank.is_some() && other.rank.is_some());
        assert!(!twice, "a group can have only one condition of each kind, got {self} and {other}");
        Group {
            within: self.within.or(other.within),
            named: self.named.or(other.named),
            rank: self.rank.or(other.rank),
            rates: self.rates,
        }
    }

    /// Sets the learning rate of the group, as a multiple of the optimizer's, so that a schedule changes both.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn lr_factor(mut self, factor: f64) -> Self {
        assert!(0.0 <= factor, "Invalid learning rate factor: {factor:?}");
        self.rates.lr_factor = Some(factor);
        self
    }

    /// Sets the weight decay of the group.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        assert!(0.0 <= weight_decay, "Invalid weight_decay value: {weight_decay:?}");
        self.rates.weight_decay = Some(weight_decay);
        self
    }

    /// The message for a group that changes nothing. It has a parameter, or not.
    fn useless(&self, has_parameter: bool) -> String {
        match &self.named {
            _ if has_parameter && self.rates == Rates::DEFAULT => {
                format!("the group {self} sets no option: write `.lr_factor(0.1)` or `.weight_decay(0.0)`")
            }
            _ if has_parameter => format!(
                "the group {self} has no effect: groups before it set its options for all of its parameters; add the \
                 smaller group first"
            ),
            Some(name) => format!(
                "no parameter is in the group {self}; a name is that of parameters, such as `bias`, and a layer is \
                 `Group::within({name:?})`"
            ),
            None => format!("no parameter is in the group {self}"),
        }
    }

    fn fits(&self, name: &str, rank: usize) -> bool {
        let within =
            |part: &str| name.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let named =
            |end: &str| name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        self.within.as_deref().is_none_or(within)
            && self.named.as_deref().is_none_or(named)
            && self.rank.is_none_or(|wanted| wanted == rank)
    }
}

impl fmt::Display for Group {
    /// Its conditions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = self.within.as_ref().map(|part| format!("within `{part}`"));
        let named = self.named.as_ref().map(|end| format!("named `{end}`"));
        let rank = self.rank.map(|rank| format!("of rank {rank}"));
        let conditions: Vec<_> = [within, named, rank].into_iter().flatten().collect();
        f.write_str(&conditions.join(" and "))
    }
}

/// No number is one: the method `lr` exists for its message.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the learning rate of a group is a multiple of the optimizer's, so that a schedule changes both",
    label = "not a rate of a group",
    note = "write `.lr_factor(0.1)`: with `Adam::new(1e-3)` the group has the rate 1e-4"
)]
pub trait RateOfGroup {}

// One line: rustc shows it in errors.
#[rustfmt::skip]
#[doc(hidden)]
impl Group {
    pub fn lr<T: RateOfGroup, R>(self, _: T) -> R { unreachable!() } // `.lr_factor(0.1)`
}

/// The groups of an optimizer, and the rates of each parameter in the order in which they are visited.
#[derive(Clone, Default)]
pub(super) struct ParamGroups {
    groups: Vec<Group>,
    rates: Vec<Rates>,
}

impl ParamGroups {
    /// Adds a group after the others.
    pub(super) fn push(&mut self, group: Group) {
        self.groups.push(group);
        self.rates.clear();
    }

    /// The rates of the parameters of a module, which are found out at the first call.
    ///
    /// # Panics
    /// If a group changes nothing: its name is misspelt, or groups before it set its options.
    #[track_caller]
    pub(super) fn rates(&mut self, module: &impl Module) -> RatesIter<'_> {
        if self.rates.is_empty() && !self.groups.is_empty() {
            let uses = vec![Use::Nothing; self.groups.len()];
            let mut sort = Walk::new(Sort { groups: &self.groups, rates: &mut self.rates, uses });
            module.visit(&mut sort);
            let uses = sort.visitor.uses;
            let useless = uses.iter().zip(&self.groups).find(|(used, _)| **used != Use::Effect);
            if let Some((used, group)) = useless {
                self.rates.clear();
                panic!("{}", group.useless(*used == Use::Parameter));
            }
        }
        RatesIter(self.rates.iter())
    }
}

/// The rates of one parameter after the other.
pub(super) struct RatesIter<'g>(std::slice::Iter<'g, Rates>);

impl RatesIter<'_> {
    pub(super) fn next(&mut self) -> Rates {
        self.0.next().copied().unwrap_or(Rates::DEFAULT)
    }
}

struct Sort<'g> {
    groups: &'g [Group],
    rates: &'g mut Vec<Rates>,
    uses: Vec<Use>,
}

/// The use of a group so far.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    /// It has no parameter.
    Nothing,
    /// It has parameters, and changes none.
    Parameter,
    /// It sets an option of a parameter.
    Effect,
}

impl<'a> NamedVisitor<'a> for Sort<'_> {
    const FROZEN: bool = false;
    fn param<S: Shape, E: Float>(&mut self, at: &Path, _: &'a Param<S, E>) {
        let name = at.to_string();
        let mut rates = Rates::DEFAULT;
        for (group, used) in self.groups.iter().zip(&mut self.uses) {
            if group.fits(&name, S::RANK) {
                if rates.fill(group.rates) {
                    *used = Use::Effect;
                } else if *used == Use::Nothing {
                    *used = Use::Parameter;
                }
            }
        }
        self.rates.push(rates);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_part_by_part() {
        let within = Group::within("blocks.1");
        assert!(within.fits("blocks.1", 1) && within.fits("blocks.1.bias", 1));
        assert!(!within.fits("blocks.10.bias", 1) && !within.fits("a.blocks.1.bias", 1));
        let named = Group::named("fc.bias");
        assert!(named.fits("fc.bias", 1) && named.fits("a.fc.bias", 1));
        assert!(!named.fits("a.nofc.bias", 1) && !named.fits("fc.bias.a", 1));
        let both = Group::within("a").and(Group::of_rank(1));
        assert!(both.fits("a.b", 1) && !both.fits("a.b", 2) && !both.fits("b", 1));
        assert_eq!(both.to_string(), "within `a` and of rank 1");
    }

    #[test]
    #[should_panic(
        expected = "a group can have only one condition of each kind, got within `a` and within `b`"
    )]
    fn a_parameter_is_not_in_two_parts() {
        let _ = Group::within("a").and(Group::within("b"));
    }
}
