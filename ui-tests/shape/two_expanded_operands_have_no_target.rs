// PyTorch stretches both; here one side has the shape of the result, and `broadcast_to` says it.
use typegrad::prelude::*;

fn main() {
    let rows = Tensor::<Rank2<3, 1>>::ones();
    let columns = Tensor::<Rank2<1, 4>>::ones();
    let _ = rows.expand() + columns.expand();
}
