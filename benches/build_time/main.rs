//! How long building takes: this crate from nothing, a GPT after one changed line, and generated programs of many modules.
//!
//! `cargo bench --bench build_time` prints all tables. Words after `--` select one: `clean` builds the crate from nothing;
//! `gpt` checks and builds `examples/gpt_adder.rs` with four layers after one changed line, a number in `main` or an operation
//! in `forward`; numbers are sizes of generated programs, with modules in a row at one level, and the same in groups.
//! `expression N`, `row N` and `nested N` build one program with N operations in one expression, N modules in a row, or N
//! modules inside one another, to find where building ends.
//!
//! Times are medians, of the clock and, where Linux tells it, of all processors together. The second one hardly depends on
//! what else the machine does.

mod programs;
mod workspace;

use programs::{MODULES, OPERATIONS, in_a_row, in_groups, nested};
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::{env, fs};
use workspace::{Cost, Workspace, cargo, root};

const SIZES: [usize; 5] = [300, 600, 1_200, 2_500, 5_000];
/// Each command with its name in the tables.
const COMMANDS: [(&str, &[&str]); 3] =
    [("check", &["check"]), ("debug", &["build"]), ("release", &["build", "--release"])];

/// Builds of this crate and all that it depends on, from nothing: the medians of two.
fn clean() -> Result<(), String> {
    let target = root().join("target/build_time/clean");
    let folder = target.to_str().expect("a path in UTF-8");
    println!("clean build with default features");
    for (name, command) in COMMANDS {
        let (mut costs, mut crates) = (Vec::new(), 0);
        for _ in 0..2 {
            if target.exists() {
                fs::remove_dir_all(&target).map_err(|error| error.to_string())?;
            }
            let options = ["--package", "typegrad", "--lib", "--target-dir", folder];
            let (cost, text) = cargo(root(), &[command, &options].concat())?;
            crates = crates_of(&text);
            costs.push(cost);
        }
        println!("{name:<10} {:>20}   {crates} crates", Cost::median(&costs).shown());
    }
    fs::remove_dir_all(&target).map_err(|error| error.to_string())
}

/// How many crates cargo says that it builds.
fn crates_of(text: &str) -> usize {
    let built = text.lines().filter_map(|line| {
        let line = line.trim_start();
        line.strip_prefix("Compiling ").or(line.strip_prefix("Checking "))
    });
    built.collect::<BTreeSet<_>>().len()
}

/// The GPT after one changed line: the medians of three for each kind of line and command.
fn gpt(workspace: &Workspace) -> Result<(), String> {
    const LAYERS: (&str, &str) = ("WIDTH, 4, 256>; 2]", "WIDTH, 4, 256>; 4]");
    const LINES: [(&str, &str, &str); 2] = [
        ("a number in main", "gpt.clip_grad_norm(1.0);", "gpt.clip_grad_norm(1.N);"),
        ("an operation in forward", "let x = self.norm.call(x);", "let x = self.norm.call(x) * 1.N;"),
    ];
    let example = include_str!("../../examples/gpt_adder.rs");
    assert!(example.contains(LAYERS.0), "the example has two layers");
    let program = example.replace(LAYERS.0, LAYERS.1);
    println!("{:<44} {:>20}", "GPT of 4 layers after one changed line", "");
    for (name, command) in COMMANDS {
        for (kind, line, changed) in LINES {
            assert!(program.contains(line), "the example has the line {line}");
            workspace.run(command, &program)?;
            let costs: Result<Vec<_>, _> = (1..4)
                .map(|i| {
                    workspace.run(command, &program.replace(line, &changed.replace('N', &i.to_string())))
                })
                .collect();
            println!("{:<44} {:>20}", format!("{name}, {kind}"), Cost::median(&costs?).shown());
        }
    }
    Ok(())
}

fn sizes(workspace: &Workspace, sizes: &[usize]) {
    println!(
        "operations {:>20} {:>20}   ({OPERATIONS} operations a module)",
        "in a row",
        format!("in groups of {MODULES}")
    );
    for size in sizes {
        let flat = workspace.median_of_three(&in_a_row(size / OPERATIONS, OPERATIONS));
        let grouped = workspace.median_of_three(&in_groups(size / OPERATIONS / MODULES));
        println!("{size:>10} {:>20} {:>20}", shown(flat), shown(grouped));
    }
}

fn shown(cost: Result<Cost, String>) -> String {
    cost.map_or_else(
        |text| text.lines().find(|line| line.starts_with("error")).unwrap_or("does not build").to_owned(),
        Cost::shown,
    )
}

/// Runs what the words say; `None` if they say nothing.
fn run(words: &[&str]) -> Option<Result<(), String>> {
    if words == ["clean"] {
        return Some(clean());
    }
    let workspace = Workspace::new();
    // The library is built once, and not with the first program.
    let ready = || workspace.run(&["build", "--release"], &in_a_row(1, 2)).map(drop);
    Some(match words {
        [] => {
            clean().and_then(|()| gpt(&workspace)).and_then(|()| ready()).map(|()| sizes(&workspace, &SIZES))
        }
        ["gpt"] => gpt(&workspace),
        [kind @ ("expression" | "row" | "nested"), number] => {
            let number = number.parse().ok()?;
            let program = match *kind {
                "expression" => in_a_row(1, number),
                "row" => in_a_row(number, 2),
                _ => nested(number),
            };
            ready().map(|()| {
                println!("{kind} {number}: {}", shown(workspace.run(&["build", "--release"], &program)));
            })
        }
        numbers => {
            let numbers: Vec<_> = numbers.iter().map(|word| word.parse().ok()).collect::<Option<_>>()?;
            ready().map(|()| sizes(&workspace, &numbers))
        }
    })
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    match run(&words.iter().map(String::as_str).collect::<Vec<_>>()) {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(text)) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
        None => {
            eprintln!(
                "usage: cargo bench --bench build_time -- [clean | gpt | SIZE.. | expression N | row N | nested N]"
            );
            ExitCode::from(2)
        }
    }
}
