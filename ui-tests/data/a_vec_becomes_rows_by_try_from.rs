// NumPy's `np.array(v).reshape(-1, 2)` stops when the program runs.
use typegrad::data::TensorRows;
use typegrad::prelude::*;

fn main() {
    let rows = TensorRows::<Rank1<2>>::from(vec![1.0_f32, 2.0, 3.0, 4.0]);
}
