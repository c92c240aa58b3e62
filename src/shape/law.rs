//! Requirements on sizes that the type checker cannot compare: values, which constants assert where a computation is
//! instantiated, and which [`check`](crate::nn::check) reads from the type of a graph.

use super::Message;

/// The violated requirement on some sizes, or `None`.
pub type Broken = Option<&'static str>;

/// A requirement on sizes. The type that implements it names them.
pub trait Law {
    /// The violated requirement, or `None`.
    const WRONG: Option<Message>;
    /// The same as text.
    const BROKEN: Broken = in_words(&Self::WRONG);
    /// Fails to evaluate if something is wrong. A function names it, `let () = SameCount::<S, T>::HOLDS;`, and is reported
    /// at the line that calls it. rustc prints its types, so no graph is among them.
    const HOLDS: () = ok(Self::BROKEN);
}

/// No requirement.
impl Law for () {
    const WRONG: Option<Message> = None;
}

/// All of them.
impl<A: Law, B: Law> Law for (A, B) {
    const WRONG: Option<Message> = if A::WRONG.is_some() { A::WRONG } else { B::WRONG };
    const BROKEN: Broken = first(A::BROKEN, B::BROKEN);
}

/// Defines a requirement on one number: `number_law!(Bins: |n| n > 0, "histc needs at least one bin");`.
macro_rules! number_law {
    ($name:ident: |$n:ident| $holds:expr, $text:literal) => {
        struct $name<const N: usize>;

        impl<const N: usize> $crate::shape::Law for $name<N> {
            const WRONG: Option<$crate::shape::Message> = {
                let $n = N;
                if $holds { None } else { Some($crate::shape::Message::new().text($text)) }
            };
        }
    };
}
pub(crate) use number_law;

/// The text of what is wrong.
pub(crate) const fn in_words(wrong: &Option<Message>) -> Option<&str> {
    match wrong {
        Some(message) => Some(message.as_str()),
        None => None,
    }
}

/// Fails to evaluate if something is wrong. rustc names the caller as the place, and underlines the call: the name is short.
#[track_caller]
pub(super) const fn ok(broken: Broken) {
    if let Some(text) = broken {
        panic!("{}", text)
    }
}

/// The requirements of a module on the sizes of its input.
#[derive(Clone, Copy, Debug)]
pub struct Laws {
    always: Broken,
    in_training: Broken,
    /// Whether they are those of modules that this one calls.
    of_parts: bool,
}

impl Laws {
    /// No requirements, or all are met.
    pub const MET: Laws = Laws { always: None, in_training: None, of_parts: false };

    /// A requirement in every mode.
    #[must_use]
    pub const fn always(broken: Broken) -> Self {
        Laws { always: broken, ..Laws::MET }
    }

    /// A requirement where layers train.
    #[must_use]
    pub const fn in_training(broken: Broken) -> Self {
        Laws { in_training: broken, ..Laws::MET }
    }

    /// These requirements, then others.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Laws {
            always: first(self.always, others.always),
            in_training: first(self.in_training, others.in_training),
            of_parts: self.of_parts,
        }
    }

    /// Fails to evaluate if one is not met in any mode.
    #[track_caller]
    pub(crate) const fn hold(self) {
        ok(self.always);
    }

    /// These requirements, which are those of the modules that this one calls.
    #[must_use]
    pub const fn of_parts(self) -> Self {
        Laws { of_parts: true, ..self }
    }

    /// The first one that is not met and holds where layers train.
    pub(crate) const fn wrong_in_training(self) -> Broken {
        self.in_training
    }

    /// The first requirement that is not met and is the module's own. `law` is the one on its type.
    pub(crate) const fn own(self, law: TypeLaw, training: bool) -> Broken {
        let always = first(law.own, self.always);
        match (self.of_parts, training) {
            (true, _) => None,
            (false, true) => first(always, self.in_training),
            (false, false) => always,
        }
    }

    /// These requirements for a module that does not train.
    #[must_use]
    pub const fn without_training(self) -> Self {
        Laws { in_training: None, ..self }
    }
}

/// The requirements on the parameters of the type of a module, such as that its heads divide its width. Constructors assert them,
/// and `#[derive(Module)]` does so at each field whose type has no parameters of the struct.
#[derive(Clone, Copy, Debug)]
pub struct TypeLaw {
    own: Broken,
    /// That of a module in it.
    of_parts: Broken,
    /// Whether one is not met at a field, and is an error there.
    reported: bool,
}

impl TypeLaw {
    /// No requirements, or all are met.
    pub const MET: TypeLaw = TypeLaw { own: None, of_parts: None, reported: false };

    /// A requirement of the module itself.
    #[must_use]
    pub const fn own(broken: Broken) -> Self {
        TypeLaw { own: broken, ..TypeLaw::MET }
    }

    /// The same requirements, and those of the modules in it.
    #[must_use]
    pub const fn with_parts(self, parts: &[TypeLaw]) -> Self {
        let (mut law, mut i) = (self, 0);
        while i < parts.len() {
            law.of_parts = first(law.of_parts, parts[i].broken());
            law.reported = law.reported || parts[i].reported;
            i += 1;
        }
        law
    }

    /// The same, asserted at a field.
    #[must_use]
    pub const fn at_field(self) -> Self {
        TypeLaw { reported: self.reported || self.broken().is_some(), ..TypeLaw::MET }
    }

    /// Fails to evaluate if one is not met and is not an error elsewhere.
    #[track_caller]
    pub const fn assert(self) {
        ok(self.broken());
    }

    pub(crate) const fn is_reported(self) -> bool {
        self.reported
    }

    /// The first one that is not met and is not an error elsewhere.
    pub(crate) const fn broken(self) -> Broken {
        first(self.own, self.of_parts)
    }
}

/// The first of two violated requirements.
pub(crate) const fn first(a: Broken, b: Broken) -> Broken {
    match a {
        Some(_) => a,
        None => b,
    }
}
