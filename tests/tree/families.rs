//! One taxonomy of operations, in the code and in all that is about it.

use super::{code, entries, read, stem, word};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The families of operations. Each has a file or a folder in every [column](COLUMNS).
const FAMILIES: [&str; 9] =
    ["elementwise", "reduce", "matmul", "shape", "index", "conv", "norm", "attention", "recurrent"];

/// Where each family is.
const COLUMNS: [&str; 7] = [
    "src/ops/*",
    "src/kernel/*",
    "ui-tests/*",
    "tests/pytorch/*.rs",
    "tests/pytorch/cases/*.py",
    "tests/fixtures/pytorch/*.safetensors",
    "benches/ops/*.rs",
];

/// Subjects that have a section in docs/pytorch.md, as a family has, but no file in some of its columns.
const SECTIONS: [(&str, &[&str]); 3] = [
    ("loss", &["src/loss", "src/kernel/*", "ui-tests/*", "tests/pytorch/*.rs", "benches/ops/*.rs"]),
    ("create", &["src/tensor/*.rs", "ui-tests/*", "tests/pytorch/*.rs", "benches/ops/*.rs"]),
    ("random", &["src/ops/*", "src/tensor/*.rs", "src/kernel/*", "ui-tests/*", "benches/ops/*.rs"]),
];

/// Folders of a column that are not families.
const BESIDE: [(&str, &[&str]); 3] = [
    ("src/ops", &["random", "support"]),
    ("src/kernel", &["axis", "gemm", "loss", "math", "memory", "optim", "random", "simd", "threads"]),
    ("ui-tests", &["create", "data", "graph", "limits", "loss", "module", "optim", "pass", "random"]),
];

/// The files of several methods, whose names are not that of the file alone.
const TABLES: [(&str, &[&str]); 32] = [
    ("attention/dropout", &["scaled_dot_product_attention"]),
    ("conv/conv", &["conv"]),
    ("conv/conv3d", &["conv"]),
    ("conv/interpolate", &["interpolate", "upsample"]),
    ("conv/pixel_shuffle", &["pixel_shuffle", "pixel_unshuffle"]),
    ("conv/unfold", &["fold", "unfold"]),
    (
        "elementwise/activation",
        &[
            "celu",
            "elu",
            "gelu",
            "gelu_tanh",
            "hardshrink",
            "hardsigmoid",
            "hardswish",
            "hardtanh",
            "leaky_relu",
            "log_sigmoid",
            "mish",
            "relu6",
            "selu",
            "sigmoid",
            "silu",
            "softplus",
            "softshrink",
            "softsign",
            "threshold",
        ],
    ),
    ("elementwise/clamp", &["clamp", "clamp_max", "clamp_min", "clip"]),
    ("elementwise/compare", &["eq", "ge", "gt", "le", "lt", "ne"]),
    ("elementwise/error_function", &["erf", "erfc"]),
    ("elementwise/exponential", &["exp", "exp2", "expm1", "ln", "log10", "log1p", "log2"]),
    ("elementwise/hyperbolic", &["acosh", "asinh", "atanh", "cosh", "sinh", "tanh"]),
    ("elementwise/isclose", &["allclose", "isclose"]),
    ("elementwise/isfinite", &["isfinite", "isinf", "isnan"]),
    ("elementwise/logaddexp", &["logaddexp", "logaddexp2"]),
    ("elementwise/logical", &["logical_and", "logical_not", "logical_or", "logical_xor"]),
    ("elementwise/maximum", &["maximum", "minimum"]),
    ("elementwise/pow", &["pow", "powf"]),
    ("elementwise/powers", &["reciprocal", "rsqrt", "sqrt", "square"]),
    ("elementwise/remainder", &["fmod", "remainder"]),
    ("elementwise/rounding", &["ceil", "floor", "frac", "round", "trunc"]),
    ("elementwise/sign", &["abs", "sign"]),
    ("elementwise/to", &["bool", "double", "float", "long", "to"]),
    ("elementwise/trigonometric", &["acos", "asin", "atan", "cos", "sin", "tan"]),
    ("index/scatter", &["scatter", "scatter_add"]),
    ("index/sort", &["argsort", "sort"]),
    ("reduce/amax", &["amax", "amin"]),
    ("reduce/argmax", &["argmax", "argmin"]),
    ("reduce/cummax", &["cummax", "cummin"]),
    ("reduce/nansum", &["nanmean", "nansum"]),
    ("reduce/quantile", &["nanquantile", "quantile"]),
    ("shape/expand", &["broadcast_to", "expand"]),
];

