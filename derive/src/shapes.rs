//! The shapes for which a network is checked: `input = SHAPE` and `inputs = (SHAPE, SHAPE)`.

use syn::{DeriveInput, Error, GenericParam, Result, Type, TypeTuple};

use crate::attr::ends_in;

/// How both inputs of a network are written.
const PAIR: &str = "a network with two inputs has `inputs = (Rank2<8, 64>, Rank1<8>)`";

/// The types of elements, which belong to `Forward`.
const ELEMENTS: [&str; 4] = ["f32", "f64", "i64", "bool"];

/// The shapes of what a network takes, with what an error points at.
pub(crate) enum Shapes {
    /// `input = SHAPE`
    One(Type),
    /// `inputs = (SHAPE, SHAPE)`
    Two(TypeTuple),
}

impl Shapes {
    /// `input = SHAPE`. A tuple of shapes is not one.
    pub(crate) fn one(shape: Type) -> Result<Self> {
        let ranks = ["Rank0", "Rank1", "Rank2", "Rank3", "Rank4", "Rank5", "Rank6"];
        match &shape {
            Type::Tuple(tuple) if tuple.elems.iter().any(|part| ends_in(part, &ELEMENTS)) => {
                let message = "an input is given by its shape alone, `input = Rank1<8>`: its elements follow from \
                    `impl Forward<Rank1<B>, f32, i64>`";
                Err(Error::new_spanned(tuple, message))
            }
            Type::Tuple(tuple) if tuple.elems.iter().any(|part| ends_in(part, &ranks)) => {
                let message = format!("a tuple of shapes is not the shape of an input; {PAIR}");
                Err(Error::new_spanned(tuple, message))
            }
            _ => Ok(Shapes::One(shape)),
        }
    }

    /// `inputs = (SHAPE, SHAPE)`
    pub(crate) fn two(shapes: Type) -> Result<Self> {
        let with_elements = |shape: &Type| matches!(shape, Type::Tuple(parts) if parts.elems.iter().any(|part| ends_in(part, &ELEMENTS)));
        match shapes {
            Type::Tuple(pair) if pair.elems.iter().any(with_elements) => {
                let message = "inputs are given by their shapes alone, `inputs = (Rank1<8>, Rank1<8>)`: their elements follow from \
                    `impl Forward2<Rank1<B>, Rank1<B>, f32, i64, i64>`";
                Err(Error::new_spanned(pair, message))
            }
            Type::Tuple(pair) if pair.elems.len() == 2 => Ok(Shapes::Two(pair)),
            other => Err(Error::new_spanned(other, format!("`inputs` are the shapes of both; {PAIR}"))),
        }
    }

    /// The error for a struct with parameters, for which nothing can be checked.
    pub(crate) fn of_parameters(&self) -> Error {
        let message = |name: &str, shapes: &str| {
            format!(
                "`{name}` is for a struct without parameters; for this one write `typegrad::check!(Net<..>, {shapes});`"
            )
        };
        match self {
            Shapes::One(shape) => Error::new_spanned(shape, message("input", "Shape")),
            Shapes::Two(pair) => Error::new_spanned(pair, message("inputs", "inputs = (Shape, Shape)")),
        }
    }
}

/// Whether the struct has no parameters, or can be named without them.
pub(crate) fn has_defaults(input: &DeriveInput) -> bool {
    input.generics.params.iter().all(|param| match param {
        GenericParam::Type(param) => param.default.is_some(),
        GenericParam::Const(param) => param.default.is_some(),
        GenericParam::Lifetime(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn one_shape_is_any_type_but_a_tuple_of_shapes() {
        assert!(matches!(Shapes::one(parse_quote!(Rank2<8, 64>)), Ok(Shapes::One(_))));
        assert!(matches!(Shapes::one(parse_quote!((B, Const<64>))), Ok(Shapes::One(_))));
        let wrong = Shapes::one(parse_quote!((Rank2<8, 64>, typegrad::Rank1<8>)));
        assert!(wrong.err().is_some_and(|error| error.to_string().contains("`inputs = (")));
    }

    #[test]
    fn both_shapes_are_a_pair() {
        assert!(matches!(Shapes::two(parse_quote!((Rank2<8, 64>, Tokens<8>))), Ok(Shapes::Two(_))));
        let three: Type = parse_quote!((Rank1<8>, Rank1<8>, Rank1<8>));
        for wrong in [parse_quote!(Rank2<8, 64>), three] {
            let error = Shapes::two(wrong).err().map(|error| error.to_string());
            assert!(error.is_some_and(|text| text.starts_with("`inputs` are the shapes of both")));
        }
    }

    #[test]
    fn a_struct_with_parameters_is_checked_by_the_macro() {
        let text = |shapes: Result<Shapes>| shapes.map(|shapes| shapes.of_parameters().to_string());
        assert!(text(Shapes::one(parse_quote!(S))).is_ok_and(|text| text.contains("check!(Net<..>, Shape)")));
        let two = text(Shapes::two(parse_quote!((S, R))));
        assert!(two.is_ok_and(|text| text.contains("check!(Net<..>, inputs = (Shape, Shape))")));
    }
}
