//! Everything that the pages of docs/ name exists.

mod common;

use common::{entries, files, function, methods, methods_of_tensors, read, word};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The cells of the tables of docs/pytorch.md, row by row, without the heads.
fn rows() -> Vec<Vec<String>> {
    let page = fs::read_to_string("docs/pytorch.md").expect("docs/pytorch.md");
    let rows = page.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---"));
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    rows.filter(|line| !line.starts_with("| PyTorch |")).map(cells).collect()
}

/// The texts between backticks.
fn code(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The names that are called in a piece of code: `x.sum_axis::<I>()`, `eye::<N>()`, `einsum!(..)`.
fn calls(code: &str) -> BTreeSet<&str> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    // The only name of a capital letter.
    let mut names: BTreeSet<_> = code.contains("x.T()").then_some("T").into_iter().collect();
    let mut rest = code;
    while let Some(at) = rest.find(is_name) {
        let word = &rest[at..];
        let (name, behind) = word.split_at(word.find(|c| !is_name(c)).unwrap_or(word.len()));
        let is_whole = !rest[..at].ends_with(|c: char| c.is_alphanumeric());
        if is_whole && ["(", "::<", "!("].iter().any(|call| behind.starts_with(call)) {
            names.insert(name);
        }
        rest = behind;
    }
    names
}

/// The names that are called on a tensor `x` in a piece of code: `sum` in `net.call(x.sum())`.
fn calls_on_x(code: &str) -> BTreeSet<&str> {
    let starts = code.match_indices("x.").map(|(at, _)| code.split_at(at));
    let starts = starts.filter(|(before, _)| !before.ends_with(|c: char| c.is_alphanumeric()));
    starts.map(|(_, x)| word(&x[2..])).collect()
}

/// The sources without the kernels, which are hidden. `Frozen` is among them for its unsafe code.
fn sources(folders: &[&str]) -> Vec<PathBuf> {
    let all = folders.iter().flat_map(|folder| files(folder, "rs"));
    all.filter(|path| !path.starts_with("src/kernel") || path.ends_with("frozen.rs")).collect()
}

/// The names that the library defines in public and shows: functions, methods of public traits, and macros.
fn public_names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in sources(&["src", "derive/src"]) {
        let file = read(&path);
        let code = file.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let lines: Vec<_> = code.lines().collect();
        let (mut in_trait, mut in_hidden) = (false, false);
        for (at, line) in lines.iter().enumerate() {
            if line.starts_with('}') {
                (in_trait, in_hidden) = (false, false);
            } else if line.starts_with("pub trait ") || line.starts_with("impl") && is_of_std(line) {
                in_trait = !line.ends_with('}');
            }
            in_hidden |= ["pub trait ", "impl"].iter().any(|start| line.starts_with(start))
                && !line.ends_with('}')
                && is_hidden(&lines, at);
            let starts = ["pub const fn ", "macro_rules! "];
            let other = starts.iter().find_map(|start| line.trim().strip_prefix(start)).map(word);
            let name = function(line, in_trait).filter(|_| !in_hidden && !is_hidden(&lines, at));
            names.extend(name.or(other).map(str::to_owned));
        }
    }
    names
}

/// Those of them that are methods of tensors.
fn methods_of_x(public: &BTreeSet<String>) -> BTreeSet<String> {
    // Of methods that exist for their messages.
    let hidden = ["src/tensor/renamed.rs", "src/tensor/not_tensor.rs", "src/ops/support/not_floats.rs"];
    let files = sources(&["src"]).into_iter().filter(|path| !hidden.map(Path::new).contains(&path.as_path()));
    let constant = ["numel", "shape"].map(str::to_owned);
    let methods = files.flat_map(|path| methods_of_tensors(&path)).chain(constant);
    methods.filter(|name| public.contains(name)).collect()
}

/// Whether the item of a line is hidden, by an attribute among those and the documentation before it.
fn is_hidden(lines: &[&str], at: usize) -> bool {
    let before = lines[..at].iter().rev().map(|line| line.trim_start());
    let mut before = before.take_while(|line| line.starts_with("#[") || line.starts_with("//"));
    before.any(|line| line == "#[doc(hidden)]")
}