/// As [`TABLES`], where the methods share more than a name.
const PAIRS: [(&str, &[&str]); 4] = [
    ("shape/reshape", &["reshape", "view", "with_shape"]),
    ("shape/tensors", &["cat", "meshgrid", "stack"]),
    ("shape/transpose", &["t", "transpose"]),
    ("shape/tril", &["tril", "triu"]),
];

/// The suffixes that forms of a method append to its name.
const SUFFIXES: [&str; 14] = [
    "_keepdim",
    "_axes",
    "_axis",
    "_with_indices",
    "_with",
    "_descending",
    "_smallest",
    "_from",
    "_at",
    "1d",
    "2d",
    "3d",
    "_rect",
    "_dropout",
];

/// A method without what its form appends: `sum` for `sum_axes_keepdim`.
fn base(name: &str) -> &str {
    match SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)) {
        Some(rest) if !rest.is_empty() => base(rest),
        _ => name,
    }
}

/// The public methods that a file of operations defines: by `pub fn`, in a trait, or as a line of one of the macros.
fn methods(path: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in code(path).lines().map(str::trim) {
        let after = |word: &str| line.strip_prefix(word).map(str::trim_start);
        let comparisons = ["==", "!=", "<", "<=", ">", ">="];
        let operator = |rest: &str| {
            let is_logical = rest.starts_with(['&', '|', '^']) && rest.split(' ').count() == 3;
            comparisons.contains(&rest) || is_logical
        };
        let forms = [
            "whole ",
            "axis ",
            "keepdim ",
            "axes ",
            "axes_keepdim ",
            "axis_with_indices ",
            "keepdim_with_indices ",
        ];
        let name = if let Some(rest) = after("pub fn ") {
            Some(word(rest))
        } else if let Some(rest) = after("fn ") {
            let in_trait = stem(path) == "tensors";
            (line.contains(" by ") || in_trait).then(|| word(rest))
        } else if let Some(rest) = forms.iter().find_map(|form| after(form)) {
            Some(word(rest)).filter(|name| rest[name.len()..].starts_with('('))
        } else {
            line.split_once(' ')
                .filter(|(name, rest)| *name == word(name) && operator(rest))
                .map(|(name, _)| name)
        };
        names.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
    }
    names
}

/// The files of operations of a family, by name, with the methods they define.
fn operations(family: &str) -> BTreeMap<String, BTreeSet<String>> {
    let files = entries(format!("src/ops/{family}")).into_iter().filter(|path| stem(path) != "mod");
    files.map(|path| (format!("{family}/{}", stem(&path)), methods(&path))).collect()
}

/// The heading of a family in docs/pytorch.md.
fn heading(family: &str) -> String {
    format!("\n## {}{}\n", family[..1].to_uppercase(), &family[1..])
}

#[test]
fn every_family_has_every_column() {
    let families = FAMILIES.into_iter().map(|family| (family, &COLUMNS[..]));
    for (family, columns) in families.chain(SECTIONS) {
        for column in columns {
            let path = column.replace('*', family);
            assert!(Path::new(&path).exists(), "the family {family} lacks {path}");
        }
        let section = heading(family);
        assert!(read("docs/pytorch.md").contains(&section), "docs/pytorch.md lacks the section{section}");
    }
}

#[test]
fn there_is_no_other_family() {
    for (folder, beside) in BESIDE {
        for path in entries(folder).into_iter().filter(|path| path.is_dir()) {
            let name = stem(&path);
            let known = FAMILIES.contains(&name.as_str()) || beside.contains(&name.as_str());
            assert!(known, "{} is neither a family nor named in `BESIDE`", path.display());
        }
        let absent = beside.iter().find(|name| !Path::new(folder).join(name).exists());
        assert_eq!(absent, None, "`BESIDE` names a folder that is not in {folder}");
    }
}

