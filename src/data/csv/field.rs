//! From the text of a field to an element.

use crate::element::Element;
use std::str::FromStr;

/// The element that a field spells, if it is one.
pub(super) fn number<E: Element + FromStr>(field: &str) -> Option<E> {
    field.parse().ok().or_else(|| other_spelling::<E>(field)?.parse().ok())
}

/// A description of valid fields of this type.
pub(super) fn expected<E: Element>() -> &'static str {
    match E::DTYPE {
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