/// The kernels of an element type are one supertrait, which is hidden.
#[test]
fn kernels_are_one_supertrait_on_the_pages() {
    let (elements, kernels) = (read("src/element.rs"), read("src/kernel/mod.rs"));
    let kernels: Vec<_> = kernels.lines().collect();
    for (name, supertrait) in
        [("Element", "ElementKernels"), ("Numeric", "NumberKernels"), ("Float", "FloatKernels")]
    {
        let rest = elements.split(&format!("pub trait {name}:")).nth(1).expect(name);
        let bounds = rest.split("{\n").next().unwrap_or_default().split('+').map(str::trim);
        let of_kernels: Vec<_> = bounds.filter(|bound| bound.to_lowercase().contains("kernel")).collect();
        assert_eq!(of_kernels, [supertrait], "`{name}` names kernels one by one");
        let at = kernels.iter().position(|line| line.starts_with(&format!("pub trait {supertrait}:")));
        assert!(is_hidden(&kernels, at.expect(supertrait)), "`{supertrait}` has a page");
    }
    let imports = elements.lines().filter(|line| line.starts_with("use crate::kernel::{"));
    assert_eq!(imports.flat_map(|line| line.matches(',')).count(), 2, "no kernel is imported alone");
}

/// Whether a statement exports a backward pass or the numbers of windows, or is a type of a trait that takes flows or backward
/// passes: programs name none.
fn is_part(statement: &str) -> bool {
    if statement.starts_with("pub use ") {
        let mut names = statement.split(|c: char| !c.is_alphanumeric());
        return names.any(|name| name.ends_with("Backward") || name == "WindowSizes");
    }
    let arguments = statement.split(">:").next().and_then(|head| head.split_once('<'));
    arguments.is_some_and(|(name, arguments)| {
        let takes = [": Flow<", ": Pullback"].iter().any(|bound| arguments.contains(bound));
        name.starts_with("    type ") && !name.contains(':') && takes
    })
}

#[test]
fn parts_of_graphs_and_windows_are_hidden() {
    let (mut hidden, mut shown) = (0, Vec::new());
    for path in files("src", "rs").into_iter().filter(|path| !path.starts_with("src/kernel")) {
        let file = read(&path);
        let lines: Vec<_> = file.lines().collect();
        let mut in_trait = false;
        for (at, line) in lines.iter().enumerate() {
            in_trait = !line.starts_with('}') && (in_trait || line.starts_with("pub trait "));
            let is_shown = in_trait || line.starts_with("pub use ") && path.ends_with("mod.rs");
            let statement =
                lines[at..].iter().take_while(|line| !line.is_empty()).copied().collect::<String>();
            if is_shown && is_part(statement.split(';').next().unwrap_or_default()) {
                if is_hidden(&lines, at) {
                    hidden += 1;
                } else {
                    shown.push(format!("{}:{}", path.display(), at + 1));
                }
            }
        }
    }
    assert!(hidden > 10 && shown.is_empty(), "{hidden} are hidden, these have a page: {shown:?}");
}

/// The head of an implementation of a trait of the standard library that makes values.
fn is_of_std(head: &str) -> bool {
    [" From<", " TryFrom<", " Default for "].iter().any(|name| head.contains(name))
}

#[test]
fn every_row_has_a_call_that_exists() {
    let public = public_names();
    let of_x = methods_of_x(&public);
    let mut unknown = BTreeSet::new();
    for row in rows() {
        assert_eq!(row.len(), 4, "a row has four cells: {row:?}");
        assert!(!code(&row[1]).is_empty(), "no call in the row {row:?}");
        // An attribute is not a call.
        for code in code(&row[1]).into_iter().filter(|code| !code.starts_with("#[")) {
            unknown.extend(calls(code).into_iter().filter(|name| !public.contains(*name)).map(str::to_owned));
            let on_x = calls_on_x(code).into_iter().filter(|name| !of_x.contains(*name));
            unknown.extend(on_x.map(|name| format!("x.{name}")));
        }
    }
    assert!(unknown.is_empty(), "docs/pytorch.md names what is no public function of src/: {unknown:?}");
}

