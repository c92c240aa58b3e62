//! The command line and the environment.

/// The words of the command line, without the options that `cargo bench` adds.
pub fn words() -> Vec<String> {
    std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect()
}

/// Whether a name contains one of the words, or there are none.
pub fn wants(words: &[String], name: &str) -> bool {
    words.is_empty() || words.iter().any(|word| name.contains(word.as_str()))
}

/// Uses as many threads inside operations as `TYPEGRAD_THREADS` says, 1 by default.
pub fn set_threads() {
    let threads = std::env::var("TYPEGRAD_THREADS").unwrap_or("1".to_owned());
    typegrad::set_num_threads(threads.parse().expect("TYPEGRAD_THREADS is a number"));
}
