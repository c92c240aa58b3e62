//! State dicts that consist of those of several modules.

use typegrad::nn::{StateDict, StateError, StateTensor};

/// A name of a file whose contents are not read.
fn opaque(name: &str) -> StateDict {
    let header = format!(r#"{{"{name}":{{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}}}"#);
    let bytes = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &[0; 8]].concat();
    StateDict::from_safetensors(&bytes).unwrap()
}

fn dict(entries: &[(&str, f32)]) -> StateDict {
    let mut dict = StateDict::new();
    for (name, value) in entries {
        dict.insert(*name, StateTensor::new(vec![], vec![*value]).unwrap()).unwrap();
    }
    dict
}

#[test]
fn parts_come_out_as_they_went_in() {
    let (a, mut b) = (dict(&[("weight", 1.0), ("bias", 2.0)]), dict(&[("weight", 3.0)]));
    b.insert_part("", opaque("kind")).unwrap();
    let mut whole = StateDict::new();
    whole.insert_part("a", a.clone()).unwrap();
    whole.insert_part("ab.", b.clone()).unwrap();
    whole.insert_part("none", StateDict::new()).unwrap();
    whole.insert_part("", dict(&[("loss", 4.0)])).unwrap();
    assert_eq!(whole.names().collect::<Vec<_>>(), ["a.weight", "a.bias", "ab.weight", "loss"]);
    assert_eq!((whole.part("a"), whole.part("ab"), whole.part("ab.")), (a, b.clone(), b));
    assert_eq!((whole.part(""), whole.part("none").len(), whole.part("b").len()), (whole.clone(), 0, 0));
}

#[test]
fn a_name_that_is_taken_is_an_error_and_changes_nothing() {
    let mut whole = dict(&[("a.bias", 1.0), ("b.x.y", 2.0)]);
    let before = whole.clone();
    for (name, part, taken) in [
        ("a", dict(&[("weight", 1.0), ("bias", 2.0)]), "a.bias"),
        ("b", dict(&[("x.y", 1.0)]), "b.x.y"),
        ("b.x", dict(&[("y", 1.0)]), "b.x.y"),
        ("a", opaque("bias"), "a.bias"),
    ] {
        let error = whole.insert_part(name, part).unwrap_err();
        assert_eq!(error, StateError::Duplicate { name: taken.into() });
        assert_eq!(whole, before);
    }
}
