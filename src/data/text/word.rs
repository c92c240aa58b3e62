//! The words of a vocabulary.

use super::windows::fixed;
use crate::data::DataError;
use crate::file::atomic;
use crate::nn::Embedding;
use crate::shape::{Law, Rank1, number_law};
use crate::tensor::Tensor;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;
use std::path::Path;

number_law!(Words: |n| n > 2, "a vocabulary has `<pad>`, `<unk>` and at least one word");

/// The token that pads a sequence, and that of all words that are not in the vocabulary.
const SPECIAL: [&str; 2] = ["<pad>", "<unk>"];

/// The words of a text as tokens from 0 to `V` - 1, for an `Embedding<V, D>`. torchtext's `basic_english` and `Vocab`.
///
/// A word is a run of letters and digits in lower case; every other character but white space is a word of its own. Token 0,
/// `<pad>`, pads sequences that are too short, and token 1, `<unk>`, stands for every word that is not in the vocabulary.
///
/// ```
/// use typegrad::data::text::WordTokenizer;
/// use typegrad::prelude::*;
/// let words = WordTokenizer::<5>::build(["to be or not to be"])?; // two of its own, and the three most frequent
/// assert_eq!(words.words(), ["<pad>", "<unk>", "be", "to", "not"]);
/// assert_eq!(words.encode("To be!"), [3, 2, 1]);
/// let line: Tensor<Rank1<4>, i64> = words.encode_fixed("To be!");
/// assert_eq!(line, Tensor::from([3, 2, 1, 0]));
///
/// let error = WordTokenizer::<6>::parse("words.txt", "<pad>\n<unk>\nbe\nto\nnot\n").unwrap_err();
/// assert_eq!(error.to_string(), "words.txt: 5 words, but the vocabulary has 6");
/// # Ok::<(), typegrad::data::DataError>(())
/// ```
#[derive(Clone)]
pub struct WordTokenizer<const V: usize> {
    words: Vec<String>,
    tokens: HashMap<String, i64>,
}

impl<const V: usize> WordTokenizer<V> {
    /// The vocabulary of the `V` - 2 most frequent words of some texts; of equally frequent ones, those that come first in the
    /// alphabet. torchtext's `build_vocab_from_iterator(max_tokens=V)`.
    ///
    /// # Errors
    /// If the texts have fewer words.
    pub fn build<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, DataError> {
        let () = Words::<V>::HOLDS;
        let mut counts = HashMap::<String, u64>::new();
        for text in texts {
            split(text, |word| *counts.entry(word).or_insert(0) += 1);
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by(|(a, n), (b, m)| (Reverse(n), a).cmp(&(Reverse(m), b)));
        let found = counts.len() + SPECIAL.len();
        if found < V {
            return Err(DataError::Vocabulary { found, expected: V });
        }
        let words = SPECIAL.map(str::to_owned).into_iter().chain(counts.into_iter().map(|(word, _)| word));
        Ok(WordTokenizer::of(words.take(V).collect()))
    }

    fn of(words: Vec<String>) -> Self {
        let tokens = (0..).zip(&words).map(|(token, word)| (word.clone(), token)).collect();
        WordTokenizer { words, tokens }
    }

    /// Reads a vocabulary: one word a line, as [`save`](Self::save) writes it.
    ///
    /// # Errors
    /// With the file and the line: if there are not `V` words, if one is there twice, if a line is empty, or if the first two
    /// are not `<pad>` and `<unk>`.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| DataError::from(error).at(path))?;
        let text = String::from_utf8(bytes).map_err(|_| DataError::Utf8.at(path))?;
        Self::parse(&path.to_string_lossy(), &text)
    }

    /// Reads the vocabulary of an embedding, which says `V`: a file with another number of words is an error here instead of an index
    /// out of range later. Otherwise as [`load`](Self::load).
    ///
    /// ```
    /// use typegrad::data::text::WordTokenizer;
    /// use typegrad::prelude::*;
    /// let path = std::env::temp_dir().join("typegrad-doc-words.txt");
    /// WordTokenizer::<5>::build(["to be or not to be"])?.save(&path)?;
    /// let net = Embedding::<5, 8>::new(&mut Rng::seed(0));
    /// let words = WordTokenizer::load_for(&path, &net)?;
    /// let _: Tensor<Rank2<4, 8>> = net.infer(words.encode_fixed("to be"));
    /// let other = Embedding::<7, 8>::new(&mut Rng::seed(0));
    /// let error = WordTokenizer::load_for(&path, &other).unwrap_err().to_string();
    /// assert!(error.ends_with("typegrad-doc-words.txt: 5 words, but the vocabulary has 7"));
    /// # std::fs::remove_file(path)?;
    /// # Ok::<(), typegrad::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`load`](Self::load).
    pub fn load_for<const D: usize, E>(
        path: impl AsRef<Path>,
        _embedding: &Embedding<V, D, E>,
    ) -> Result<Self, DataError> {
        Self::load(path)
    }