#[test]
fn every_law_that_is_named_exists() {
    let mut laws = 0;
    for row in rows() {
        for law in code(&row[3]) {
            let path = format!("ui-tests/{law}.rs");
            assert!(Path::new(&path).exists(), "docs/pytorch.md names {path}, which does not exist");
            laws += 1;
        }
    }
    assert!(laws > 100, "only {laws} laws were found");
}

/// Each feature of Cargo.toml has a row in the README, and is printed by `info`.
#[test]
fn every_feature_is_documented_and_printed() {
    let manifest = fs::read_to_string("Cargo.toml").expect("Cargo.toml");
    let readme = fs::read_to_string("README.md").expect("README.md");
    let info = fs::read_to_string("src/info.rs").expect("src/info.rs");
    let features =
        manifest.split("[features]\n").nth(1).expect("features").split("\n[").next().expect("a list");
    let names =
        features.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    for (name, _) in names.filter(|(name, _)| *name != "default") {
        assert!(readme.contains(&format!("| `{name}`")), "README.md has no row for the feature {name}");
        let is_printed = info.contains(&format!("#[cfg(feature = \"{name}\")]"));
        assert!(is_printed, "src/info.rs does not print the feature {name}");
    }
}

/// Nothing is written twice: no two lines start alike.
#[test]
fn no_page_has_a_line_twice() {
    for file in ["README.md", "CHANGELOG.md", "src/lib.rs"] {
        let text = fs::read_to_string(file).expect("a page");
        let lines = text.lines().filter(|line| file.ends_with("md") || line.starts_with("//! "));
        let mut beginnings = BTreeSet::new();
        for beginning in lines.map(|line| line.chars().take(50).collect::<String>()) {
            let is_long = beginning.chars().count() == 50;
            assert!(!is_long || beginnings.insert(beginning.clone()), "{file} has two lines `{beginning}..`");
        }
    }
}

/// The statements of README.md about its table of speeds follow from the table.
#[test]
fn the_summary_of_the_speeds_is_that_of_the_table() {
    let readme = fs::read_to_string("README.md").expect("README.md");
    let section =
        readme.split("\n## Speed\n").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a section");
    let number = |cell: &str| {
        let last = cell.split_whitespace().last()?;
        last.replace(',', "").parse::<f64>().ok()
    };
    let ratios: Vec<[f64; 2]> = section
        .lines()
        .filter_map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split(" | ").map(number).collect();
            let &[_, ours, Some(best), shown, ours2, Some(best2), shown2] = &cells[..] else { return None };
            let ratios = [(ours? / best, shown?), (ours2? / best2, shown2?)];
            for (ratio, shown) in ratios {
                assert!((ratio - shown).abs() < 0.011, "the ratio is {ratio:.3}: {line}");
            }
            Some(ratios.map(|(ratio, _)| ratio))
        })
        .collect();
    assert_eq!(ratios.len(), 20, "the rows of the table");
    let fast = ratios.iter().flatten().filter(|ratio| **ratio < 1.005).count();
    let mean = |thread: usize| {
        let logarithms: f64 = ratios.iter().map(|ratios| ratios[thread].ln()).sum();
        (logarithms / ratios.len() as f64).exp()
    };
    for text in [
        format!("{fast} of the {} ratios are at most 1.00", 2 * ratios.len()),
        format!("The geometric mean of the ratios is {:.2} on one thread and {:.2} on two", mean(0), mean(1)),
    ] {
        assert!(section.contains(&text), "README.md must say: {text}");
    }
}

