//! The package in which generated programs are built, and what a build costs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The time of a build, in seconds.
#[derive(Clone, Copy)]
pub struct Cost {
    /// By the clock, which counts what other programs do.
    pub wall: f64,
    /// On all cores, by cargo and what it runs. Where the system does not tell there is none.
    pub cpu: Option<f64>,
}

impl Cost {
    pub fn shown(self) -> String {
        let cpu = self.cpu.map_or(String::new(), |cpu| format!(" ({cpu:.1} CPU)"));
        format!("{:.1} s{cpu}", self.wall)
    }

    /// The medians of both columns.
    pub fn median(costs: &[Cost]) -> Cost {
        let median = |mut numbers: Vec<f64>| {
            numbers.sort_by(f64::total_cmp);
            numbers[numbers.len() / 2]
        };
        Cost {
            wall: median(costs.iter().map(|cost| cost.wall).collect()),
            cpu: costs.iter().map(|cost| cost.cpu).collect::<Option<_>>().map(median),
        }
    }
}

/// The seconds on a processor of all processes that this one has waited for, and of those that they have waited for.
fn cpu_of_children() -> Option<f64> {
    // Linux: `pid (name) state ..`, times in hundredths of a second; the name may have spaces.
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<f64>().ok();
    Some((ticks(13)? + ticks(14)?) / 100.0)
}

/// Runs cargo. Gives the cost and what it says on stderr, or what it says where it fails.
pub fn cargo(folder: &Path, arguments: &[&str]) -> Result<(Cost, String), String> {
    let (start, before) = (Instant::now(), cpu_of_children());
    let output =
        Command::new(env!("CARGO")).args(arguments).current_dir(folder).output().expect("cargo runs");
    let wall = start.elapsed().as_secs_f64();
    let cpu = cpu_of_children().zip(before).map(|(after, before)| after - before);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok((Cost { wall, cpu }, text)) } else { Err(text) }
}

/// The folder of this crate.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    pub fn new() -> Self {
        let root = root();
        let folder = root.join("target/build_time");
        fs::create_dir_all(folder.join("src")).expect("a folder for the generated program");
        let manifest = format!(
            "[package]\nname = \"generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [dependencies]\ntypegrad = {{ path = {root:?} }}\nlexopt = \"0.3.2\"\n[workspace]\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest).expect("the generated manifest");
        // The versions that this crate is tested with.
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a copy of Cargo.lock");
        Workspace { folder }
    }

    /// Returns the cost of `command`, such as `build --release`, for the program, or the error of the compiler.
    pub fn run(&self, command: &[&str], program: &str) -> Result<Cost, String> {
        fs::write(self.folder.join("src/main.rs"), program).expect("the generated program");
        cargo(&self.folder, &[command, &["--quiet"]].concat()).map(|(cost, _)| cost)
    }

    /// The medians of three whole release builds.
    pub fn median_of_three(&self, program: &str) -> Result<Cost, String> {
        let costs: Result<Vec<_>, _> =
            (0..3).map(|i| self.run(&["build", "--release"], &format!("// build {i}\n{program}"))).collect();
        costs.map(|costs| Cost::median(&costs))
    }
}
