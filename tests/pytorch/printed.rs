//! The printed form of a tensor, compared with that of PyTorch (`printed.py`).

use crate::fixture::{Stored, fixture};
use safetensors::SafeTensors;
use std::collections::BTreeMap;
use typegrad::prelude::*;

#[test]
fn printed() {
    let file = fixture("printed.safetensors");
    let file = SafeTensors::deserialize(&file).expect("a safetensors file");
    let text = String::from_utf8(fixture("printed.txt")).expect("a text");
    let mut expected: BTreeMap<&str, &str> = text
        .split("=== ")
        .filter_map(|section| section.split_once('\n'))
        .map(|(name, text)| (name, text.trim_end_matches('\n')))
        .collect();
    let mut expect = |name: &str, got: String| {
        let expected = expected.remove(name).unwrap_or_else(|| panic!("the text has no {name}"));
        assert_eq!(got, expected, "{name}:\n{got}\nbut PyTorch prints\n{expected}\n");
    };

    macro_rules! print {
        ($($name:ident: $t:ty, $s:ty;)*) => { $(
            let name = stringify!($name);
            expect(name, load::<$s, $t>(&file, name).to_string());
        )* };
    }
    print! {
        scalar: f32, Rank0;
        scalar_whole: f32, Rank0;
        scalar_double: f64, Rank0;
        scalar_integer: i64, Rank0;
        scalar_bool: bool, Rank0;
        scalar_nan: f32, Rank0;
        vector: f32, Rank1<5>;
        halves: f64, Rank1<4>;
        whole: f32, Rank1<5>;
        zeros: f32, Rank2<2, 3>;
        wide_ratio: f32, Rank1<3>;
        ratio_of_1000: f32, Rank1<2>;
        large: f32, Rank1<2>;
        large_whole: f32, Rank1<3>;
        huge_exponent: f64, Rank1<3>;
        small: f32, Rank1<3>;
        corners: f32, Rank1<6>;
        corners_whole: f32, Rank1<5>;
        corners_scientific: f32, Rank1<5>;
        only_corners: f32, Rank1<4>;
        integers: i64, Rank2<2, 2>;
        bools: bool, Rank2<2, 2>;
        matrix: f32, Rank2<3, 4>;
        matrix_double: f64, Rank2<2, 3>;
        cube: f32, Rank3<2, 3, 2>;
        rank_4: f32, Rank4<2, 2, 2, 2>;
        long_vector: f32, Rank1<30>;
        long_vector_double: f64, Rank1<15>;
        long_rows: i64, Rank2<2, 30>;
        wrapped_dtype: f64, Rank1<7>;
        empty: f32, Rank1<0>;
        empty_matrix: f32, Rank3<2, 0, 3>;
        empty_double: f64, Rank2<0, 3>;
        empty_integers: i64, Rank1<0>;
        empty_bools: bool, Rank2<0, 1>;
        thousand: i64, Rank2<20, 50>;
        elided_vector: f32, Rank1<1001>;
        elided_matrix: f32, Rank2<40, 30>;
        elided_rows_only: f32, Rank2<300, 4>;
        elided_cube: f32, Rank3<9, 12, 10>;
        elided_hides_the_small: f32, Rank1<1200>;
    }

    let x = Param::new(load::<Rank2<2, 2>, f32>(&file, "traced"));
    expect("leaf", x.track().to_string());
    expect("relu", x.track().relu().to_string());
    expect("sum", x.track().sum().to_string());
    expect("parameter", format!("{x:?}"));
    let y = Param::new(load::<Rank1<7>, f64>(&file, "wrapped_dtype"));
    expect("wrapped_names", y.track().relu().to_string());
    expect("vector_two_digits", format!("{:.2}", load::<Rank1<5>, f32>(&file, "vector")));

    assert!(expected.is_empty(), "not checked: {expected:?}");
}

fn load<S: Shape, E: Stored>(file: &SafeTensors<'_>, name: &str) -> Tensor<S, E> {
    let view = file.tensor(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!((view.shape(), view.dtype()), (S::SIZES, E::STORED_AS), "{name}");
    let elements: Vec<E> = view.data().chunks_exact(size_of::<E>()).map(E::read).collect();
    Tensor::from_fn(|i| elements[i])
}
