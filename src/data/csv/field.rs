//! From the text of a field to an element.

use crate::element::Element;
use std::str::FromStr;

/// The element that a field spells, if it is one.
pub(super) fn number<E: Element + FromStr>(field: &str) -> Option<E> {
    let number = field.parse().ok().or_else(|| other_spelling::<E>(field)?.parse().ok());
    number.filter(|_| !is_out_of_range::<E>(field))
}

/// Whether a field has the digits of a number that is infinite as this element.
fn is_out_of_range<E: Element>(field: &str) -> bool {
    let infinite = match E::DTYPE {
        "float32" => field.parse().is_ok_and(f32::is_infinite),
        "float64" => field.parse().is_ok_and(f64::is_infinite),
        _ => false,
    };
    infinite && field.bytes().any(|byte| byte.is_ascii_digit())
}

/// A description of valid fields for an element of this type.
pub(super) fn expected<E: Element>(field: &str) -> &'static str {
    match E::DTYPE {
        _ if is_out_of_range::<E>(field) => "within the range of the elements",
        "int64" => "an integer",
        "bool" => "true or false",
        _ => "a number",
    }
}

/// Labels as other programs write them: `True` of pandas, `TRUE` of R, the integer `1.0`, and bools that are numbers.
fn other_spelling<E: Element>(field: &str) -> Option<&str> {
    let integer = match field.split_once('.') {
        Some((integer, zeros)) if !integer.is_empty() && zeros.bytes().all(|byte| byte == b'0') => integer,
        _ => field,
    };
    let bool = match (field, integer) {
        ("true" | "True" | "TRUE", _) => Some(true),
        ("false" | "False" | "FALSE", _) => Some(false),
        (_, "1") if E::DTYPE == "bool" => Some(true),
        (_, "0") if E::DTYPE == "bool" => Some(false),
        _ => None,
    };
    match (bool, E::DTYPE) {
        (Some(true), "bool") => Some("true"),
        (Some(false), "bool") => Some("false"),
        (Some(true), _) => Some("1"),
        (Some(false), _) => Some("0"),
        (None, "int64") => Some(integer),
        (None, _) => None,
    }
}

/// Whether a field stands for a missing value: empty, or one of the spellings of pandas, R and the UCI repository.
pub(super) fn is_missing(field: &str) -> bool {
    matches!(
        field,
        "" | "?"
            | "NA"
            | "N/A"
            | "n/a"
            | "#N/A"
            | "<NA>"
            | "NaN"
            | "nan"
            | "-NaN"
            | "-nan"
            | "NULL"
            | "null"
            | "None"
    )
}
