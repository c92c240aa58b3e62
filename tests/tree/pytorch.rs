//! Comparisons with PyTorch: each is in the file of its family, and each method has one.

use crate::common::{FAMILIES, code, entries, key, operation};
use crate::families::{families_by_name, methods_of};
use crate::names::homes;
use std::collections::BTreeSet;
use std::path::Path;

/// The names of the cases in a file of PyTorch's values, such as `clamp/both_bounds`. `tests/pytorch` fails if it has others.
fn cases(family: &str) -> BTreeSet<String> {
    let path = format!("tests/fixtures/pytorch/{family}.safetensors");
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let (length, rest) = bytes.split_first_chunk::<8>().expect("the length of the header");
    let header = &rest[..u64::from_le_bytes(*length) as usize];
    let header = str::from_utf8(header).expect("text");
    // The tensors of a case are `clamp/both_bounds:input.0`. Between texts there are colons, too.
    let keys = header.split('"').filter_map(|key| key.split_once(':'));
    keys.filter(|(case, _)| !case.is_empty()).map(|(case, _)| case.to_owned()).collect()
}

/// The first part of a case is an operation or a layer, such as `conv2d` of `conv2d/layer_bias`, or starts with one.
#[test]
fn every_comparison_with_pytorch_is_in_the_file_of_its_family() {
    let names = families_by_name();
    let mut count = 0;
    for family in FAMILIES.into_iter().chain(["loss", "create", "random"]) {
        for case in cases(family) {
            let name = case.split('/').next().expect("a first part");
            // `torch.max` of two tensors is `maximum`.
            if family != "elementwise" || !["max", "min"].contains(&name) {
                let key = operation(name, &names);
                let families = key
                    .map(|key| &names[&key])
                    .unwrap_or_else(|| panic!("{case} of {family} names no operation"));
                assert!(families.contains(family), "{case} is not a case for {family}");
                count += 1;
            }
        }
    }
    assert!(count > 1000, "{count} cases");
}

/// Methods that `tests/pytorch/<family>.rs` does not call, and why.
const WITHOUT_CASE: [(&str, &str); 18] = [
    ("bernoulli", "random"),
    ("bernoulli_with", "random"),
    ("from_fn", "the values of a function"),
    ("full_like", "a constant"),
    ("multinomial", "random"),
    ("normal", "random"),
    ("ones", "a constant"),
    ("ones_like", "a constant"),
    ("rand", "random"),
    ("rand_like", "random"),
    ("randint", "random"),
    ("randn", "random"),
    ("randn_like", "random"),
    ("randperm", "random"),
    ("uniform", "random"),
    ("with_shape", "the same tensor with another type"),
    ("zeros", "a constant"),
    ("zeros_like", "a constant"),
];

/// The words of a file of tests, without comments and texts.
pub(super) fn words(path: &str) -> BTreeSet<String> {
    let text = code(Path::new(path));
    let words =
        text.split('"').step_by(2).flat_map(|part| part.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.map(str::to_owned).collect()
}

/// Whether the type of a loss is among the words, whose methods are those of the function: `BceLoss` of
/// `binary_cross_entropy`.
fn has_type(words: &BTreeSet<String>, function: &str) -> bool {
    let function = key(&function.replace("binary_cross_entropy", "bce"));
    let is_type = |word: &String| word.starts_with(char::is_uppercase);
    words
        .iter()
        .filter(|word| is_type(word))
        .map(|word| key(word))
        .any(|name| name.strip_suffix("loss") == Some(function.strip_suffix("loss").unwrap_or(&function)))
}

#[test]
fn every_method_has_a_comparison_with_pytorch() {
    let (mut missing, mut count) = (BTreeSet::new(), 0);
    for family in FAMILIES.into_iter().chain(["loss", "create", "random"]) {
        let words = words(&format!("tests/pytorch/{family}.rs"));
        for name in methods_of(family) {
            count += 1;
            if !(words.contains(&name) || family == "loss" && has_type(&words, &name)) {
                missing.insert(name);
            }
        }
    }
    assert!(count > 300, "{count} methods");
    let listed = WITHOUT_CASE.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(missing, listed, "methods without a case in tests/pytorch");
}

/// Layers and losses that `tests/pytorch` does not have, and why.
const WITHOUT_LAYER: [(&str, &str); 8] = [
    ("Dropout", "random"),
    ("Dropout2d", "random"),
    ("Forward2", "a trait of users' networks"),
    ("Frozen", "a wrapper, see tests/freezing.rs"),
    ("Hardsigmoid", "PyTorch rounds its gradient to `f32`; `hardsigmoid` is compared"),
    ("ModuleExt", "a trait of methods that all modules have"),
    ("RecurrentLengths", "a trait, whose methods are compared"),
    ("Residual", "a wrapper: x plus the layer"),
];

#[test]
fn every_layer_and_loss_has_a_comparison_with_pytorch() {
    let files = entries("tests/pytorch").into_iter().filter(|path| path.extension() == Some("rs".as_ref()));
    let words: BTreeSet<String> = files.flat_map(|path| words(&path.to_string_lossy())).collect();
    let homes = homes().into_iter().filter(|(_, home)| !home.starts_with("src/optim"));
    let missing: BTreeSet<_> = homes.map(|(name, _)| name).filter(|name| !words.contains(name)).collect();
    let listed = WITHOUT_LAYER.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(missing, listed, "layers and losses without a case in tests/pytorch");
}
