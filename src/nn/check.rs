//! Checks of a network at compile time.

use super::Forward;
use crate::element::Element;
use crate::graph::{
    CheckMode, ChecksInput, Field, ModuleOutline, Outline, Scope, Train, outline_of, reaches_parameters,
    refused_by, same_text,
};
use crate::module::Call;
use crate::shape::{Broken, Message, Shape, TypeLaw};

/// Checks what the network `L` computes from an input of shape `S`. In a constant, it fails to compile if sizes do not fit or
/// if no gradient reaches a layer.
///
/// `#[module(input = S)]` and [`check!`](crate::check) call it. `cargo check` and editors show what it finds; without it,
/// sizes are compared only when the program is built. The message names the layer:
///
/// ```compile_fail
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// #[module(input = Rank4<8, 1, 28, 28>)]
/// struct Cnn {
///     conv: Conv2d<1, 16, 3>,
///     fc: Linear<10000, 10>, // in `Cnn.fc`: the layer `Linear` takes inputs of width 10000, but this one is 10816 wide
/// }
///
/// impl<const B: usize> Forward<Rank4<B, 1, 28, 28>> for Cnn {
///     type Output = Rank2<B, 10>;
///     fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 28, 28>, M>) -> impl Traced<Self::Output, M> {
///         let x = self.conv.call(x).relu();
///         self.fc.call(x.flatten_axes::<1, -1>())
///     }
/// }
/// ```
///
/// It does not see parts that depend on constants alone, graphs in [`boxed`](crate::Tensor::boxed), and a layer without gradient
/// in a network that uses another one twice.
#[track_caller]
pub const fn check<L, S, E, I>()
where
    L: Forward<S, E, I>,
    S: Shape,
    E: Element,
    I: Element,
{
    if let Some(message) = wrong::<L, S, E, I>() {
        panic!("{}", message.as_str())
    }
}

/// [`check`], and checks that the loss `T` takes what the network `L` computes from an input of shape `S`: scores, probabilities,
/// or logarithms of probabilities. In a constant, it fails to compile if not, and if all parameters are frozen.
///
/// `#[module(input = S, loss = T)]` and [`check!`](crate::check) call it:
///
/// ```compile_fail,E0080
/// use typegrad::prelude::*;
/// type Net = (Linear<64, 10>, Softmax<-1>);
/// // in `Sequential`: cross_entropy takes scores, and this is their softmax: remove the softmax, cross_entropy contains it
/// typegrad::check!(Net, Rank2<32, 64>, loss = CrossEntropyLoss);
/// ```
#[track_caller]
pub const fn check_loss<L, S, E, I, T>()
where
    L: Forward<S, E, I>,
    S: Shape,
    E: Element,
    I: Element,
    T: ChecksInput,
{
    // Not two functions in two constants: a network that does not take the shape would be two errors.
    check::<L, S, E, I>();
    let Some(run) = Call::<L, S, E, I, CheckMode>::RUN else { return };
    let refused = refused_by::<T, L, (_, _), _>(<L as Forward<S, E, I>>::forward::<CheckMode>);
    let reaches = reaches_parameters::<(_, _), _>(<L as Forward<S, E, I>>::forward::<Train>);
    if let Some(message) = wrong_with_loss(run, refused, reaches) {
        panic!("{}", message.as_str())
    }
}

/// The mistake in a network beside its loss, if there is one.
pub(super) const fn wrong_with_loss(run: &ModuleOutline, refused: Broken, reaches: bool) -> Option<Message> {
    match refused {
        Some(text) => Some(Path::new(run).with(text)),
        None if reaches => None,
        None => {
            let text = "there is nothing to train: all parameters are in `Frozen`, or cut off by `detach`";
            Some(Path::new(run).with(text))
        }
    }
}

/// The mistake in a network, if there is one.
pub(super) const fn wrong<L, S, E, I>() -> Option<Message>
where
    L: Forward<S, E, I>,
    S: Shape,
    E: Element,
    I: Element,
{
    let Some(run) = Call::<L, S, E, I, CheckMode>::RUN else { return None };
    wrong_in(run, L::TYPE_LAW, outline_of::<(_, _), _>(<L as Forward<S, E, I>>::forward::<CheckMode>))
}

/// The mistake in a run of a network, which has the outline `inside`. A network with an error at a field has no second one.
pub(super) const fn wrong_in(run: &ModuleOutline, law: TypeLaw, inside: &Outline) -> Option<Message> {
    match sizes(run, inside) {
        _ if law.is_reported() => None,
        None => gradients(Path::new(run), run, inside),
        wrong => wrong,
    }
}

