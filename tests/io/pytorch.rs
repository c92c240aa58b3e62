//! Models go to PyTorch and back. `tests/pytorch/exchange.py` wrote the fixtures with PyTorch 2.15.

use super::{Folder, fixture};
use safetensors::SafeTensors;
use typegrad::io;
use typegrad::nn::{StateData, StateDict};
use typegrad::prelude::*;

/// The `Mlp` of the script.
#[derive(Module)]
pub struct Mlp {
    fc1: Linear<4, 8>,
    fc2: Linear<8, 3>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Mlp {
    type Output = Rank2<B, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        self.fc2.call(x)
    }
}

pub fn mlp() -> Mlp {
    Mlp::new(&mut Rng::seed(0))
}

fn tensor<S: Shape>(dict: &StateDict, name: &str) -> Tensor<S> {
    let tensor = dict.get(name).unwrap();
    assert_eq!(tensor.shape(), S::SIZES);
    Tensor::try_from(tensor.data().as_slice::<f32>().unwrap()).unwrap()
}

pub fn assert_outputs_of_pytorch(net: &Mlp) {
    let outputs = StateDict::load_safetensors(fixture("exchange_outputs.safetensors")).unwrap();
    let y = net.infer(tensor::<Rank2<5, 4>>(&outputs, "x"));
    let expected: Tensor<Rank2<5, 3>> = tensor(&outputs, "y");
    for (y, expected) in y.as_slice().iter().zip(expected.as_slice()) {
        assert!((y - expected).abs() <= 1e-5 * expected.abs().max(1.0), "{y} {expected}");
    }
}

#[test]
fn a_model_of_pytorch_gives_its_outputs() {
    let mut net = mlp();
    io::load_safetensors(fixture("exchange.safetensors"), &mut net).unwrap();
    assert_outputs_of_pytorch(&net);
}

/// Read with the crate, which is that of PyTorch.
#[test]
fn a_model_that_came_from_pytorch_goes_back_as_the_same_bytes() {
    let path = fixture("exchange.safetensors");
    let mut net = mlp();
    io::load_safetensors(&path, &mut net).unwrap();
    let written = net.state_dict().to_safetensors();
    let (ours, theirs) =
        (SafeTensors::deserialize(&written).unwrap(), StateDict::load_safetensors(&path).unwrap());
    assert_eq!(ours.len(), theirs.len());
    for (name, view) in ours.iter() {
        let bytes = theirs.get(name).unwrap().data().as_slice::<f32>().unwrap();
        assert!(view.data().iter().copied().eq(bytes.iter().flat_map(|x| x.to_le_bytes())), "{name}");
    }
    let file = std::fs::read(path).unwrap();
    let data =
        |bytes: &[u8]| bytes[8 + u64::from_le_bytes(*bytes.first_chunk().unwrap()) as usize..].to_vec();
    assert_eq!(data(&written), data(&file), "the order of the tensors is that of PyTorch");

    // For `exchange.py --check`.
    if let Some(folder) = std::env::var_os("TYPEGRAD_EXCHANGE") {
        let path = std::path::Path::new(&folder).join("typegrad.safetensors");
        io::save_safetensors(path, &net).unwrap();
    }
}

/// The `Tied` of the script: the table is the output layer, too.
#[derive(Module)]
struct Tied {
    embedding: Embedding<5, 3>,
    hidden: Linear<3, 3>,
}

impl<const B: usize> Forward<Rank1<B>, f32, i64> for Tied {
    type Output = Rank2<B, 5>;
    fn forward<M: Mode>(&self, ids: Input<Rank1<B>, M, i64>) -> impl Traced<Self::Output, M> {
        let x = self.embedding.call(ids);
        self.hidden.call(x).tanh().linear(&self.embedding.weight)
    }
}

/// `save_model` keeps `embedding.weight` in one file, and `decoder.weight` in the other.
#[test]
fn tied_weights_come_from_pytorch_and_go_back_under_one_name() {
    let outputs = StateDict::load_safetensors(fixture("exchange_tied_outputs.safetensors")).unwrap();
    let close = |ours: &[f32], name: &str| {
        let theirs = outputs.get(name).unwrap().data().as_slice::<f32>().unwrap();
        assert_eq!(ours.len(), theirs.len());
        for (x, y) in ours.iter().zip(theirs) {
            assert!((x - y).abs() <= 1e-5 * y.abs().max(1.0), "{name}: {x} {y}");
        }
    };
    for kept in ["head", "decoder"] {
        let mut tied = Tied::new(&mut Rng::seed(0));
        io::load_safetensors(fixture(&format!("exchange_tied_{kept}.safetensors")), &mut tied).unwrap();
        let y = tied.train(Tensor::from([0, 3, 3, 1]));
        close(y.value().as_slice(), "y");
        y.powi(2).sum().backward();
        // The sum of both uses.
        close(tied.embedding.weight.grad().unwrap().as_slice(), "gradient");

        let written = tied.state_dict().to_safetensors();
        let names = SafeTensors::deserialize(&written).unwrap().len();
        assert_eq!(names, 3, "the table is saved once");
        if let Some(folder) = std::env::var_os("TYPEGRAD_EXCHANGE") {
            let path = std::path::Path::new(&folder).join("typegrad_tied.safetensors");
            io::save_safetensors(path, &tied).unwrap();
        }
    }
}

