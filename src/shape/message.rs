//! Text with numbers, built at compile time.
//!
//! A const assertion can print a `&'static str` and nothing else. [`Message`] writes words and integers into a
//! byte buffer, so that "the tensor has 576 elements, the new shape has 400" is such a string.

const CAPACITY: usize = 400;

/// A line of text that is written in a `const`.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Message {
    /// An empty message.
    #[must_use]
    pub const fn new() -> Self {
        Message { bytes: [0; CAPACITY], len: 0 }
    }

    const fn byte(mut self, byte: u8) -> Self {
        // A text that is too long is cut at the end: a shorter message beats a second error.
        if self.len < CAPACITY {
            self.bytes[self.len] = byte;
            self.len += 1;
        }
        self
    }

    /// Appends ASCII words.
    #[must_use]
    pub const fn text(mut self, words: &str) -> Self {
        let words = words.as_bytes();
        let mut i = 0;
        while i < words.len() {
            self = self.byte(words[i]);
            i += 1;
        }
        self
    }

    /// Appends a number in decimal.
    #[must_use]
    pub const fn number(self, n: usize) -> Self {
        let shorter = if n >= 10 { self.number(n / 10) } else { self };
        shorter.byte(b'0' + (n % 10) as u8)
    }

    /// Appends a signed number in decimal.
    #[must_use]
    pub const fn signed(self, n: isize) -> Self {
        if n < 0 { self.byte(b'-').number(n.unsigned_abs()) } else { self.number(n as usize) }
    }

    /// Appends a list of sizes as PyTorch prints it: `[2, 3]`.
    #[must_use]
    pub const fn sizes(mut self, sizes: &[usize]) -> Self {
        self = self.byte(b'[');
        let mut i = 0;
        while i < sizes.len() {
            if i > 0 {
                self = self.text(", ");
            }
            self = self.number(sizes[i]);
            i += 1;
        }
        self.byte(b']')
    }

    /// The text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "a message that is not ASCII",
        }
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_sizes_are_written_in_order() {
        const M: Message = Message::new().text("has ").number(576).text(" of ").sizes(&[2, 30]).signed(-1);
        assert_eq!(M.as_str(), "has 576 of [2, 30]-1");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(Message::new().text(&"x".repeat(500)).as_str().len(), CAPACITY);
    }
}