/// The families of each name of an operation.
fn families_by_name() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut names = BTreeMap::<_, BTreeSet<_>>::new();
    for family in FAMILIES.into_iter().chain(["random"]) {
        for method in operations(family).values().flatten() {
            names.entry(base(method).to_owned()).or_default().insert(family);
        }
    }
    names
}

/// Whether `operation`, the second word of a row or a case, such as `cat_axis1` of `shape/cat_axis1/7x33x333`, is the name
/// of operations of other families only.
fn is_elsewhere(names: &BTreeMap<String, BTreeSet<&str>>, family: &str, operation: &str) -> bool {
    let operation = operation.split("_axis").next().expect("a first part");
    names.get(base(operation)).is_some_and(|families| !families.contains(family))
}

#[test]
fn every_row_of_a_bench_is_in_the_file_of_its_family() {
    let (names, mut count) = (families_by_name(), 0);
    for path in entries("benches/ops").into_iter().filter(|path| path.extension() == Some("rs".as_ref())) {
        let family = stem(&path);
        let text = read(&path);
        for row in text.split('"').filter_map(|text| text.strip_prefix(&format!("{family}/"))) {
            let operation = row.split('/').next().expect("a name");
            assert!(!is_elsewhere(&names, &family, operation), "{row} is not a row for {}", path.display());
            count += 1;
        }
    }
    assert!(count > 200, "{count} rows");
}

#[test]
fn every_comparison_with_pytorch_is_in_the_file_of_its_family() {
    let (names, mut count) = (families_by_name(), 0);
    for family in FAMILIES {
        let path = format!("tests/pytorch/{family}.rs");
        let text = read(&path);
        let cases = text.split("check!(cases, \"").skip(1).filter_map(|case| case.split('"').next());
        for name in cases.filter_map(|case| Some(case.split_once('/')?.0)) {
            // `torch.max` of two tensors is `maximum`.
            if family != "elementwise" || !["max", "min"].contains(&name) {
                assert!(!is_elsewhere(&names, family, name), "{name} is not a case for {path}");
                count += 1;
            }
        }
    }
    assert!(count > 500, "{count} cases");
}

#[test]
fn every_method_is_in_the_file_of_its_name() {
    let mut tables: BTreeMap<_, _> = TABLES.into_iter().chain(PAIRS).collect();
    for family in FAMILIES.into_iter().chain(["random"]) {
        // The functions that einsum! expands to are public, but not methods; a mask is an argument.
        let skip = ["matmul/einsum", "attention/mask"];
        for (file, methods) in
            operations(family).into_iter().filter(|(file, _)| !skip.contains(&file.as_str()))
        {
            let bases: BTreeSet<&str> = methods.iter().map(|name| base(name)).collect();
            let own = file.rsplit('/').next().expect("a name");
            let table = tables.remove(file.as_str());
            if table.is_none() && own == "attention" {
                assert!(
                    bases.iter().all(|name| *name == "scaled_dot_product_attention"),
                    "{file}: {bases:?}"
                );
                continue;
            }
            let expected = table.map_or_else(
                || BTreeSet::from([own]).into_iter().filter(|_| !bases.is_empty()).collect(),
                |names| names.iter().copied().collect::<BTreeSet<_>>(),
            );
            assert_eq!(bases, expected, "the methods of src/ops/{file}.rs are not those of its name");
        }
    }
    assert!(tables.is_empty(), "no such files: {:?}", tables.keys());
}

/// A method is in the section of docs/pytorch.md of the family whose folder it is in.
#[test]
fn every_method_is_in_the_section_of_its_family() {
    let page = read("docs/pytorch.md");
    for family in FAMILIES.into_iter().chain(["random"]) {
        let head = heading(family);
        let section = page.split(&head).nth(1).unwrap_or_default();
        let section = section.split("\n## ").next().unwrap_or_default();
        let cells: String = section.lines().filter_map(|line| line.split(" | ").nth(1)).collect();
        for (file, methods) in operations(family) {
            if file == "matmul/einsum" || file == "attention/mask" {
                continue;
            }
            for name in methods {
                let called = ["(", "::<"].iter().any(|end| cells.contains(&format!(".{name}{end}")));
                assert!(called, "docs/pytorch.md: no row for `{name}` of {file} under{head}");
            }
        }
    }
}
