//! The files that `generate.py` wrote, and the comparison with them. README.md describes the format.

use safetensors::tensor::{Dtype, SafeTensors};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::Path;
use typegrad::graph::{CompatibleWith, Context, Flow, Graph, OutsideForward};
use typegrad::nn::{StateData, StateDict, StateTensor, Strict};
use typegrad::prelude::*;

/// The bytes of a file in `tests/fixtures/pytorch/`.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pytorch").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The cases of a family, and what was found so far.
pub struct Cases {
    file: Vec<u8>,
    checked: BTreeSet<String>,
    failures: Vec<String>,
}

impl Cases {
    /// The cases in `tests/fixtures/pytorch/<family>.safetensors`.
    pub fn of(family: &str) -> Self {
        let file = fixture(&format!("{family}.safetensors"));
        Cases { file, checked: BTreeSet::new(), failures: Vec::new() }
    }

    /// Runs one case with elements `E`, for [`check!`].
    pub fn run<E: Real>(&mut self, name: &str, body: impl FnOnce(&mut Case<'_, E>)) {
        let file = self.read();
        let mut case =
            Case { file, name, inputs: 0, failures: Vec::new(), element: std::marker::PhantomData };
        body(&mut case);
        if case.find(&format!("input.{}", case.inputs)).is_some() {
            case.fail(&format!("the closure takes {} inputs", case.inputs), "the file has more".into());
        }
        let failures = case.failures;
        self.failures.extend(failures);
        self.checked.insert(name.to_owned());
    }

    /// Fails with every difference that was found, and if a case of the file was not checked.
    pub fn finish(mut self) {
        let names: BTreeSet<_> = self.read().names().iter().map(|key| case_of(key).to_owned()).collect();
        for forgotten in names.difference(&self.checked) {
            self.failures.push(format!("{forgotten}: in the file, but not checked"));
        }
        assert!(self.failures.is_empty(), "\n{}\n", self.failures.join("\n"));
    }

    fn read(&self) -> SafeTensors<'_> {
        SafeTensors::deserialize(&self.file).expect("a safetensors file")
    }
}

fn case_of(key: &str) -> &str {
    key.rsplit_once(':').expect("a key is `case:tensor`").0
}

/// One case, run with elements `E`.
pub struct Case<'a, E> {
    file: SafeTensors<'a>,
    name: &'a str,
    inputs: usize,
    failures: Vec<String>,
    element: std::marker::PhantomData<E>,
}