/// The first size that does not fit, and where.
const fn sizes(run: &ModuleOutline, inside: &Outline) -> Option<Message> {
    let path = Path::new(run);
    match run.broken {
        Some(text) => Some(path.with(text)),
        None => broken(path, run, inside, inside, &mut 0),
    }
}

/// The first size that does not fit in a `piece` of what is inside the module `outer`. `calls` counts the modules that it
/// calls.
const fn broken(
    path: Path,
    outer: &ModuleOutline,
    inside: &Outline,
    piece: &Outline,
    calls: &mut usize,
) -> Option<Message> {
    match piece {
        Outline::Broken(text) => Some(path.with(text)),
        Outline::Then(first, second) => match broken(path, outer, inside, first, calls) {
            None => broken(path, outer, inside, second, calls),
            found => found,
        },
        Outline::Times(_, once) => broken(path, outer, inside, once, calls),
        Outline::Module(run, body) => {
            let before = *calls;
            *calls += 1;
            match (run.broken, field(outer, run, before)) {
                (None, field) => broken(path.into(field, run), run, body, body, &mut 0),
                (Some(text), Holder::OneOfMany) => {
                    Some(path.call(run, ordinal(inside, run, before)).with(text))
                }
                (Some(text), field) => Some(path.into(field, run).with(text)),
            }
        }
        Outline::Nothing | Outline::Unknown | Outline::Parameters(_) => None,
    }
}

/// The number of modules like `run` among the first `calls + 1` that are called.
const fn ordinal(inside: &Outline, run: &ModuleOutline, calls: usize) -> usize {
    count(inside, run.parts.name, run.parameters, &mut (calls + 1))
}

/// The number of modules with this name and number of parameters among the first `left` that are called.
const fn count(piece: &Outline, name: &str, parameters: Option<usize>, left: &mut usize) -> usize {
    match piece {
        Outline::Then(first, second) => {
            count(first, name, parameters, left) + count(second, name, parameters, left)
        }
        Outline::Times(_, once) => count(once, name, parameters, left),
        Outline::Module(run, _) if *left > 0 => {
            *left -= 1;
            (same_text(run.parts.name, name) && same_number(run.parameters, parameters)) as usize
        }
        _ => 0,
    }
}

/// The innermost module that has parameters which no gradient reaches.
const fn gradients(path: Path, run: &ModuleOutline, body: &Outline) -> Option<Message> {
    match inner_gradients(path, run, body, &mut 0) {
        None => unreached(path, run, body),
        found => found,
    }
}

const fn inner_gradients(
    path: Path,
    outer: &ModuleOutline,
    piece: &Outline,
    calls: &mut usize,
) -> Option<Message> {
    match piece {
        Outline::Then(first, second) => match inner_gradients(path, outer, first, calls) {
            None => inner_gradients(path, outer, second, calls),
            found => found,
        },
        Outline::Times(_, once) => inner_gradients(path, outer, once, calls),
        Outline::Module(run, body) => {
            let field = field(outer, run, *calls);
            *calls += 1;
            gradients(path.into(field, run), run, body)
        }
        Outline::Nothing | Outline::Unknown | Outline::Parameters(_) | Outline::Broken(_) => None,
    }
}

/// The parameters of a module that no gradient reaches: those that its graph lacks. A parameter that is used twice counts
/// twice there, so that fewer may be found than there are. In `Frozen` and `Checkpointed` nothing is reported.
const fn unreached(path: Path, run: &ModuleOutline, body: &Outline) -> Option<Message> {
    if run.parts.wraps {
        return None;
    }
    let (Some(fields), Some(all), Some(reached)) = (run.parts.fields, run.parameters, body.parameters())
    else {
        return None;
    };
    let (mut wanted, mut i) = (all, 0);
    while i < fields.len() {
        if let (true, Some(count)) = (fields[i].may_be_unused, fields[i].parameters) {
            wanted -= count;
        }
        i += 1;
    }
    if reached >= wanted {
        return None;
    }
    let missing = wanted - reached;
    let mut text = path.text.text("`: no gradient reaches ");
    // A field that alone has as many, or else each that may be it.
    let (mut named, mut exact) = (0, false);
    i = 0;
    while i < fields.len() {
        exact = exact || is_candidate(&fields[i], body) && same_number(fields[i].parameters, Some(missing));
        i += 1;
    }
    i = 0;
    while i < fields.len() {
        let fits = !exact || same_number(fields[i].parameters, Some(missing));
        if fits && is_candidate(&fields[i], body) {
            text = text.text(if named == 0 { "`" } else { " or `" }).text(fields[i].name).text("`");
            named += 1;
        }
        i += 1;
    }
    if named == 0 {
        text = text.text("some parameters");
    }
    let text = text
        .text(" (")
        .number(missing)
        .text(" elements): `forward` does not use it, or detaches what it computes.");
    Some(text.text(" `#[module(unused)]` on a field allows that"))
}

