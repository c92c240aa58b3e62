//! How long programs take to build: modules in a row at one level, and the same in groups.
//!
//! `cargo bench --bench build_time` prints, for each number of operations, the median of three whole release builds
//! of one generated binary, without the library and its dependencies. With numbers behind `--` it measures those
//! sizes only; `expression N`, `row N` and `nested N` build one program with N operations in one expression, N modules
//! in a row, or N modules inside of one another, to find where building ends. `gpt` measures how long a debug build of
//! `examples/gpt_adder.rs` takes after one changed line: a number in `main`, and an operation in `forward`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs};

/// Operations of one module, and modules of one group.
const OPERATIONS: usize = 20;
const MODULES: usize = 5;
const WIDTH: usize = 8;

/// A module of `operations` operations: `linear` and `relu` in turn.
fn module(name: &str, operations: usize) -> String {
    let (mut fields, mut body) = (String::new(), String::from("x"));
    for i in 0..operations {
        if i % 2 == 0 {
            let _ = write!(
                fields,
                "#[module(init = Tensor::eye().into())] w{i}: Param<Rank2<{WIDTH}, {WIDTH}>>, "
            );
            let _ = write!(body, ".linear(&self.w{i})");
        } else {
            body.push_str(".relu()");
        }
    }
    definition(name, &fields, &body)
}

/// A module that runs others, one after the other.
fn row(name: &str, parts: &[String]) -> String {
    let fields: String = parts.iter().enumerate().map(|(i, part)| format!("m{i}: {part}, ")).collect();
    let mut body: String = (0..parts.len()).map(|i| format!("let x = self.m{i}.call(x);\n")).collect();
    body.push('x');
    definition(name, &fields, &body)
}

fn definition(name: &str, fields: &str, body: &str) -> String {
    format!(
        "#[derive(Module)]\nstruct {name} {{ {fields} }}\n\
         impl<const B: usize> Forward<Rank2<B, {WIDTH}>> for {name} {{\n\
         type Output = Rank2<B, {WIDTH}>;\n\
         fn forward<M: Mode>(&self, x: Input<Rank2<B, {WIDTH}>, M>) -> impl Traced<Self::Output, M> {{\n{body}\n}}\n}}\n"
    )
}

fn program(definitions: &str) -> String {
    format!(
        "use typegrad::prelude::*;\n{definitions}\n\
         fn main() {{\n\
         let mut net = Net::new(&mut Rng::seed(0));\n\
         let loss = net.train(Tensor::<Rank2<4, {WIDTH}>>::ones()).sum().backward();\n\
         println!(\"{{loss}} {{}}\", net.num_parameters());\n\
         net.zero_grad();\n}}\n"
    )
}

fn in_a_row(modules: usize, operations: usize) -> String {
    let names: Vec<_> = (0..modules).map(|i| format!("Block{i}")).collect();
    let mut definitions: String = names.iter().map(|name| module(name, operations)).collect();
    definitions += &row("Net", &names);
    program(&definitions)
}

fn in_groups(groups: usize) -> String {
    let mut definitions = String::new();
    let groups: Vec<_> = (0..groups).map(|g| format!("Group{g}")).collect();
    for group in &groups {
        let names: Vec<_> = (0..MODULES).map(|i| format!("{group}Block{i}")).collect();
        names.iter().for_each(|name| definitions += &module(name, OPERATIONS));
        definitions += &row(group, &names);
    }
    definitions += &row("Net", &groups);
    program(&definitions)
}

fn nested(depth: usize) -> String {
    let mut definitions = module("Block0", 2);
    for i in 1..depth {
        definitions += &row(&format!("Block{i}"), &[format!("Block{}", i - 1)]);
    }
    definitions += &row("Net", &[format!("Block{}", depth - 1)]);
    program(&definitions)
}

struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = root.join("target/build_time");
        fs::create_dir_all(folder.join("src")).expect("a folder for the generated program");
        let manifest = format!(
            "[package]\nname = \"generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [dependencies]\ntypegrad = {{ path = {root:?} }}\nlexopt = \"0.3.2\"\n[workspace]\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest).expect("the generated manifest");
        Workspace { folder }
    }

    /// The time of a whole build of the program, or what the compiler says against it.
    fn build(&self, program: &str) -> Result<Duration, String> {
        self.build_with(&["--release"], program)
    }

    fn build_with(&self, options: &[&str], program: &str) -> Result<Duration, String> {
        fs::write(self.folder.join("src/main.rs"), program).expect("the generated program");
        let start = Instant::now();
        let output = Command::new(env!("CARGO"))
            .args(["build", "--quiet"])
            .args(options)
            .current_dir(&self.folder)
            .output()
            .expect("cargo runs");
        let time = start.elapsed();
        if output.status.success() {
            Ok(time)
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    fn median_of_three(&self, program: &str) -> Result<Duration, String> {
        let mut times = Vec::new();
        for i in 0..3 {
            times.push(self.build(&format!("// build {i}\n{program}"))?);
        }
        times.sort();
        Ok(times[1])
    }
}

/// Debug builds of the GPT example after one changed line: the median of five for each kind of line.
fn gpt(workspace: &Workspace) -> Result<(), String> {
    const PROGRAM: &str = include_str!("../examples/gpt_adder.rs");
    const LINES: [(&str, &str, &str); 2] = [
        ("a number in main", "gpt.clip_grad_norm(1.0);", "gpt.clip_grad_norm(1.N);"),
        ("an operation in forward", "let x = self.norm.call(x);", "let x = self.norm.call(x) * 1.N;"),
    ];
    workspace.build_with(&[], PROGRAM)?;
    for (name, line, changed) in LINES {
        assert!(PROGRAM.contains(line), "the example has the line {line}");
        let mut times = Vec::new();
        for i in 1..6 {
            // From the program as it is, so that each time something is new.
            workspace.build_with(&[], PROGRAM)?;
            let program = PROGRAM.replace(line, &changed.replace('N', &i.to_string()));
            times.push(workspace.build_with(&[], &program)?);
        }
        times.sort();
        println!("gpt_adder, debug, after {name}: {}", shown(Ok(times[2])));
    }
    Ok(())
}

fn shown(time: Result<Duration, String>) -> String {
    match time {
        Ok(time) => format!("{:.1} s", time.as_secs_f64()),
        Err(text) => {
            text.lines().find(|line| line.starts_with("error")).unwrap_or("does not build").to_owned()
        }
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let workspace = Workspace::new();
    if let Err(text) = workspace.build(&in_a_row(1, 2)) {
        eprintln!("{text}");
        return ExitCode::FAILURE;
    }

    if words == ["gpt"] {
        return match gpt(&workspace) {
            Ok(()) => ExitCode::SUCCESS,
            Err(text) => {
                eprintln!("{text}");
                ExitCode::FAILURE
            }
        };
    }
    if let [kind, number] = &words[..]
        && kind.parse::<usize>().is_err()
        && let Ok(number) = number.parse()
    {
        let text = match kind.as_str() {
            "expression" => in_a_row(1, number),
            "row" => in_a_row(number, 2),
            "nested" => nested(number),
            _ => return usage(),
        };
        println!("{kind} {number}: {}", shown(workspace.build(&text)));
        return ExitCode::SUCCESS;
    }

    let sizes: Vec<usize> = if words.is_empty() {
        vec![300, 600, 1_200, 2_500, 5_000]
    } else {
        match words.iter().map(|word| word.parse()).collect() {
            Ok(sizes) => sizes,
            Err(_) => return usage(),
        }
    };
    println!("operations   in a row   in groups of {MODULES} modules   ({OPERATIONS} operations a module)");
    for size in sizes {
        let flat = workspace.median_of_three(&in_a_row(size / OPERATIONS, OPERATIONS));
        let grouped = workspace.median_of_three(&in_groups(size / OPERATIONS / MODULES));
        println!("{size:>10}   {:>8}   {:>8}", shown(flat), shown(grouped));
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("usage: cargo bench --bench build_time -- [SIZE..] | expression N | row N | nested N | gpt");
    ExitCode::from(2)
}
