//! True and false as types.

/// A type that stands for true or false.
pub trait Truth {
    /// It as a value.
    const HOLDS: bool;
    /// Whether both are true.
    type And<T: Truth>: Truth;
}

/// True.
#[derive(Debug)]
pub enum True {}

/// False.
#[derive(Debug)]
pub enum False {}

impl Truth for True {
    const HOLDS: bool = true;
    type And<T: Truth> = T;
}

impl Truth for False {
    const HOLDS: bool = false;
    type And<T: Truth> = False;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds<T: Truth>() -> bool {
        T::HOLDS
    }

    #[test]
    fn both_are_true() {
        assert!(holds::<<True as Truth>::And<True>>());
        assert!(!holds::<<True as Truth>::And<False>>());
        assert!(!holds::<<False as Truth>::And<True>>());
    }
}
