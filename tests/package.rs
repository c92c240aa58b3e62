//! The package that is published: its size, and the licences of what it depends on.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Whether a licence expression can be satisfied by licences that are allowed.
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

/// A licence, one with an exception, or an expression in parentheses.
fn one(tokens: &mut Tokens<'_>, allowed: &BTreeSet<String>) -> bool {
    if tokens.next_if_eq(&"(").is_some() {
        let inner = either(tokens, allowed);
        assert_eq!(tokens.next(), Some(")"), "a closing parenthesis");
        return inner;
    }
    let mut name = tokens.next().expect("a licence").to_owned();
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
fn dependencies_have_allowed_licences() {
    let list = fs::read_to_string("deny.toml").expect("deny.toml");
    let list = list.lines().find_map(|line| line.strip_prefix("allow = ")).expect("a line `allow = [..]`");
    let allowed: BTreeSet<_> = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    let metadata = cargo(&["metadata", "--format-version", "1", "--offline"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 30, "only {} packages were found", packages.len());
    for package in packages {
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(!licence.is_empty(), "{} names no licence", package["name"]);
        assert!(
            is_allowed(licence, &allowed),
            "{} has the licence {licence}: see deny.toml",
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
    assert!(size < 4_000_000, "the package has {size} bytes");
}
