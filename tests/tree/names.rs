//! Layers, losses and optimizers, each in the file of its name.

use crate::common::{code, entries, files, read, stem, word};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Where they are. The `pub use` lines of each `mod.rs` say what is in which file.
const FOLDERS: [&str; 4] = ["src/nn", "src/loss", "src/optim", "src/optim/schedule"];

/// The files of several layers that are known by another name.
const TABLES: [(&str, &[&str]); 1] = [(
    "src/nn/activation",
    &[
        "Celu",
        "Elu",
        "Gelu",
        "GeluTanh",
        "Hardshrink",
        "Hardsigmoid",
        "Hardswish",
        "Hardtanh",
        "Identity",
        "LeakyRelu",
        "LogSigmoid",
        "LogSoftmax",
        "Mish",
        "Relu",
        "Relu6",
        "Selu",
        "Sigmoid",
        "Silu",
        "Softmax",
        "Softplus",
        "Softshrink",
        "Softsign",
        "Tanh",
    ],
)];

/// The texts between `start` and the next `end`.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Vec<&'t str> {
    text.split(start).skip(1).map(|part| part.split(end).next().unwrap_or(part)).collect()
}

/// The names of a list, `{A, B}`, or of a single one.
fn names(list: &str) -> Vec<&str> {
    list.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty()).collect()
}

/// The names of the prelude that are types of these modules.
fn prelude() -> BTreeSet<String> {
    let text = read("src/lib.rs");
    let lists = ["nn", "loss", "optim"].map(|module| {
        let lists = between(&text, &format!("pub use crate::{module}::"), ";");
        assert!(!lists.is_empty(), "the prelude has names of `{module}`");
        lists.concat()
    });
    // An argument of `load_state_dict`.
    lists.iter().flat_map(|list| names(list)).filter(|name| *name != "Strict").map(str::to_owned).collect()
}

/// The file, without its extension, that a name of the prelude is re-exported from.
pub(super) fn homes() -> BTreeMap<String, String> {
    let prelude = prelude();
    let mut homes = BTreeMap::new();
    for folder in FOLDERS {
        for line in between(&read(format!("{folder}/mod.rs")), "\npub use ", ";") {
            let Some((path, list)) = line.rsplit_once("::") else { continue };
            // A folder's own list says more.
            if path.starts_with("crate") || path == "schedule" || path == "typegrad_derive" {
                continue;
            }
            for name in names(list).into_iter().filter(|name| prelude.contains(*name)) {
                homes.insert(name.to_owned(), format!("{folder}/{}", path.replace("::", "/")));
            }
        }
    }
    homes
}

/// Of the files of its folder whose words are all in the name of the type, the one with the longest name:
/// `AdaptiveAvgPool2d` is in `pool`, and `ConvTranspose2d` in `conv_transpose`, not in `conv`.
#[test]
fn every_layer_loss_and_optimizer_is_in_the_file_of_its_name() {
    let tables: BTreeMap<_, _> = TABLES.into_iter().collect();
    let homes = homes();
    for name in ["Linear", "LstmCell", "MseLoss", "Adam", "StepLr"] {
        assert!(homes.contains_key(name), "`{name}` is found");
    }
    for (name, home) in &homes {
        if let Some(table) = tables.get(home.as_str()) {
            assert!(table.contains(&name.as_str()), "`{name}` is not in the table of {home}.rs");
            continue;
        }
        let (folder, file) = home.rsplit_once('/').expect("a folder");
        let lower = name.to_lowercase();
        // The trait of all files of a folder.
        if folder.ends_with(&format!("/{lower}")) {
            continue;
        }
        let is_in_name = |stem: &str| stem.split('_').all(|word| lower.contains(word));
        let stems = entries(folder).into_iter().map(|path| stem(&path));
        let longest = stems.filter(|stem| is_in_name(stem)).map(|stem| stem.len()).max();
        assert!(is_in_name(file) && Some(file.len()) == longest, "`{name}` is in {home}.rs");
    }
    for (home, table) in tables {
        let listed = table.iter().all(|name| homes.get(*name).is_some_and(|file| file == home));
        assert!(listed, "the table of {home} has a name that is not there");
    }
}

/// As `cosine_similarity`, and `huber_loss` in `huber`.
#[test]
fn every_loss_function_is_in_the_file_of_its_name() {
    let page = read("docs/pytorch.md");
    let section = between(&page, "\n## Loss\n", "\n## ").concat();
    let cells: String = section.lines().filter_map(|line| line.split(" | ").nth(1)).collect();
    // `x.huber_loss(y)`, but not `HuberLoss::new().delta(d)`.
    let calls = cells.split('`').filter_map(|call| call.split_once('.'));
    let calls = calls.filter(|(x, _)| !x.is_empty() && x.chars().all(|c| c.is_ascii_lowercase()));
    let calls: BTreeSet<&str> = calls.map(|(_, call)| word(call)).collect();
    let sources: Vec<_> = entries("src/loss").into_iter().map(|path| (stem(&path), code(&path))).collect();
    let mut count = 0;
    for name in calls {
        let definitions = ["(", "<"].map(|end| format!("fn {name}{end}"));
        let defines = |text: &str| definitions.iter().any(|definition| text.contains(definition));
        let own = name
            .replace("binary_cross_entropy", "bce")
            .replace("_loss", "")
            .replace("_axis", "")
            .replace("_similarity_with", "_similarity");
        for (file, _) in sources.iter().filter(|(_, text)| defines(text)) {
            assert_eq!(*file, own, "`{name}` is in src/loss/{file}.rs");
            count += 1;
        }
    }
    assert!(count > 15, "{count} functions");
}