/// Whether a field has parameters, and nothing like it is called or used.
const fn is_candidate(field: &Field, body: &Outline) -> bool {
    match field.parameters {
        Some(0) => false,
        Some(_) if field.may_be_unused => false,
        Some(elements) if same_text(field.module, "Param") => !uses(body, elements),
        parameters => count(body, field.module, parameters, &mut { usize::MAX }) == 0,
    }
}

/// Whether a module uses a parameter with so many elements outside of the modules that it calls.
const fn uses(piece: &Outline, elements: usize) -> bool {
    match piece {
        Outline::Parameters(count) => *count == elements,
        Outline::Then(first, second) => uses(first, elements) || uses(second, elements),
        Outline::Times(_, once) => uses(once, elements),
        Outline::Nothing | Outline::Unknown | Outline::Broken(_) | Outline::Module(..) => false,
    }
}

/// Where something is: in a field of a field of a module.
#[derive(Clone, Copy)]
struct Path {
    text: Message,
}

impl Path {
    const fn new(run: &ModuleOutline) -> Self {
        Path { text: Message::new().text("in `").text(run.parts.name) }
    }

    const fn with(self, text: &str) -> Message {
        self.text.text("`: ").text(text)
    }

    /// Into a field, which holds the module `run`.
    const fn into(self, field: Holder, run: &ModuleOutline) -> Self {
        match field {
            Holder::Field(name) => Path { text: self.text.text(".").text(name) },
            // A wrapper gives its part no name.
            Holder::Nameless => self,
            Holder::OneOfMany => Path::new(run),
        }
    }

    /// Into the module `run`, which is the `number`th of its type that is called.
    const fn call(self, run: &ModuleOutline, number: usize) -> Self {
        Path { text: self.text.text("`, in call ").number(number).text(" of a `").text(run.parts.name) }
    }
}