/// The pages of the repository.
fn pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for folder in ["", "docs", "benches", "examples", "examples/data", "src/graph", "tests/pytorch"] {
        let entries = fs::read_dir(Path::new(".").join(folder)).expect("a folder").flatten();
        let names = entries.map(|entry| Path::new(folder).join(entry.file_name()));
        pages.extend(names.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    pages
}

/// The anchors of the headings of a page, as GitHub and mdBook write them.
fn anchors(page: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(page).expect("a page");
    let headings =
        text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |heading: &str| {
        let kept = heading.to_lowercase().replace(' ', "-");
        kept.chars().filter(|c| c.is_alphanumeric() || ['-', '_'].contains(c)).collect()
    };
    headings.map(anchor).collect()
}

/// Files and folders that pages name, as links or between backticks, exist, and so do the headings that links lead to.
#[test]
fn every_file_that_a_page_names_exists() {
    let roots = ["src/", "tests/", "ui-tests/", "benches/", "docs/", "derive/", "examples/", ".ci/"];
    let mut named = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        let folder = page.parent().expect("a folder");
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://") && !link.contains(char::is_whitespace)) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { folder.join(file) };
            assert!(target.exists(), "{} links to {link}, which does not exist", page.display());
            let has_heading = anchor.is_empty() || anchors(&target).contains(anchor);
            assert!(has_heading, "{} links to {link}: no such heading", page.display());
            named += 1;
        }
        let words = text.split(['`', ' ']).filter(|word| roots.iter().any(|root| word.starts_with(root)));
        let files = words.map(|file| file.trim_end_matches([',', '.', ':', ';', ')', '|']));
        // `<family>` and globs stand for several files; src/main.rs is that of a user.
        for file in files.filter(|file| *file != "src/main.rs" && !file.contains(['<', '*', '\n'])) {
            let path = file.split(':').next().unwrap_or(file);
            assert!(Path::new(path).exists(), "{} names {file}, which does not exist", page.display());
            named += 1;
        }
    }
    assert!(named > 150, "only {named} files were found");
}

/// The catalogue of errors is true: each row of a law has the first line that the compiler prints.
#[test]
fn every_message_is_that_of_its_law() {
    let page = fs::read_to_string("docs/errors.md").expect("docs/errors.md");
    let mut laws = 0;
    for row in page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| mistake")) {
        let last = row.trim_end_matches('|').rsplit(" | ").next().expect("a last cell");
        let Some(law) = code(last).into_iter().find(|code| !code.contains([' ', '(', '<'])) else { continue };
        if !law.contains('/') {
            continue;
        }
        let text =
            fs::read_to_string(format!("ui-tests/{law}.stderr")).unwrap_or_else(|_| panic!("no law {law}"));
        let first = text.lines().next().unwrap_or_default();
        let message = first.split_once(": ").map_or(first, |(_, message)| message);
        assert!(row.replace("\\|", "|").contains(message), "{law} prints today: {message}");
        laws += 1;
    }
    assert!(laws > 90, "only {laws} laws were found");
}

/// The README's five errors are texts of the compiler: each is part of that of a law.
#[test]
fn the_errors_of_the_readme_are_those_of_laws() {
    let page = fs::read_to_string("README.md").expect("README.md");
    let table = page.split("\n| mistake | PyTorch | here |\n").nth(1).expect("the table of errors");
    let rows: Vec<_> = table.lines().skip(1).take_while(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 5);
    let mut laws = String::new();
    for family in
        fs::read_dir("ui-tests").expect("ui-tests").flatten().filter(|family| family.path().is_dir())
    {
        for file in fs::read_dir(family.path()).expect("a family").flatten() {
            if file.path().extension().is_some_and(|extension| extension == "stderr") {
                laws.push_str(&fs::read_to_string(file.path()).expect("the text of a law"));
            }
        }
    }
    for row in rows {
        let here = row.trim_end_matches(" |").rsplit(" | ").next().expect("a last cell");
        let message = here.trim_matches('`').trim();
        assert!(laws.contains(message), "no law prints: {message}");
    }
}

/// The table is whole: each operation has a row.
#[test]
fn every_operation_is_in_the_table() {
    let named: Vec<_> = rows().into_iter().map(|row| row[1].clone()).collect();
    let named: BTreeSet<&str> = named.iter().flat_map(|cell| code(cell)).flat_map(calls).collect();
    let operations = files("src/ops", "rs").into_iter();
    let others = ["create", "random", "autograd"].map(|file| PathBuf::from(format!("src/tensor/{file}.rs")));
    // The functions that einsum! expands to are public, but not methods.
    let operations = operations.filter(|path| !path.ends_with("einsum.rs")).chain(others);
    let losses: BTreeSet<_> = entries("src/loss").iter().flat_map(|path| methods_of_tensors(path)).collect();
    assert!(losses.len() > 10, "{} methods of src/loss", losses.len());
    for name in operations.flat_map(|path| methods(&path)).chain(losses) {
        assert!(named.contains(&*name), "docs/pytorch.md has no row for `{name}`");
    }
}

