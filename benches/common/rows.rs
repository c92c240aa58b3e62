//! Rows that are measured in a process each, so that none finds the memory of another.

use std::process::Command;

/// Which row a process measures.
const ROW: &str = "TYPEGRAD_BENCH_ROW";

/// The row that this process measures, if it measures one.
pub fn mine() -> Option<String> {
    std::env::var(ROW).ok()
}

/// Returns the output of a process that measures the row `name`.
pub fn measured(name: &str) -> Vec<f64> {
    let this = std::env::current_exe().expect("the path of this program");
    let output = Command::new(this).env(ROW, name).output().expect("this program runs");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("numbers");
    text.split_whitespace().map(|word| word.parse().expect("a number")).collect()
}
