//! Documentation, comments, messages of errors and the output of examples are plain technical English: expressions that make a reader
//! translate stay out of them. `words.txt` has the list, with the reasons.

use std::fs;
use std::path::{Path, PathBuf};

struct Rule {
    avoid: String,
    write: String,
    allowed: Vec<String>,
}

fn rules() -> Vec<Rule> {
    let text = fs::read_to_string("tests/words.txt").expect("tests/words.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let [avoid, write, why, allowed] = cells[..] else { panic!("four cells in the line {line}") };
            assert!(!write.is_empty() && !why.is_empty(), "a replacement and a reason in the line {line}");
            let allowed = allowed.split(',').map(str::trim).filter(|text| !text.is_empty());
            Rule { avoid: avoid.into(), write: write.into(), allowed: allowed.map(str::to_owned).collect() }
        })
        .collect()
}

/// The line in lower case, with empty code spans, and without the names of arguments, `{name}`.
fn prose(line: &str) -> String {
    let mut text = String::new();
    for (i, part) in line.replace("``", "`").split('`').enumerate() {
        text.push_str(if i % 2 == 0 { part } else { "`" });
    }
    let mut parts = text.split('{');
    let mut kept = parts.next().unwrap_or_default().to_owned();
    kept.extend(parts.map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)));
    kept.to_lowercase()
}

/// Whether a rule is broken: its expression occurs as words of its own, in none of the phrases that are allowed.
fn breaks(rule: &Rule, text: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    text.match_indices(&rule.avoid).any(|(start, avoid)| {
        let end = start + avoid.len();
        // A stem, such as `initialis`, may continue.
        let is_word = !is_letter(text[..start].chars().next_back())
            && (avoid == "initialis" || !is_letter(text[end..].chars().next()));
        let inside = |phrase: &String| {
            text.match_indices(phrase).any(|(at, phrase)| at <= start && end <= at + phrase.len())
        };
        is_word && !rule.allowed.iter().any(inside)
    })
}

/// Whether a sentence starts with a relative clause, "What is not a file is written to", which names no subject.
fn starts_with_what(line: &str) -> bool {
    let text = line.trim();
    !text.contains('?') && (text.starts_with("What ") || text.contains(". What "))
}

/// The lines of documentation and comments of a file with their numbers, without code blocks, and in a law without the
/// words of PyTorch.
fn documentation(path: &Path) -> Vec<(usize, String)> {
    let is_page = path.extension().is_some_and(|extension| extension == "md");
    let is_law = path.starts_with("ui-tests");
    let text = fs::read_to_string(path).expect("a file");
    let mut in_code = false;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let comment = ["///", "//!", "//"].iter().find_map(|start| line.strip_prefix(start));
        let text = if is_page { Some(line) } else { comment };
        let Some(line) = text else { continue };
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let line = if is_law { line.split('"').step_by(2).collect() } else { line.to_owned() };
            lines.push((number + 1, line));
        }
    }
    lines
}

/// The texts of a Rust file that a user may read while the program is compiled or runs: string literals of three words
/// or more, with their line numbers, without those of unit tests. An escaped line end continues a text.
fn literals(path: &Path) -> Vec<(usize, String)> {
    let file = fs::read_to_string(path).expect("a file");
    let code = file.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut texts = Vec::new();
    let mut line = 1;
    let mut rest = code.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' => line += 1,
            '/' if rest.peek() == Some(&'/') => while rest.next_if(|c| *c != '\n').is_some() {},
            // A quote as a character: `'"'` or `'\"'`.
            '\'' => {
                if rest.next_if_eq(&'\\').is_some() {
                    rest.next();
                } else {
                    rest.next_if_eq(&'"');
                }
            }
            '"' => {
                let start = line;
                let mut text = String::new();
                while let Some(c) = rest.next().filter(|c| *c != '"') {
                    line += usize::from(c == '\n');
                    let escaped = if c == '\\' { rest.next() } else { None };
                    match escaped {
                        Some('\n') => {
                            line += 1;
                            while rest.next_if(|c| *c == ' ').is_some() {}
                        }
                        Some('"') => text.push('"'),
                        Some(_) => text.push(' '),
                        None => text.push(c),
                    }
                }
                if text.split_whitespace().count() > 2 {
                    texts.push((start, text));
                }
            }
            _ => {}
        }
    }
    texts
}

/// The files of Rust and Markdown in a folder and in its subfolders.
fn files(folder: &str, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files(path.to_str().expect("a name"), found);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "md") {
            found.push(path);
        }
    }
}

#[test]
fn a_rule_finds_words_and_spares_phrases_and_code() {
    let rule = |avoid: &str, allowed: &str| Rule {
        avoid: avoid.into(),
        write: String::new(),
        allowed: vec![allowed.into()],
    };
    assert!(breaks(&rule("behind", "behind a pointer"), &prose("The size Behind it")));
    assert!(!breaks(&rule("behind", "behind a pointer"), &prose("a graph behind a pointer, `x.behind`")));
    assert!(!breaks(&rule("is no", "there is no"), &prose("this is not so; there is no tape")));
    assert!(breaks(&rule("initialis", "-"), &prose("initialisation")));
    assert!(!breaks(&rule("behind", "-"), &prose("the size {behind} it, {}")));
    assert!(breaks(&rule("behind", "-"), &prose("the size {size} behind it, {}")));
}

