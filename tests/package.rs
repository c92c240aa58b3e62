//! The package that is published: its size, and the licenses of what it depends on.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

/// The packages that `cargo metadata` lists, if it can.
fn metadata(arguments: &[&str]) -> Option<String> {
    let output =
        Command::new(env!("CARGO")).args(["metadata", "--format-version", "1"]).args(arguments).output();
    let output = output.expect("cargo runs");
    output.status.success().then(|| String::from_utf8(output.stdout).expect("text"))
}

/// The platform of this machine, as rustc names it.
fn host() -> String {
    let version = cargo(&["--version", "--verbose"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("a line `host: `").to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Whether a license expression can be satisfied by licenses that are allowed.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut tokens = expression.split_whitespace().peekable();
    either(&mut tokens, allowed)
}

type Tokens<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

/// `a OR b`, where AND binds more tightly.
fn either(tokens: &mut Tokens<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut any = all(tokens, allowed);
    while tokens.next_if_eq(&"OR").is_some() {
        any |= all(tokens, allowed);
    }
    any
}

/// `a AND b`.
fn all(tokens: &mut Tokens<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut every = one(tokens, allowed);
    while tokens.next_if_eq(&"AND").is_some() {
        every &= one(tokens, allowed);
    }
    every
}

/// A license, one with an exception, or an expression in parentheses.
fn one(tokens: &mut Tokens<'_>, allowed: &BTreeSet<String>) -> bool {
    if tokens.next_if_eq(&"(").is_some() {
        let inner = either(tokens, allowed);
        assert_eq!(tokens.next(), Some(")"), "a closing parenthesis");
        return inner;
    }
    let mut name = tokens.next().expect("a license").to_owned();
    if tokens.next_if_eq(&"WITH").is_some() {
        name = format!("{name} WITH {}", tokens.next().expect("an exception"));
    }
    allowed.contains(&name)
}

#[test]
fn expressions_are_read() {
    let allowed = BTreeSet::from(["MIT", "Zlib"].map(str::to_owned));
    for yes in
        ["MIT", "MIT OR GPL-3.0", "GPL-3.0/MIT", "(GPL-3.0 OR MIT) AND Zlib", "GPL-3.0 AND MIT OR Zlib"]
    {
        assert!(is_allowed(yes, &allowed), "{yes}");
    }
    for no in ["GPL-3.0", "MIT AND GPL-3.0", "MIT WITH x", "GPL-3.0 AND (MIT OR Zlib)"] {
        assert!(!is_allowed(no, &allowed), "{no}");
    }
}

#[test]
fn dependencies_have_allowed_licenses() {
    let list = fs::read_to_string("deny.toml").expect("deny.toml");
    let list = list.lines().find_map(|line| line.strip_prefix("allow = ")).expect("a line `allow = [..]`");
    let allowed: BTreeSet<_> = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    // A build downloads only the packages of its machine, and this the others. Without a network it is those of the machine.
    let metadata = metadata(&["--locked"]).or_else(|| metadata(&["--offline", "--filter-platform", &host()]));
    let metadata = metadata.expect("cargo knows the packages");
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 30, "only {} packages were found", packages.len());
    for package in packages {
        let license = package["license"].as_str().unwrap_or_default();
        assert!(!license.is_empty(), "{} names no license", package["name"]);
        assert!(
            is_allowed(license, &allowed),
            "{} has the license {license}: see deny.toml",
            package["name"]
        );
    }
}

/// Fixtures of PyTorch and compile-fail tests are not published; what a user and the unit tests need is.
#[test]
fn the_package_is_small() {
    let list = cargo(&["package", "--list", "--allow-dirty", "--offline", "-p", "typegrad"]);
    let files: Vec<_> = list.lines().collect();
    for needed in ["Cargo.toml", "README.md", "LICENSE-MIT", "src/lib.rs", "docs/pytorch.md"] {
        assert!(files.contains(&needed), "{needed} is not in the package");
    }
    assert!(!files.iter().any(|file| file.starts_with("ui-tests/")));
    // Unit tests and examples run from the package.
    let sources = files.iter().filter(|file| file.ends_with(".rs"));
    let sources: String = sources.filter_map(|file| fs::read_to_string(file).ok()).collect();
    for path in sources.split("tests/fixtures/").skip(1) {
        let path =
            path.split(|c: char| !(c.is_alphanumeric() || "/._-".contains(c))).next().unwrap_or_default();
        let path = format!("tests/fixtures/{}", path.trim_end_matches(['/', '.']));
        assert!(files.iter().any(|file| file.starts_with(&path)), "the package lacks {path}");
    }
    let size: u64 = files.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum();
    // Compressed, as it is published, these are less than 2 MB.
    assert!(size < 5_000_000, "the package has {size} bytes");
}

/// A page of the package links to files of the package only, or to addresses.
#[test]
fn links_of_the_package_lead_to_its_files() {
    let list = cargo(&["package", "--list", "--allow-dirty", "--offline", "-p", "typegrad"]);
    let files: BTreeSet<_> = list.lines().collect();
    let mut links = 0;
    for page in files.iter().filter(|file| file.ends_with(".md")) {
        let text = fs::read_to_string(page).expect("a page");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next()) {
            if link.is_empty() || link.starts_with("http") {
                continue;
            }
            let mut target: Vec<_> = page.split('/').collect();
            target.pop();
            for part in link.split('/') {
                match part {
                    ".." => drop(target.pop()),
                    part => target.push(part),
                }
            }
            links += 1;
            assert!(
                files.contains(target.join("/").as_str()),
                "{page} links to {link}, which the package lacks"
            );
        }
    }
    assert!(links > 100, "only {links} links were found");
}