impl<E: Real> Case<'_, E> {
    /// The next input, as a parameter.
    pub fn input<S: Shape>(&mut self) -> Param<S, E> {
        let key = format!("input.{}", self.inputs);
        self.inputs += 1;
        let elements: Vec<f64> = self.elements(&key, S::SIZES);
        Param::new(Tensor::from_fn(|i| E::from_f64(elements[i])))
    }

    /// A constant, by name.
    pub fn constant<S: Shape, K: Stored>(&self, name: &str) -> Tensor<S, K> {
        let elements: Vec<K> = self.elements(&format!("constant.{name}"), S::SIZES);
        Tensor::from_fn(|i| elements[i])
    }

    /// Compares the gradient of input `i`. A parameter that no gradient reached has the gradient 0.
    pub fn gradient<S: Shape>(&mut self, i: usize, input: &Param<S, E>) {
        let key = format!("grad.{i}{}", E::SUFFIX);
        if self.find(&key).is_some() {
            let expected: Vec<E> = self.elements(&key, S::SIZES);
            let got = input.grad().unwrap_or_else(Tensor::zeros);
            self.compare_floats(&format!("gradient of input {i}"), got.as_slice(), &expected, false);
        }
    }

    /// Gives a module the parameters and buffers that PyTorch's had, all of them.
    pub fn load(&mut self, module: &mut impl Module) {
        let mut dict = StateDict::new();
        for (name, view) in self.all("state.") {
            let data = match view.dtype() {
                Dtype::I64 => StateData::from(numbers::<i64>(view.data())),
                _ => {
                    let elements: Vec<f64> = numbers(view.data());
                    E::state(elements.into_iter().map(E::from_f64).collect())
                }
            };
            let tensor = StateTensor::new(view.shape().to_vec(), data).expect("a tensor of the file");
            dict.insert(name, tensor).expect("a name of the file is there once");
        }
        if let Err(error) = module.load_state_dict(&dict, Strict::Yes) {
            panic!("{}: {error}", self.name);
        }
    }

    /// Compares the gradient of every parameter of a module, and what its buffers are now.
    pub fn state_after(&mut self, module: &impl Module) {
        for (name, parameter) in module.named_parameters() {
            let expected: Vec<E> =
                self.elements(&format!("state_grad.{name}{}", E::SUFFIX), parameter.shape());
            let got = match parameter.grad() {
                Some(grad) => {
                    grad.data().as_slice::<E>().expect("a gradient has the module's elements").to_vec()
                }
                None => vec![E::zero(); parameter.numel()],
            };
            self.compare_floats(&format!("gradient of `{name}`"), &got, &expected, false);
        }
        for (name, buffer) in module.named_buffers().filter(|(_, buffer)| buffer.is_persistent()) {
            let (key, value) = (format!("state_after.{name}{}", E::SUFFIX), buffer.value());
            if let Some(got) = value.data().as_slice::<i64>() {
                let expected: Vec<i64> = self.elements(&key, buffer.shape());
                self.compare(&format!("buffer `{name}`"), got, &expected, |g, e| g == e);
            } else {
                let expected: Vec<E> = self.elements(&key, buffer.shape());
                let got = value.data().as_slice::<E>().expect("a buffer has the module's elements");
                self.compare_floats(&format!("buffer `{name}`"), got, &expected, false);
            }
        }
    }

    /// The tensors of the case whose key begins like this, without that.
    fn all(&self, prefix: &str) -> Vec<(String, safetensors::tensor::TensorView<'_>)> {
        let prefix = format!("{}:{prefix}", self.name);
        let strip = |(key, view): (String, _)| Some((key.strip_prefix(&prefix)?.to_owned(), view));
        self.file.tensors().into_iter().filter_map(strip).collect()
    }

    fn find(&self, key: &str) -> Option<safetensors::tensor::TensorView<'_>> {
        self.file.tensor(&format!("{}:{key}", self.name)).ok()
    }

    fn elements<K: Stored>(&self, key: &str, sizes: &[usize]) -> Vec<K> {
        let Some(view) = self.find(key) else {
            panic!("{}: the file has no {key}; is there such a case, and was it generated?", self.name)
        };
        assert_eq!(view.shape(), sizes, "{}: the shape of {key} in PyTorch, and here", self.name);
        assert_eq!(view.dtype(), K::STORED_AS, "{}: the type of {key} in PyTorch, and here", self.name);
        numbers(view.data())
    }

    fn fail(&mut self, what: &str, difference: String) {
        self.failures.push(format!("{} in {}: {what}: {difference}", self.name, E::DTYPE));
    }

    fn compare<K: Stored>(&mut self, what: &str, got: &[K], expected: &[K], same: impl Fn(K, K) -> bool) {
        let differs = |(&g, &e): (&K, &K)| !same(g, e);
        if let Some(i) = got.iter().zip(expected).position(differs) {
            let count = got.iter().zip(expected).filter(|&pair| differs(pair)).count();
            let (g, e) = (got[i], expected[i]);
            let text = format!("element {i} is {g}, PyTorch has {e} ({count} of {} differ)", got.len());
            self.fail(what, text);
        }
    }

    fn compare_floats(&mut self, what: &str, got: &[E], expected: &[E], signed_zeros: bool) {
        let finite = expected.iter().map(|e| e.as_f64().abs()).filter(|e| e.is_finite());
        let scale = finite.fold(0.0, f64::max).min(1.0);
        self.compare(what, got, expected, |g, e| {
            let (g, e) = (g.as_f64(), e.as_f64());
            if g == e {
                !signed_zeros || g.is_sign_negative() == e.is_sign_negative()
            } else {
                g.is_nan() && e.is_nan() || (g - e).abs() <= E::TOLERANCE * (e.abs() + scale) && e.is_finite()
            }
        });
    }
}