/// Remarks that are not names of tied weights are ignored.
#[test]
fn a_remark_adds_no_name_of_its_own() {
    let with = |remarks: &str| {
        let tensors = r#""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"#;
        let header = format!(r#"{{"__metadata__":{{{remarks}}},{tensors}}}"#);
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.bytes());
        bytes.extend([1.0_f32.to_le_bytes(), 2.0_f32.to_le_bytes()].concat());
        let dict = StateDict::from_safetensors(&bytes).unwrap();
        dict.names().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(with(r#""format":"pt","author":"me""#), ["a", "b"]);
    assert_eq!(with(r#""format":"a","a":"b","b":"a""#), ["a", "b"]);
    assert_eq!(with(r#""z":"y","y":"x","x":"b","w":"a""#), ["a", "b", "w", "x"]);
}

#[test]
fn every_type_of_elements_is_read_as_pytorch_means_it() {
    let dict = StateDict::load_safetensors(fixture("exchange_types.safetensors")).unwrap();
    let bits = |name: &str| -> Vec<u32> {
        let elements = dict.get(name).unwrap().data().as_slice::<f32>().unwrap();
        // Which NaN it is, PyTorch decides anew.
        elements.iter().map(|x| if x.is_nan() { f32::NAN.to_bits() } else { x.to_bits() }).collect()
    };
    assert_eq!(bits("float16"), bits("float16_as_float32"));
    assert_eq!(bits("bfloat16"), bits("bfloat16_as_float32"));
    assert_eq!(bits("float32")[1..4], [-0.0_f32, 1.0, -1.5].map(f32::to_bits));
    assert_eq!(dict.get("float64").unwrap().data().as_slice::<f64>().unwrap()[4], 1e-7);
    let data = |name: &str| dict.get(name).unwrap().data().clone();
    assert_eq!(data("int64"), StateData::I64(vec![i64::MIN, i64::MAX, 0, 7].into()));
    assert_eq!(data("bool"), StateData::Bool(vec![true, false, true].into()));
    assert_eq!(data("scalar"), StateData::F32(vec![2.5].into()));
    assert_eq!(dict.get("empty").unwrap().shape(), [0, 3]);
}

#[test]
fn bytes_become_i64() {
    let dicts = [
        StateDict::load_safetensors(fixture("exchange_uint8.safetensors")).unwrap(),
        #[cfg(feature = "pt")]
        StateDict::load_pt(fixture("exchange_uint8.pt")).unwrap(),
    ];
    for dict in dicts {
        assert_eq!(dict.tensor::<Rank1<2>, i64>("bytes").unwrap().to_vec(), [1, 2]);
    }
}

/// Every type of the format, also one that is not known: those that are not read stop nothing.
#[test]
fn a_type_that_is_not_read_is_an_error_for_who_asks() {
    let widened = ["U8", "I8", "U16", "I16", "U32", "I32", "U64", "I64"];
    let opaque = ["F4", "F6_E2M3", "F8_E5M2", "F8_E4M3", "F8_E8M0", "C64", "F512"];
    let size = |dtype: &str| match dtype.trim_start_matches(|c: char| !c.is_ascii_digit()) {
        "8" => 1,
        "16" => 2,
        "32" => 4,
        _ => 8,
    };
    let (mut header, mut data) = (String::from("{"), vec![]);
    for dtype in widened.into_iter().chain(opaque) {
        let begin = data.len();
        data.extend(&[3, 0, 0, 0, 0, 0, 0, 0][..size(dtype)]);
        let end = data.len();
        header += &format!(r#""{dtype}":{{"dtype":"{dtype}","shape":[1],"data_offsets":[{begin},{end}]}},"#);
    }
    let begin = data.len();
    data.extend([0, 0, 0, 0, 0, 0, 0, 0x80]);
    let end = data.len();
    header += &format!(r#""large":{{"dtype":"U64","shape":[],"data_offsets":[{begin},{end}]}}}}"#);
    let file = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat();
    let dict = StateDict::from_safetensors(&file).unwrap();
    assert_eq!(dict.names().collect::<Vec<_>>(), widened);
    for dtype in widened {
        assert_eq!(dict.tensor::<Rank1<1>, i64>(dtype).unwrap().to_vec(), [3], "{dtype}");
    }
    assert_eq!(dict.opaque().len(), opaque.len() + 1);
    for dtype in opaque {
        let error = dict.tensor::<Rank1<1>, f32>(dtype).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("`{dtype}` is a tensor of {dtype} [1], which is not read")),
            "{error}"
        );
    }
    let error = dict.tensor::<(), i64>("large").unwrap_err().to_string();
    assert!(error.starts_with("`large` is a tensor of uint64 [], which is not read"), "{error}");
}

#[test]
fn the_outputs_survive_the_format_of_this_crate() {
    let folder = Folder::new("pytorch");
    let (mut net, mut other) = (mlp(), mlp());
    io::load_safetensors(fixture("exchange.safetensors"), &mut net).unwrap();
    io::save(folder.0.join("net"), &net).unwrap();
    io::load(folder.0.join("net"), &mut other).unwrap();
    assert_outputs_of_pytorch(&other);
}
