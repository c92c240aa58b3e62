//! A list that needs no allocation while it is short.

/// Items in order, the first `N` of which lie in the list itself.
pub(crate) struct Few<T, const N: usize> {
    first: [Option<T>; N],
    rest: Vec<T>,
}

impl<T, const N: usize> Few<T, N> {
    pub(crate) const fn new() -> Self {
        Few { first: [const { None }; N], rest: Vec::new() }
    }

    pub(crate) fn push(&mut self, item: T) {
        match self.first.iter_mut().find(|place| place.is_none()) {
            Some(place) => *place = Some(item),
            None => self.rest.push(item),
        }
    }

    /// Removes the last item.
    pub(crate) fn pop(&mut self) -> Option<T> {
        self.rest.pop().or_else(|| self.first.iter_mut().rev().find_map(Option::take))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.first.iter().flatten().chain(&self.rest)
    }

    /// Item `i`.
    pub(crate) fn get(&self, i: usize) -> Option<&T> {
        self.first.get(i).map_or_else(|| self.rest.get(i - N), Option::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn push_and_pop_beyond_the_inline_length() {
        for len in 0..6 {
            let mut few = Few::<usize, 3>::new();
            (0..len).for_each(|i| few.push(i));
            assert!(few.iter().copied().eq(0..len));
            for i in 0..8 {
                assert_eq!(few.get(i).copied(), (i < len).then_some(i));
            }
            for i in (0..len).rev() {
                assert_eq!(few.pop(), Some(i));
            }
            assert_eq!(few.pop(), None);
        }
    }
}
