//! Bytes that no program wrote.

use super::*;
use crate::prelude::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn whatever_the_bytes_are_it_is_a_table_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let table = Csv::new().table::<Rank1<2>, f32, i64>(Path::new("t.csv"), &bytes, true);
        if let Ok(table) = table {
            prop_assert_eq!(table.inputs().as_slice().len(), 2 * table.targets().len());
        }
    }
}