/// The names that a module exports: `pub use` lists and public items, without those that are hidden from the documentation.
fn exports(module: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut item = String::new();
    for line in module.lines().filter(|line| !line.trim_start().starts_with("//")) {
        // Attributes and lists of several lines belong to their item; what is indented is inside another one.
        if item.is_empty() && line.starts_with([' ', '}']) {
            continue;
        }
        item.push_str(line.trim());
        item.push(' ');
        let is_open = line.ends_with(']') || item.contains("pub use") && !line.ends_with(';');
        if !is_open {
            if !item.contains("doc(hidden)") {
                names.extend(names_of(&item));
            }
            item.clear();
        }
    }
    names
}

/// The names that one item exports.
fn names_of(item: &str) -> Vec<String> {
    let last = |path: &str| path.trim().rsplit([':', ' ']).next().unwrap_or_default().to_owned();
    if let Some((_, list)) = item.split_once("pub use ") {
        let list = list.trim().trim_end_matches([';', '}']);
        let list = list.split_once('{').map_or(list, |(_, inner)| inner);
        return list.split(',').map(last).filter(|name| !name.is_empty()).collect();
    }
    let code = item.rsplit("] ").next().unwrap_or_default();
    let is_public = code.starts_with("pub ") || item.contains("#[macro_export]");
    let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    let kinds = ["pub", "const", "mod", "fn", "struct", "enum", "trait", "type", "macro_rules"];
    words.skip_while(|word| kinds.contains(word)).take(usize::from(is_public)).map(str::to_owned).collect()
}

/// Programs that were written for the last release still find their names. One that is gone breaks them: it needs an entry in
/// the changelog and a new minor version. Methods are held by the tables of docs/pytorch.md. Before a release
/// `TYPEGRAD_BLESS=1 cargo test --test package` writes the list.
#[test]
fn public_names_stay() {
    let library = fs::read_to_string("src/lib.rs").expect("src/lib.rs");
    let (root, prelude) = library.split_once("pub mod prelude {\n").expect("a prelude");
    let prelude: Vec<_> = prelude.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
    let mut modules = vec![(String::new(), root.to_owned()), ("prelude::".to_owned(), prelude.join("\n"))];
    for name in root.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        let text = fs::read_to_string(format!("src/{name}/mod.rs")).expect("a module");
        modules.push((format!("{name}::"), text));
    }
    assert!(modules.len() > 10, "only {} modules were found", modules.len());
    let names: BTreeSet<String> = modules
        .iter()
        .flat_map(|(module, text)| exports(text).into_iter().map(move |name| format!("{module}{name}")))
        .collect();
    if std::env::var_os("TYPEGRAD_BLESS").is_some() {
        let list: String = names.iter().map(|name| format!("{name}\n")).collect();
        fs::write("tests/public.txt", list).expect("tests/public.txt");
    }
    let list = fs::read_to_string("tests/public.txt").expect("tests/public.txt");
    let gone: Vec<_> = list.lines().filter(|name| !names.contains(*name)).collect();
    assert!(
        list.lines().count() > 500 && gone.is_empty(),
        "public names that are gone, see CONTRIBUTING.md: {gone:?}"
    );
}

#[test]
fn exports_are_read() {
    let module = "
#[doc(hidden)]
pub use a::Hidden;
pub use b::{
    /// A name.
    First, second::Second as Renamed,
};
mod private;
#[must_use]
pub const fn size() -> usize {
    pub fn inner() {}
}
pub(crate) struct Internal;
pub trait Shape: Sized {
#[macro_export]
macro_rules! check {
";
    let names: Vec<_> = exports(module).into_iter().collect();
    assert_eq!(names, ["First", "Renamed", "Shape", "check", "size"]);
}