/// The folders whose types and functions are not layers, losses or optimizers.
const OTHER_FOLDERS: [&str; 8] = [
    "src/data",
    "src/data/text",
    "src/data/transforms",
    "src/io",
    "src/metrics",
    "src/monitor",
    "src/train",
    "src/train/distributed",
];

/// Names that a file has besides that of its own.
const BESIDE: [(&str, &[&str]); 9] = [
    ("src/data/csv", &["Column", "Missing"]),
    ("src/data/dataset", &["Batched", "Map", "Padded", "Subset"]),
    ("src/data/infer", &["RowChunks"]),
    ("src/data/loader", &["Batch", "Epoch", "Full", "Position", "RealRows"]),
    ("src/data/mixup", &["Class", "Mix"]),
    ("src/data/rows", &["DifferentLengths", "TensorDataset"]),
    ("src/data/sampler", &["balanced_weights"]),
    ("src/metrics/confusion", &["Average"]),
    ("src/train/distributed", &["RankShards", "StepShards"]),
];

/// As `Mixup` in `mixup`, `ImageFolder` and `read_image` in `images`.
#[test]
fn every_name_of_data_metrics_and_training_is_in_the_file_of_its_name() {
    let (mut beside, mut count) = (BTreeMap::<_, BTreeSet<_>>::new(), 0);
    for folder in OTHER_FOLDERS {
        let text = read(format!("{folder}/mod.rs"));
        for (path, list) in between(&text, "\npub use ", ";").iter().filter_map(|line| line.rsplit_once("::"))
        {
            // A re-export, and a folder, which has a list of its own, and a file of its name.
            if path.starts_with("crate") || path.contains("::") {
                continue;
            }
            let words = path.split('_').map(|word| word.strip_suffix('s').unwrap_or(word));
            for name in names(list) {
                let lower = name.to_lowercase();
                if !words.clone().all(|word| lower.contains(word)) {
                    beside.entry(format!("{folder}/{path}")).or_default().insert(name.to_owned());
                }
                count += 1;
            }
        }
    }
    assert!(count > 50, "{count} names");
    let listed = |(file, list): &(&str, &[&str])| {
        ((*file).to_owned(), list.iter().map(|name| (*name).to_owned()).collect())
    };
    assert_eq!(beside, BESIDE.iter().map(listed).collect(), "names that are not those of their files");
}

/// Names that did not say what they are, and those that do. They stay out of the operations, the graph, the losses and their
/// kernels.
const RETIRED: [(&str, &str); 10] = [
    ("Both", "the name of what the two are"),
    ("Alike", "SameShapeOperand"),
    ("Gates", "RecurrentStep"),
    ("Remembered", "Snapshot"),
    ("Slopes", "LocalGradients"),
    ("extreme", "amax, max_of_all, infinity_norm: what is computed"),
    ("slope", "gradient, local_gradient, derivative, negative_slope"),
    ("slopes", "the same"),
    ("standardize", "layer_norm, normalize_rows"),
    ("wanted", "needs_grad, for the gradient of an operand"),
];

/// As [`RETIRED`], of items: a variable, a variant of an enum and a type of a trait may have these names.
const RETIRED_ITEMS: [(&str, &str); 6] = [
    ("Bilinear", "BilinearMode: PyTorch's `Bilinear` is a layer"),
    ("Join", "Joined, for a result; Pullback2, for what is computed"),
    ("blocks", "what the blocks are"),
    ("both", "the name of what the two are"),
    ("curves", "elementwise, activation: what is computed"),
    ("parts", "the name of what is returned"),
];

/// Whether a source defines an item of this name, or imports one by it.
fn defines(text: &str, name: &str) -> bool {
    let starts = ["fn", "mod", "struct", "trait", "enum", "pub type", "as"];
    let found = |start: &str| {
        let start = format!("{start} {name}");
        text.match_indices(&start).any(|(at, _)| word(&text[at + start.len()..]).is_empty())
    };
    starts.into_iter().any(found)
}

#[test]
fn names_that_say_nothing_do_not_return() {
    let folders = ["src/graph", "src/kernel", "src/loss", "src/ops"];
    let (mut found, mut count) = (BTreeSet::new(), 0);
    // The last two export names, which may be others than those of the definitions.
    let exports = ["src/lib.rs", "src/nn/mod.rs"].map(PathBuf::from);
    for path in folders.into_iter().flat_map(|folder| files(folder, "rs")).chain(exports) {
        let text = code(&path);
        let names: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let retired = RETIRED.iter().filter(|(name, _)| names.contains(name));
        let items = RETIRED_ITEMS.iter().filter(|(name, _)| defines(&text, name));
        let lines = retired.chain(items);
        found.extend(lines.map(|(name, instead)| format!("{}: `{name}`, write {instead}", path.display())));
        count += 1;
    }
    assert!(count > 300, "{count} files");
    assert!(found.is_empty(), "{found:#?}");
}