/// Which field a module is in.
#[derive(Clone, Copy)]
enum Holder {
    Field(&'static str),
    OneOfMany,
    Nameless,
}

/// The field of `outer` that holds the module `run`, before which it calls `before` others.
const fn field(outer: &ModuleOutline, run: &ModuleOutline, before: usize) -> Holder {
    let Some(fields) = outer.parts.fields else { return Holder::Nameless };
    if outer.parts.in_order && before < fields.len() {
        return Holder::Field(fields[before].name);
    }
    let (mut found, mut i) = (None, 0);
    while i < fields.len() {
        if is_like(&fields[i], run) {
            if found.is_some() {
                return Holder::OneOfMany;
            }
            found = Some(fields[i].name);
        }
        i += 1;
    }
    match found {
        Some(name) => Holder::Field(name),
        None => Holder::OneOfMany,
    }
}

/// Whether a field may hold the module: as much of its type as constants can compare.
const fn is_like(field: &Field, run: &ModuleOutline) -> bool {
    same_text(field.module, run.parts.name) && same_number(field.parameters, run.parameters)
}

const fn same_number(a: Option<usize>, b: Option<usize>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b,
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::wrong;
    use crate::nn::Checkpointed;
    use crate::prelude::*;

    /// Layers that are right: each parameter is reached, with literal and with computed sizes.
    #[test]
    fn right_layers_pass() {
        crate::check!(Linear<4, 3>, Rank2<2, 4>);
        crate::check!(NoBias<Linear<4, 3>>, Rank1<4>);
        crate::check!((Conv1d<2, 4, 3>, Relu, crate::nn::MaxPool1d<2>, Flatten, Linear<12, 3>), Rank3<2, 2, 8>);
        crate::check!((Conv2d<1, 4, 3>, BatchNorm2d<4>, MaxPool2d<2>, Flatten, Linear<36, 3>), Rank4<2, 1, 8, 8>);
        crate::check!((ConvTranspose2d<2, 4, 2, 2>, GroupNorm<2, 4>), Rank4<2, 2, 3, 3>);
        crate::check!((LayerNorm<4>, RmsNorm<4>, Dropout, Residual<Linear<4, 4>>), Rank2<2, 4>);
        crate::check!([(Linear<4, 4>, Relu); 3], Rank2<2, 4>);
        crate::check!(Embedding<9, 4>, Rank2<2, 3>, f32, i64);
        crate::check!(Rnn<3, 4>, Rank3<2, 5, 3>);
        crate::check!((Lstm<3, 4, 2, true>, Linear<8, 2>), Rank3<2, 5, 3>);
        crate::check!(Gru<3, 4, 1, false, f64>, Rank2<5, 3>);
        crate::check!(MultiheadAttention<8, 2>, Rank3<2, 5, 8>);
        crate::check!(TransformerEncoderLayer<8, 2, 16>, Rank3<2, 5, 8>);
        crate::check!((Frozen<Linear<4, 3>>, Linear<3, 2>), Rank2<2, 4>);
        crate::check!(Frozen<BatchNorm1d<4>>, Rank2<1, 4>);
        crate::check!(Checkpointed<(Linear<4, 3>, Linear<3, 2>)>, Rank2<2, 4>);
    }

    fn text<L: Forward<S, E, I>, S: Shape, E: Element, I: Element>() -> String {
        wrong::<L, S, E, I>().map_or(String::new(), |message| message.as_str().to_owned())
    }

    #[test]
    fn the_layer_that_does_not_fit_is_named() {
        type Pools = (MaxPool2d<2>, (MaxPool2d<2>, MaxPool2d<2>), MaxPool2d<2>);
        assert!(
            text::<Pools, Rank4<1, 1, 4, 4>, f32, f32>()
                .starts_with("in `Sequential.1.1`: the kernel of max_pool2d")
        );
        type Norms = (Linear<4, 4>, [Residual<(Relu, BatchNorm1d<4>)>; 2]);
        let norm = "the layer `BatchNorm1d` needs more than 1 value";
        assert!(text::<Norms, Rank2<1, 4>, f32, f32>().contains(norm));
    }

    #[test]
    fn batch_norm_trains_on_more_than_one_value_unless_it_is_frozen() {
        assert!(
            text::<BatchNorm1d<4>, Rank2<1, 4>, f32, f32>()
                .contains("more than 1 value per channel when training")
        );
        assert_eq!(text::<Frozen<BatchNorm1d<4>>, Rank2<1, 4>, f32, f32>(), "");
        assert_eq!(text::<BatchNorm1d<4>, Rank2<2, 4>, f32, f32>(), "");
    }

    /// A network whose only mistake is the one in its name.
    macro_rules! network {
        ($name:ident { $($(#[$attr:meta])* $field:ident: $layer:ty),* }, |$this:ident, $x:ident| $body:expr) => {
            #[derive(Module)]
            struct $name { $($(#[$attr])* $field: $layer),* }

            impl<const B: usize> Forward<Rank2<B, 4>> for $name {
                type Output = Rank2<B, 4>;
                fn forward<M: Mode>(&self, $x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
                    let $this = self;
                    $body
                }
            }
        };
    }
    network! { Unused { a: Linear<4, 4>, b: Linear<4, 5> }, |net, x| net.a.call(x) }
    network! { Allowed { a: Linear<4, 4>, #[module(unused)] b: Linear<4, 5> }, |net, x| net.a.call(x) }
    network! { Cut { a: Linear<4, 3>, b: Linear<3, 4> }, |net, x| net.b.call(net.a.call(x).detach()) }
    network! { Tied { a: Linear<4, 4> }, |net, x| net.a.call(net.a.call(x).relu()) }
    network! { Inner { first: Unused, last: Linear<4, 4> }, |net, x| net.last.call(net.first.call(x)) }
    network! { Boxed { a: Linear<4, 4>, b: Linear<4, 4> }, |net, x| net.a.call(x).boxed() }
    network! { Twins { a: Linear<4, 4>, b: Linear<4, 4>, c: Relu }, |net, x| net.c.call(x) }
    network! {
        Params { w: Linear<4, 4>, #[module(init = Tensor::ones().into())] scale: Param<Rank1<4>> },
        |net, x| x.linear(&net.w.weight) * &net.scale
    }

    #[test]
    fn a_layer_without_gradient_is_named() {
        type S = Rank2<2, 4>;
        let start = |text: String| text.split(": `forward`").next().unwrap().to_owned();
        assert_eq!(
            start(text::<Unused, S, f32, f32>()),
            "in `Unused`: no gradient reaches `b` (25 elements)"
        );
        assert_eq!(start(text::<Cut, S, f32, f32>()), "in `Cut`: no gradient reaches `a` (15 elements)");
        assert_eq!(
            start(text::<Inner, S, f32, f32>()),
            "in `Inner.first`: no gradient reaches `b` (25 elements)"
        );
        assert_eq!(
            start(text::<Twins, S, f32, f32>()),
            "in `Twins`: no gradient reaches `a` or `b` (40 elements)"
        );
        assert_eq!(start(text::<Params, S, f32, f32>()), "in `Params`: no gradient reaches `w` (4 elements)");
        for right in
            [text::<Allowed, S, f32, f32>(), text::<Tied, S, f32, f32>(), text::<Boxed, S, f32, f32>()]
        {
            assert_eq!(right, "");
        }
    }
}