#[test]
fn a_sentence_names_its_subject() {
    assert!(starts_with_what(" What is not a file is written to."));
    assert!(starts_with_what(" A graph. What it holds is freed."));
    assert!(!starts_with_what(" What is a graph?") && !starts_with_what(" A test of what holds."));
}

#[test]
fn the_texts_of_a_program_are_found() {
    let path = std::env::temp_dir().join(format!("typegrad-words-{}.rs", std::process::id()));
    let code = [
        "// \"in a comment, not found\"",
        "let quote = ['\"', '\\'', '\\\\'];",
        "panic!(\"one \\\"two\\\" three \\",
        "        four\");",
        "let short = \"two words\";",
        "fn f<'a>(text: &'a str) { println!(\"this is the last\") }",
        "#[cfg(test)]",
        "mod tests { const TEXT: &str = \"not found in tests\"; }",
    ];
    fs::write(&path, code.join("\n")).expect("a temporary file");
    let found = literals(&path);
    fs::remove_file(&path).expect("the file");
    let expected = [(3, "one \"two\" three four".to_owned()), (6, "this is the last".to_owned())];
    assert_eq!(found, expected);
}

/// The names of the tests of a file of Rust, as words.
fn names_of_tests(text: &str) -> Vec<String> {
    let functions =
        text.split("#[test]").skip(1).filter_map(|rest| rest.split_once("fn ")).map(|(_, rest)| rest);
    functions.filter_map(|rest| rest.split('(').next()).map(|name| name.replace('_', " ")).collect()
}

/// Names of unit tests and of laws, and the first lines of laws, are read in failures and in the tables of docs/errors.md.
#[test]
fn names_of_tests_and_laws_are_plain() {
    assert_eq!(names_of_tests("#[test]\n#[should_panic]\nfn a_b() {}\nfn c() {}"), ["a b"]);
    let rules = rules();
    let mut found = Vec::new();
    ["src", "derive/src", "tests", "ui-tests"].iter().for_each(|folder| files(folder, &mut found));
    let (mut problems, mut count) = (Vec::new(), 0);
    for path in &found {
        let text = fs::read_to_string(path).expect("a file");
        let names = if path.starts_with("ui-tests") {
            // Without what PyTorch says.
            let head: String = text.lines().next().unwrap_or_default().split('"').step_by(2).collect();
            vec![path.file_stem().expect("a name").to_string_lossy().replace('_', " "), prose(&head)]
        } else {
            names_of_tests(&text)
        };
        count += names.len();
        for name in names {
            for rule in rules.iter().filter(|rule| breaks(rule, &name)) {
                problems.push(format!("{}: {name}: write {}", path.display(), rule.write));
            }
            if name.starts_with("what ") {
                problems.push(format!("{}: {name}: name the subject", path.display()));
            }
        }
    }
    assert!(count > 1000, "only {count} names were found");
    assert!(problems.is_empty(), "see tests/words.txt:\n{}", problems.join("\n"));
}

#[test]
fn documentation_and_messages_are_plain() {
    let rules = rules();
    assert!(rules.len() > 20, "only {} rules", rules.len());
    let mut found = Vec::new();
    for folder in
        ["src", "derive/src", "docs", "benches", "examples", "fuzz/fuzz_targets", "tests", "ui-tests"]
    {
        files(folder, &mut found);
    }
    found.push("fuzz/seeds.rs".into());
    let pages = fs::read_dir(".").expect("the project").flatten().map(|entry| entry.path());
    found.extend(pages.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    let (mut problems, mut texts) = (Vec::new(), 0);
    for path in &found {
        let is_page = path.extension().is_some_and(|e| e == "md");
        let is_program = ["src", "derive", "examples"].iter().any(|folder| path.starts_with(folder));
        let is_test =
            path.components().any(|part| ["tests", "tests.rs"].iter().any(|t| part.as_os_str() == *t));
        let mut lines = documentation(path);
        for (number, line) in lines.iter().filter(|(_, line)| !is_page && starts_with_what(line)) {
            problems.push(format!("{}:{number}: name the subject: {line}", path.display()));
        }
        if is_program && !is_page && !is_test {
            let found = literals(path);
            texts += found.len();
            lines.extend(found);
        }
        // Lines that follow each other are also read as one, since an expression may be broken between them.
        let broken: Vec<_> = lines
            .windows(2)
            .filter(|pair| pair[0].0 + 1 == pair[1].0)
            .map(|pair| (pair[0].0, format!("{} {}", pair[0].1.trim_end(), pair[1].1.trim_start())))
            .collect();
        lines.extend(broken);
        for (number, line) in lines {
            let text = prose(&line);
            for rule in rules.iter().filter(|rule| breaks(rule, &text)) {
                let place = path.display();
                problems.push(format!("{place}:{number}: `{}`, write {}: {line}", rule.avoid, rule.write));
            }
        }
    }
    assert!(texts > 500, "only {texts} texts were found in string literals");
    assert!(problems.is_empty(), "see tests/words.txt:\n{}", problems.join("\n"));
}
