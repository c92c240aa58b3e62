//! A kernel is in the folder of the family that calls it.

use crate::common::{code, entries, files, stem, word};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The files of `src/kernel` that are in no folder, and why.
const LOOSE: [(&str, &str); 3] = [
    ("compiled", "the traits whose methods are kernels of several families"),
    ("denormal", "a setting of the processor, not a kernel"),
    ("frozen", "`Frozen::of` casts a reference; only the kernel may do so"),
];

#[test]
fn every_kernel_is_in_a_folder() {
    let is_source = |path: &PathBuf| path.extension().is_some_and(|ext| ext == "rs") && stem(path) != "mod";
    let files = entries("src/kernel").into_iter().filter(is_source);
    let loose: Vec<_> = files.map(|path| stem(&path)).collect();
    assert_eq!(loose, LOOSE.map(|(name, _)| name), "files of src/kernel that are in no folder");
}

/// The folders of what several families share.
const SHARED: [&str; 6] = ["axis", "gemm", "math", "memory", "simd", "threads"];

/// The family, or the subject of another folder, that a file of `src` is about: `conv` for `src/ops/conv/conv3d.rs`, `loss` for
/// `src/loss/bce.rs`. None for what several families share, such as `src/ops/support`.
fn subject(path: &Path) -> Option<String> {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    match &*parts.iter().map(|part| &**part).collect::<Vec<_>>() {
        ["src", "ops", "support", ..] => None,
        ["src", "ops" | "kernel", folder, _, ..] => Some((*folder).to_owned()),
        ["src", folder @ ("loss" | "optim"), ..] => Some((*folder).to_owned()),
        _ => None,
    }
}

/// The modules of `src/kernel` that a source names, as `crate::kernel::conv::pool` or, in `src/kernel`, `super::conv::pool`.
pub(crate) fn named(path: &Path) -> BTreeSet<(String, String)> {
    let text = code(path);
    let mut found = BTreeSet::new();
    for prefix in ["kernel::", "super::super::"] {
        for rest in text.split(prefix).skip(1) {
            let folder = word(rest);
            let inside = rest[folder.len()..].strip_prefix("::").unwrap_or_default();
            let modules =
                inside.strip_prefix('{').map_or(inside, |list| list.split('}').next().unwrap_or(list));
            let all = if inside.starts_with('{') {
                modules.split(',').map(str::trim).collect()
            } else {
                vec![modules]
            };
            found.extend(all.into_iter().map(|module| (folder.to_owned(), word(module).to_owned())));
        }
    }
    found
}

/// The functions of the public traits of a source: `norm` of `pub trait Norms`, which is called as `E::norm(..)`.
pub(crate) fn functions_of_traits(text: &str) -> Vec<&str> {
    let traits = text.split("\npub trait ").skip(1).map(|rest| rest.split("\n}").next().unwrap_or(rest));
    traits.flat_map(str::lines).filter_map(|line| line.trim().strip_prefix("fn ")).map(word).collect()
}

/// The methods of elements that are functions of a module: `kron_of` of `kron_of is kron::kron` in `compiled.rs`.
pub(crate) fn compiled<'a>(list: &'a str, module: &str) -> Vec<&'a str> {
    let function = format!(" is {module}::");
    let names = list.match_indices(&function).map(|(at, _)| list[..at].rsplit([' ', '\n']).next());
    names.map(|name| name.expect("a name")).collect()
}

/// A module that families call, and not that of its folder, is in the wrong folder.
#[test]
fn every_kernel_is_in_the_folder_of_a_family_that_calls_it() {
    let mut users = BTreeMap::<_, BTreeSet<String>>::new();
    let mut sources = Vec::new();
    for path in files("src", "rs") {
        let Some(user) = subject(&path) else { continue };
        for module in named(&path) {
            users.entry(module).or_default().insert(user.clone());
        }
        sources.push((user, code(&path), path));
    }
    assert!(users.len() > 60, "{} modules are used", users.len());
    let list = code(Path::new("src/kernel/compiled.rs"));
    let (mut modules, mut wrong) = (0, Vec::new());
    for path in files("src/kernel", "rs") {
        let folder = path.parent().expect("a folder");
        let (own, module) = (stem(folder), stem(&path));
        if ["mod", "tests"].contains(&&*module) || own == "kernel" {
            continue;
        }
        modules += 1;
        // A file of the same folder names it `super::module`, or `module` in `mod.rs`.
        let calls = |other: &Path| {
            let text = if other == path { String::new() } else { code(other) };
            text.match_indices(&module).any(|(at, name)| {
                let ends = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                ends && text[at + name.len()..].starts_with("::")
            })
        };
        let in_folder = entries(folder).iter().any(|other| other.is_file() && calls(other));
        let mut users = users.get(&(own.clone(), module.clone())).cloned().unwrap_or_default();
        let text = code(&path);
        let functions = functions_of_traits(&text).into_iter().chain(compiled(&list, &module));
        for call in functions.map(|name| format!("::{name}(")) {
            let callers = sources.iter().filter(|(_, text, other)| *other != path && text.contains(&call));
            users.extend(callers.map(|(user, ..)| user.clone()));
        }
        users.retain(|user| *user != "support");
        let shared = SHARED.contains(&&*own) && users.len() != 1;
        if !(users.is_empty() || shared || users.contains(&own) || in_folder) {
            wrong.push(format!("{} is used by {users:?}", path.display()));
        }
    }
    assert!(modules > 80, "{modules} modules");
    assert!(wrong.is_empty(), "kernels in the folder of a family that does not call them: {wrong:#?}");
}
