//! serde for tensors, parameters, buffers and state dicts: a tensor is its shape and its elements in row-major order.

use crate::element::{Element, Float};
use crate::graph::Graph;
use crate::nn::{Buffer, Param, StateData, StateDict, StateTensor};
use crate::shape::Shape;
use crate::tensor::Tensor;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Serialize)]
#[serde(rename = "Tensor")]
struct Borrowed<'a, T: ?Sized> {
    shape: &'a [usize],
    elements: &'a T,
}

#[derive(Deserialize)]
#[serde(rename = "Tensor")]
struct Owned<T> {
    shape: Vec<usize>,
    elements: T,
}

/// As in a file, a constant: the graph is not written.
impl<S: Shape, E: Element + Serialize, C, F> Serialize for Tensor<S, E, Graph<C, F>> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        Borrowed { shape: S::SIZES, elements: self.as_slice() }.serialize(serializer)
    }
}

/// A tensor of another shape is an error that has both shapes.
impl<'de, S: Shape, E: Element + Deserialize<'de>> Deserialize<'de> for Tensor<S, E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Owned { shape, elements } = Owned::<Vec<E>>::deserialize(deserializer)?;
        if shape != S::SIZES {
            let expected = S::SIZES;
            return Err(de::Error::custom(format!(
                "expected a tensor of shape {expected:?}, found {shape:?}"
            )));
        }
        Tensor::try_from(elements).map_err(de::Error::custom)
    }
}

/// The value, without the gradient.
impl<S: Shape, E: Float + Serialize> Serialize for Param<S, E> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, S: Shape, E: Float + Deserialize<'de>> Deserialize<'de> for Param<S, E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Tensor::deserialize(deserializer).map(Param::new)
    }
}

impl<S: Shape, E: Element + Serialize> Serialize for Buffer<S, E> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, S: Shape, E: Element + Deserialize<'de>> Deserialize<'de> for Buffer<S, E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Tensor::deserialize(deserializer).map(Buffer::new)
    }
}

/// Borrowed or owned elements with their type.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Elements<F, D, I, B> {
    F32(F),
    F64(D),
    I64(I),
    Bool(B),
}

impl Serialize for StateTensor {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        let elements = match self.data() {
            StateData::F32(elements) => Elements::F32(elements.as_slice()),
            StateData::F64(elements) => Elements::F64(elements.as_slice()),
            StateData::I64(elements) => Elements::I64(elements.as_slice()),
            StateData::Bool(elements) => Elements::Bool(elements.as_slice()),
        };
        Borrowed { shape: self.shape(), elements: &elements }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StateTensor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        type Read = Elements<Vec<f32>, Vec<f64>, Vec<i64>, Vec<bool>>;
        let Owned { shape, elements } = Owned::<Read>::deserialize(deserializer)?;
        let data = match elements {
            Elements::F32(elements) => StateData::from(elements),
            Elements::F64(elements) => StateData::from(elements),
            Elements::I64(elements) => StateData::from(elements),
            Elements::Bool(elements) => StateData::from(elements),
        };
        StateTensor::new(shape, data).map_err(de::Error::custom)
    }
}

/// A map from names to tensors.
impl Serialize for StateDict {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, tensor) in self.iter() {
            map.serialize_entry(name, tensor)?;
        }
        map.end()
    }
}

/// A name that is there twice is an error.
impl<'de> Deserialize<'de> for StateDict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = StateDict;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map from names to tensors")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StateDict, A::Error> {
                let mut dict = StateDict::new();
                while let Some((name, tensor)) = map.next_entry::<String, StateTensor>()? {
                    dict.insert(name, tensor).map_err(de::Error::custom)?;
                }
                Ok(dict)
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Init, Linear, ModuleExt};
    use crate::shape::Rank2;

    #[test]
    fn a_tensor_is_its_shape_and_its_elements() {
        let x: Tensor<Rank2<2, 1>> = Tensor::from([[1.5], [-2.0]]);
        let text = r#"{"shape":[2,1],"elements":[1.5,-2.0]}"#;
        assert_eq!(serde_json::to_string(&x).unwrap(), text);
        assert_eq!(serde_json::from_str::<Tensor<Rank2<2, 1>>>(text).unwrap(), x);
    }

    #[test]
    fn another_shape_is_an_error_with_both() {
        let text = r#"{"shape":[2,1],"elements":[1.5,-2.0]}"#;
        let error = serde_json::from_str::<Tensor<Rank2<1, 2>>>(text).unwrap_err().to_string();
        assert!(error.contains("expected a tensor of shape [1, 2], found [2, 1]"), "{error}");
        let short = r#"{"shape":[2,1],"elements":[1.5]}"#;
        let error = serde_json::from_str::<Tensor<Rank2<2, 1>>>(short).unwrap_err().to_string();
        assert!(error.contains("2 elements, but 1 were given"), "{error}");
    }

    /// A model derives serde's traits as any struct does.
    #[test]
    fn a_model_goes_through_json() {
        type Net = (Linear<2, 1>, [Linear<1, 1, f64>; 2]);
        let fill =
            Linear { weight: Param::new(Tensor::from([[0.5, -1.0]])), bias: Param::new(Tensor::from([2.0])) };
        let text = serde_json::to_string(&fill).unwrap();
        let expected =
            r#"{"weight":{"shape":[1,2],"elements":[0.5,-1.0]},"bias":{"shape":[1],"elements":[2.0]}}"#;
        assert_eq!(text, expected);
        let rng = &mut crate::Rng::seed(0);
        let net: Net = (Init::new(rng), Init::new(rng));
        let config = bincode::config::standard();
        let bytes = bincode::serde::encode_to_vec(&net, config).unwrap();
        let (back, _): (Net, _) = bincode::serde::decode_from_slice(&bytes, config).unwrap();
        assert_eq!(back.0.state_dict(), net.0.state_dict());
        assert_eq!(back.1.state_dict(), net.1.state_dict());
        assert!(serde_json::from_str::<Linear<3, 1>>(expected).is_err());
    }

    #[test]
    fn every_element_type_goes_through_bincode_and_json() {
        let mut dict = StateDict::new();
        let data: [StateData; 4] = [
            vec![1.0_f32, -0.0].into(),
            vec![0.1, 1e300].into(),
            vec![i64::MIN, 7].into(),
            vec![true, false].into(),
        ];
        for (i, data) in data.into_iter().enumerate() {
            dict.insert(format!("t{i}"), StateTensor::new(vec![1, 2], data).unwrap()).unwrap();
        }
        let config = bincode::config::standard();
        let bytes = bincode::serde::encode_to_vec(&dict, config).unwrap();
        assert_eq!(bincode::serde::decode_from_slice(&bytes, config).unwrap(), (dict.clone(), bytes.len()));
        let text = serde_json::to_string(&dict).unwrap();
        assert_eq!(serde_json::from_str::<StateDict>(&text).unwrap(), dict);
        let twice =
            r#"{"a":{"shape":[],"elements":{"f32":[1.0]}},"a":{"shape":[],"elements":{"f32":[1.0]}}}"#;
        assert!(
            serde_json::from_str::<StateDict>(twice).unwrap_err().to_string().contains("`a` occurs twice")
        );
    }
}
