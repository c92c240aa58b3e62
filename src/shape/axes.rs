//! Lists of axes, as types: which axes an operation reduces, or the order of `permute`. Negative axes count from
//! the back.

/// One axis.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes1<const A: isize>;
/// Two axes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes2<const A: isize, const B: isize>;
/// Three axes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes3<const A: isize, const B: isize, const C: isize>;
/// Four axes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes4<const A: isize, const B: isize, const C: isize, const D: isize>;
/// Five axes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes5<const A: isize, const B: isize, const C: isize, const D: isize, const E: isize>;
/// Six axes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axes6<
    const A: isize,
    const B: isize,
    const C: isize,
    const D: isize,
    const E: isize,
    const F: isize,
>;