/// Each documented method of an operation names PyTorch's and has an example.
#[test]
fn every_operation_names_pytorch_and_has_an_example() {
    // Methods that PyTorch does not have, and methods whose documentation refers to that of another one.
    let without_name = ["apply_n", "expand", "mean", "none", "rotary_embedding", "scan", "sum", "with_shape"];
    let without_example = ["allowed", "causal", "expand", "none", "sum"];
    let mut methods = 0;
    for file in files("src/ops", "rs").iter().map(read) {
        let code = file.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let mut doc = String::new();
        for line in code.lines().map(str::trim) {
            if line.starts_with("///") || line.starts_with("#[") {
                doc.push_str(line);
                continue;
            }
            let name = function(line, false).unwrap_or_default();
            if !name.is_empty() && doc.contains("///") && !doc.contains("#[doc(hidden)]") {
                let refers = doc.contains("](Tensor::") || doc.contains("](Self::");
                let named = refers || doc.contains("PyTorch") || without_name.contains(&name);
                assert!(named, "the documentation of `{name}` does not name PyTorch's");
                let shown = refers || doc.contains("```") || without_example.contains(&name);
                assert!(shown, "the documentation of `{name}` has no example");
                methods += 1;
            }
            doc.clear();
        }
    }
    assert!(methods > 200, "only {methods} methods were found");
}

/// Each layer, loss, optimizer and schedule of the prelude has a row.
#[test]
fn every_type_of_the_prelude_is_in_the_table() {
    let library = fs::read_to_string("src/lib.rs").expect("src/lib.rs");
    let prelude = library.split("pub mod prelude").nth(1).expect("the prelude");
    let cells: Vec<_> = rows().into_iter().map(|row| code(&row[1]).join(" ")).collect();
    let cells = cells.join(" ");
    let named: BTreeSet<&str> = cells.split(|c: char| !c.is_alphanumeric()).collect();
    for family in ["loss", "nn", "optim"] {
        let list =
            prelude.split(&format!("pub use crate::{family}::{{")).nth(1).expect("a list of the prelude");
        let list = list.split('}').next().unwrap_or_default();
        for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            assert!(named.contains(name), "docs/pytorch.md has no row for `{name}`");
        }
    }
}

/// Programs of the pages for users run: a page that has one is a documentation test of src/lib.rs, and no block is left out.
#[test]
fn every_program_of_a_page_runs() {
    let library = fs::read_to_string("src/lib.rs").expect("src/lib.rs");
    let is_for_users = |page: &PathBuf| page.starts_with("docs") || page == Path::new("README.md");
    let mut programs = 0;
    for page in pages().into_iter().filter(is_for_users) {
        let text = fs::read_to_string(&page).expect("a page");
        let blocks: Vec<_> = text.lines().filter(|line| line.trim_start().starts_with("```rust")).collect();
        for block in &blocks {
            assert_eq!(block.trim(), "```rust", "{}: this program does not run", page.display());
        }
        let is_tested = library.contains(&format!("include_str!(\"../{}\")", page.display()));
        assert!(is_tested || blocks.is_empty(), "src/lib.rs does not test {}", page.display());
        programs += blocks.len();
    }
    assert!(programs > 30, "only {programs} programs were found");
}

/// The book has every page of the package, once: all but itself and the measurements of the past.
#[test]
fn every_page_is_in_the_book() {
    let summary = fs::read_to_string("docs/SUMMARY.md").expect("docs/SUMMARY.md");
    let others = ["docs/SUMMARY.md", "benches/measurements.md"].map(Path::new);
    for page in pages().into_iter().filter(|page| !others.contains(&page.as_path())) {
        let link = match page.strip_prefix("docs") {
            Ok(name) => name.display().to_string(),
            Err(_) => format!("../{}", page.display()),
        };
        let times = summary.matches(&format!("]({link})")).count();
        assert_eq!(times, 1, "docs/SUMMARY.md has {link} {times} times");
    }
}