pub fn numbers<K: Stored>(bytes: &[u8]) -> Vec<K> {
    bytes.chunks_exact(size_of::<K>()).map(K::read).collect()
}

/// The result of a case: a tensor, or a pair whose second is a mask or has indices.
pub trait Answer<E> {
    /// Compares with the output `i`; the backward pass starts from output 0.
    fn compare(self, i: usize, case: &mut Case<'_, E>);
}

macro_rules! impl_answer {
    (float: $($t:ty)*) => { $(
        impl<S, C, F> Answer<$t> for Tensor<S, $t, Graph<C, F>>
        where
            S: Shape,
            C: Context + CompatibleWith<OutsideForward>,
            F: Flow<S, $t>,
        {
            fn compare(self, i: usize, case: &mut Case<'_, $t>) {
                let expected: Vec<$t> = case.elements(&format!("output.{i}{}", <$t>::SUFFIX), S::SIZES);
                case.compare_floats(&format!("output {i}"), self.as_slice(), &expected, true);
                if i == 0 && case.find("cotangent").is_some() {
                    let cotangent: Vec<f64> = case.elements("cotangent", S::SIZES);
                    let cotangent = Param::new(Tensor::<S, $t>::from_fn(|i| cotangent[i] as $t));
                    // Boxed, because the function may have an untracked result, and so that what follows is
                    // compiled once for each shape.
                    (cotangent.track() * self.boxed()).sum().backward();
                }
            }
        }
    )* };
    (exact: $($t:ty)*) => { $(
        impl<S: Shape, E: Real, C, F> Answer<E> for Tensor<S, $t, Graph<C, F>> {
            fn compare(self, i: usize, case: &mut Case<'_, E>) {
                let expected: Vec<$t> = case.elements(&format!("output.{i}"), S::SIZES);
                case.compare(&format!("output {i}"), self.as_slice(), &expected, |g, e| g == e);
            }
        }
    )* };
}
impl_answer!(float: f32 f64);
impl_answer!(exact: i64 bool);

impl<E, A: Answer<E>, B: Answer<E>> Answer<E> for (A, B) {
    fn compare(self, i: usize, case: &mut Case<'_, E>) {
        self.1.compare(i + 1, case);
        self.0.compare(i, case);
    }
}

/// An element type of the files.
pub trait Stored: Element + Display {
    /// Its name there.
    const STORED_AS: Dtype;
    /// From its bytes.
    fn read(bytes: &[u8]) -> Self;
}

macro_rules! impl_stored {
    ($($t:ident $dtype:ident),*) => { $(
        impl Stored for $t {
            const STORED_AS: Dtype = Dtype::$dtype;
            fn read(bytes: &[u8]) -> Self {
                <$t>::from_le_bytes(bytes.try_into().expect("a chunk of this size"))
            }
        }
    )* };
}
impl_stored!(f32 F32, f64 F64, i64 I64);

impl Stored for bool {
    const STORED_AS: Dtype = Dtype::BOOL;
    fn read(bytes: &[u8]) -> Self {
        bytes[0] != 0
    }
}

/// The two element types that a case is run with.
pub trait Real: Float + Stored {
    /// The divisor of a difference: the element, plus the largest of the tensor or 1.
    const TOLERANCE: f64;
    /// The end of the names of its tensors.
    const SUFFIX: &'static str;
    /// Elements of a state dict.
    fn state(elements: Vec<Self>) -> StateData;
}

impl Real for f64 {
    const TOLERANCE: f64 = 1e-12;
    const SUFFIX: &'static str = "";
    fn state(elements: Vec<f64>) -> StateData {
        StateData::from(elements)
    }
}

impl Real for f32 {
    const TOLERANCE: f64 = 1e-5;
    const SUFFIX: &'static str = ".f32";
    fn state(elements: Vec<f32>) -> StateData {
        StateData::from(elements)
    }
}

/// `check!(cases, "name", |x: Rank1<3>, y: Rank1<3>; index: Rank1<2> as i64| ..)`: the inputs in order, tracked;
/// after `;` the constants by name. The body is compiled twice, and `E` is the element type in it.
macro_rules! check {
    ($cases:ident, $name:expr, |$($x:ident: $s:ty),* $(; $($k:ident: $t:ty as $e:ty),*)?| $body:expr) => {
        check!(@run f64, $cases, $name, [$($x: $s),*] [$($($k: $t as $e),*)?] $body);
        check!(@run f32, $cases, $name, [$($x: $s),*] [$($($k: $t as $e),*)?] $body);
    };
    (@run $element:ty, $cases:ident, $name:expr, [$($x:ident: $s:ty),*] [$($k:ident: $t:ty as $e:ty),*] $body:expr) => {
        $cases.run::<$element>($name, |case| {
            #[allow(dead_code, reason = "most bodies do not name the element type")]
            type E = $element;
            $(let $x = case.input::<$s>();)*
            $(let $k = case.constant::<$t, $e>(stringify!($k));)*
            let answer = {
                $(let $x = $x.track();)*
                $body
            };
            $crate::fixture::Answer::<$element>::compare(answer, 0, case);
            let mut input = 0;
            $(
                case.gradient(input, &$x);
                input += 1;
            )*
            assert!(input > 0, "a case has an input");
        });
    };
}
pub(crate) use check;

/// `layer!(cases, "name", train, Linear<3, 2, E>, Rank2<4, 3>, |layer| layer.option(..))`: a layer with elements `E`, in
/// training or `eval`, on an input of this shape (`Rank2<4, 3> as i64` for indices). The options may be left out.
macro_rules! layer {
    ($cases:ident, $name:expr, $mode:ident, $layer:ty, $s:ty as i64 $(, |$l:ident| $options:expr)?) => {
        layer!(@run f64, $cases, $name, $mode, $layer, [$(|$l| $options)?], |case| case.constant::<$s, i64>("input"));
        layer!(@run f32, $cases, $name, $mode, $layer, [$(|$l| $options)?], |case| case.constant::<$s, i64>("input"));
    };
    ($cases:ident, $name:expr, $mode:ident, $layer:ty, $s:ty $(, |$l:ident| $options:expr)?) => {
        layer!(@run f64, $cases, $name, $mode, $layer, [$(|$l| $options)?], |case, x: $s| x.track());
        layer!(@run f32, $cases, $name, $mode, $layer, [$(|$l| $options)?], |case, x: $s| x.track());
    };
    (@run $element:ty, $cases:ident, $name:expr, $mode:ident, $layer:ty, [$(|$l:ident| $options:expr)?],
        |$case:ident $(, $x:ident: $s:ty)?| $input:expr) => {
        $cases.run::<$element>($name, |$case| {
            #[allow(dead_code, reason = "a layer without parameters does not name the element type")]
            type E = $element;
            let layer = <$layer as Init>::new(&mut Rng::seed(0));
            $(let layer = { let $l = layer; $options };)?
            let mut layer = layer;
            $case.load(&mut layer);
            $(let $x = $case.input::<$s>();)?
            $crate::fixture::Answer::<$element>::compare(layer.$mode($input), 0, $case);
            $($case.gradient(0, &$x);)?
            $case.state_after(&layer);
        });
    };
}
pub(crate) use layer;
