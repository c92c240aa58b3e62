//! The words of the command line.

/// All of them, without the options that `cargo bench` adds.
pub fn words() -> Vec<String> {
    std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect()
}

/// Whether a name contains one of the words, or there are none.
pub fn wants(words: &[String], name: &str) -> bool {
    words.is_empty() || words.iter().any(|word| name.contains(word.as_str()))
}