    /// The same from text. The name is that of the file in errors.
    ///
    /// # Errors
    /// Those of [`load`](Self::load).
    pub fn parse(name: &str, text: &str) -> Result<Self, DataError> {
        let path = Path::new(name);
        let words: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut tokens = HashMap::new();
        for (line, word) in (1..).zip(&words) {
            let special = SPECIAL.get(line as usize - 1);
            let problem = if word.is_empty() || word.contains(char::is_whitespace) {
                Some(format!("{word:?} is not a word"))
            } else if special.is_some_and(|special| special != word) {
                Some(format!("{word:?} in place of {:?}", special.unwrap_or(&"")))
            } else {
                let first: Option<u64> = tokens.insert(word.as_str(), line);
                first.map(|first| format!("the word {word:?} is also in line {first}"))
            };
            if let Some(problem) = problem {
                return Err(DataError::Word(problem).at_line(path, line));
            }
        }
        if words.len() != V {
            return Err(DataError::Vocabulary { found: words.len(), expected: V }.at(path));
        }
        Ok(WordTokenizer::of(words))
    }

    /// Writes the vocabulary, one word a line. The file is replaced as a whole or not at all.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), DataError> {
        let path = path.as_ref();
        let text = self.words.iter().map(|word| format!("{word}\n")).collect::<String>();
        atomic::write(path, |file| std::io::Write::write_all(file, text.as_bytes()))
            .map_err(|error| DataError::from(error).at(path))
    }

    /// The words in the order of their tokens.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The tokens of a text.
    #[must_use]
    pub fn encode(&self, text: &str) -> Vec<i64> {
        let mut tokens = Vec::new();
        split(text, |word| tokens.push(self.tokens.get(&word).copied().unwrap_or(1)));
        tokens
    }

    /// The first `T` tokens of a text; after its end, `<pad>`.
    pub fn encode_fixed<const T: usize>(&self, text: &str) -> Tensor<Rank1<T>, i64> {
        fixed(&self.encode(text), 0)
    }

    /// The words of tokens, with spaces between them.
    ///
    /// # Panics
    /// If a token is not in `0..V`.
    #[must_use]
    #[track_caller]
    pub fn decode(&self, tokens: &[i64]) -> String {
        let words = tokens.iter().map(|token| {
            let word = usize::try_from(*token).ok().and_then(|index| self.words.get(index));
            word.unwrap_or_else(|| panic!("the token {token} is out of range: there are {V} words, 0..{V}"))
                .as_str()
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

impl<const V: usize> fmt::Debug for WordTokenizer<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WordTokenizer({V} words: {}, ..)", self.words[..V.min(5)].join(" "))
    }
}

/// Shows each word of a text to `word`.
fn split(text: &str, mut word: impl FnMut(String)) {
    let mut run = String::new();
    for character in text.chars().chain([' ']) {
        if character.is_alphanumeric() {
            run.extend(character.to_lowercase());
            continue;
        }
        if !run.is_empty() {
            word(std::mem::take(&mut run));
        }
        if !character.is_whitespace() {
            word(character.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_and_marks_stand_alone() {
        let mut words = Vec::new();
        split("  Don't stop-me\tÉTÉ 3.5!\n", |word| words.push(word));
        assert_eq!(words, ["don", "'", "t", "stop", "-", "me", "été", "3", ".", "5", "!"]);
    }

    #[test]
    fn a_vocabulary_comes_back_from_its_file() {
        let words = WordTokenizer::<6>::build(["b a a c", "c c b d"]).unwrap();
        assert_eq!(words.words(), ["<pad>", "<unk>", "c", "a", "b", "d"]);
        assert_eq!(format!("{words:?}"), "WordTokenizer(6 words: <pad> <unk> c a b, ..)");
        let path = std::env::temp_dir().join(format!("typegrad-words-{}.txt", std::process::id()));
        words.save(&path).unwrap();
        let back = WordTokenizer::<6>::load(&path).unwrap();
        assert_eq!((back.words(), back.encode("D, c")), (words.words(), vec![5, 1, 2]));
        let error = WordTokenizer::<7>::load(&path).unwrap_err().to_string();
        assert_eq!(error, format!("{}: 6 words, but the vocabulary has 7", path.display()));
        std::fs::remove_file(&path).unwrap();
        let error = WordTokenizer::<7>::load(&path).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");
    }

    #[test]
    fn errors_name_the_line() {
        let error = |text| WordTokenizer::<4>::parse("w.txt", text).unwrap_err().to_string();
        assert_eq!(error("<pad>\n<unk>\na\n\n"), "w.txt:4: \"\" is not a word");
        assert_eq!(error("<pad>\n<unk>\na b\nc\n"), "w.txt:3: \"a b\" is not a word");
        assert_eq!(error("<pad>\na\nb\nc\n"), "w.txt:2: \"a\" in place of \"<unk>\"");
        assert_eq!(error("<pad>\n<unk>\na\na\n"), "w.txt:4: the word \"a\" is also in line 3");
        assert_eq!(error(""), "w.txt: 0 words, but the vocabulary has 4");
        let few = WordTokenizer::<9>::build(["one two"]).unwrap_err().to_string();
        assert_eq!(few, "4 words, but the vocabulary has 9");
    }

    #[test]
    #[should_panic(expected = "the token 4 is out of range: there are 4 words, 0..4")]
    fn a_token_is_that_of_a_word() {
        let _ = WordTokenizer::<4>::build(["a b"]).unwrap().decode(&[2, 4]);
    }
}
