//! Programs that must not compile, and the text that the user reads.
//!
//! Each file of `ui-tests/<area>/` is a law. Its first line says what PyTorch would have done. trybuild runs
//! `cargo check` for a set of failures only; laws that constant assertions hold fire when a program is *built*, so
//! they are a set of their own, with a case that passes. Such a file says so in its second line.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

const BUILT: &str = "// Found when the program is built.";

fn laws() -> Vec<PathBuf> {
    let areas = fs::read_dir("ui-tests").expect("the folder ui-tests").flatten();
    let mut laws: Vec<_> = areas
        .filter(|area| area.path().is_dir() && area.file_name() != "pass")
        .flat_map(|area| fs::read_dir(area.path()).expect("a folder of laws").flatten())
        .map(|law| law.path())
        .filter(|law| law.extension().is_some_and(|e| e == "rs"))
        .collect();
    laws.sort();
    laws
}

fn is_built(law: &PathBuf) -> bool {
    fs::read_to_string(law).expect("a law").lines().nth(1) == Some(BUILT)
}

/// trybuild asks rustc for whole types (`--verbose`), and a user does not. These flags go before its own. They are read from the
/// environment, which this process does not change: a second one has it.
#[test]
fn laws_hold() {
    const FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";
    let folder = env::current_dir().expect("the folder of the package").join("ui-tests");
    let remap = format!("--remap-path-prefix={}=ui-tests", folder.display());
    let flags = ["--cfg", "trybuild", "-A", "dead_code", "--diagnostic-width=140", &remap].join("\x1f");
    if env::var(FLAGS).as_ref() != Ok(&flags) {
        let tests = env::current_exe().expect("this program");
        let mut one = Command::new(tests);
        one.args(["laws_hold", "--exact", "--nocapture"]);
        one.args(env::args().filter(|argument| argument.starts_with("trybuild=")));
        assert!(one.env(FLAGS, flags).status().expect("this program again").success(), "a law does not hold");
        return;
    }
    let (built, checked): (Vec<_>, Vec<_>) = laws().into_iter().partition(is_built);
    assert!(!built.is_empty() && !checked.is_empty());
    let checks = trybuild::TestCases::new();
    checked.iter().for_each(|law| checks.compile_fail(law));
    drop(checks);
    let builds = trybuild::TestCases::new();
    builds.pass("ui-tests/pass/*.rs");
    built.iter().for_each(|law| builds.compile_fail(law));
}

/// One mistake, one error, in a text that fits on a screen.
#[test]
fn each_law_is_one_error_of_at_most_25_lines() {
    for law in laws() {
        let text = fs::read_to_string(law.with_extension("stderr")).expect("the text of each law");
        let errors = text.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, 1, "{} prints {errors} errors", law.display());
        assert!(text.lines().count() <= 25, "{} prints more than 25 lines", law.display());
        assert!(
            !text.contains("core/src/panic.rs"),
            "{} names a place in the standard library",
            law.display()
        );
    }
}

/// No line is longer than a screen is wide.
#[test]
fn no_line_has_more_than_200_characters() {
    for law in laws() {
        let text = fs::read_to_string(law.with_extension("stderr")).expect("the text of each law");
        for line in text.lines() {
            assert!(line.chars().count() <= 200, "{}: {line}", law.display());
        }
    }
}

/// The README and the documentation of the crate show the real text, from the first line to the last that points into
/// the program. The law has the program of the README from its second line on, so that line numbers agree.
#[test]
fn the_readme_shows_the_real_error() {
    let text = fs::read_to_string("ui-tests/module/readme.stderr").expect("the text of the README's error");
    let text = text.replace("ui-tests/module/readme.rs", "src/main.rs");
    let shown: Vec<_> = text.lines().take(5).collect();
    let law = fs::read_to_string("ui-tests/module/readme.rs").expect("the law");
    let program = law.replace("Linear<17, 2>", "Linear<16, 2>");
    let program: Vec<_> = program.lines().skip(1).take_while(|line| !line.starts_with("fn main")).collect();
    let readme = fs::read_to_string("README.md").expect("the README");
    let start = readme.split("```rust\n").nth(1).and_then(|code| code.split_once('\n')).expect("a program").1;
    assert!(start.starts_with(&program.join("\n")), "the README should show:\n{}", program.join("\n"));
    let library = fs::read_to_string("src/lib.rs").expect("the library");
    for page in [readme, library.replace("//! ", "")] {
        assert!(
            page.contains(&shown.join("\n")),
            "README.md and src/lib.rs should show:\n{}",
            shown.join("\n")
        );
    }
}
