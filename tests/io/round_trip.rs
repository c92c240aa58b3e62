//! A tensor that is written and read is bit-identical.

use super::{Folder, dict, net};
use typegrad::io;
use typegrad::nn::{self, StateData, StateDict};
use typegrad::prelude::*;

#[test]
fn a_model_comes_back_in_both_formats() {
    let folder = Folder::new("round-trip");
    let saved = net(1);
    let (native, exchange) = (folder.0.join("net.bin"), folder.0.join("net.safetensors"));
    io::save(&native, &saved).unwrap();
    io::save_safetensors(&exchange, &saved).unwrap();
    let (mut a, mut b) = (net(2), net(3));
    io::load(&native, &mut a).unwrap();
    io::load_safetensors(&exchange, &mut b).unwrap();
    assert_ne!(net(2).state_dict(), saved.state_dict());
    assert_eq!(a.state_dict(), saved.state_dict());
    assert_eq!(b.state_dict(), saved.state_dict());
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 2, "no temporary file is left");
}

#[test]
fn another_architecture_is_an_error_with_every_difference_and_changes_nothing() {
    #[derive(Module)]
    struct Other {
        fc1: Linear<3, 4>,
        fc3: Linear<5, 2>,
    }
    let folder = Folder::new("architecture");
    let path = folder.0.join("net.bin");
    io::save(&path, &net(1)).unwrap();
    let mut other = Other::new(&mut Rng::seed(0));
    let before = other.state_dict();
    let error = io::load(&path, &mut other).unwrap_err().to_string();
    assert!(error.starts_with(&path.display().to_string()), "{error}");
    for difference in ["fc2.weight", "fc2.bias", "seen", "mask", "fc3.weight", "fc3.bias", "[4, 3]", "[5, 3]"]
    {
        assert!(error.contains(difference), "{difference}: {error}");
    }
    assert_eq!(other.state_dict(), before);
}

#[test]
fn nan_infinity_and_negative_zero_round_trip_exactly() {
    let odd = [f32::from_bits(0x7fc0_1234), f32::NEG_INFINITY, -0.0, f32::from_bits(1)];
    let odd64 = [f64::from_bits(0xfff8_0000_dead_beef), -0.0];
    let saved = dict(&[
        ("a", &[4], StateData::F32(odd.to_vec().into())),
        ("b", &[2, 1], StateData::F64(odd64.to_vec().into())),
    ]);
    let readers = [
        StateDict::from_bytes(&saved.to_bytes()).unwrap(),
        StateDict::from_safetensors(&saved.to_safetensors()).unwrap(),
    ];
    for read in readers {
        let a = read.get("a").unwrap().data().as_slice::<f32>().unwrap();
        let b = read.get("b").unwrap().data().as_slice::<f64>().unwrap();
        assert!(a.iter().map(|x| x.to_bits()).eq(odd.map(f32::to_bits)));
        assert!(b.iter().map(|x| x.to_bits()).eq(odd64.map(f64::to_bits)));
    }
}

#[test]
fn empty_tensors_scalars_and_odd_names_come_back() {
    let saved = dict(&[
        ("b \"quoted\" \\ \n ü 🦀", &[], StateData::I64(vec![-1].into())),
        ("", &[0, 3], StateData::F32(vec![].into())),
        ("a.0.weight", &[1, 1, 2, 1, 1, 1], StateData::Bool(vec![true, false].into())),
    ]);
    assert_eq!(StateDict::from_bytes(&saved.to_bytes()).unwrap(), saved);
    let read = StateDict::from_safetensors(&saved.to_safetensors()).unwrap();
    assert_eq!(read.len(), 3);
    assert!(saved.iter().all(|(name, tensor)| read.get(name) == Some(tensor)));
    let nothing = StateDict::new();
    assert_eq!(StateDict::from_bytes(&nothing.to_bytes()).unwrap(), nothing);
    assert_eq!(StateDict::from_safetensors(&nothing.to_safetensors()).unwrap(), nothing);
}

/// Elements in more than one buffer of the writer.
#[test]
fn a_large_tensor_comes_back() {
    let elements: Vec<f32> = (0..100_001).map(|i| i as f32).collect();
    let saved = dict(&[("x", &[100_001], StateData::F32(elements.into()))]);
    assert_eq!(StateDict::from_bytes(&saved.to_bytes()).unwrap(), saved);
    assert_eq!(StateDict::from_safetensors(&saved.to_safetensors()).unwrap(), saved);
}

/// Written by hand from the table in `src/io/native.rs`; the checksum is that of Python's `zlib.crc32`.
#[test]
fn the_bytes_of_the_format_stay_what_they_are() {
    let saved = dict(&[("w", &[2], StateData::F32(vec![1.0, -2.0].into()))]);
    let mut bytes = b"TYPEGRAD\x01\0\0\0\x07\0\0\0\0\0\0\0".to_vec();
    bytes.extend(b"\x01\x01w\x00\x01\x02\x00"); // one tensor, "w", float32, one axis, of 2; no record
    bytes.extend(b"\0\0\x80\x3f\0\0\0\xc0");
    bytes.extend(0x6e7a_9c81_u32.to_le_bytes());
    assert_eq!(saved.to_bytes(), bytes);
}

/// Every layer is read and written by serde; those with values of their own do it in their tests.
#[test]
fn every_layer_has_serde() {
    fn is<T: serde::Serialize + serde::de::DeserializeOwned>() {}
    is::<(
        Tensor<Rank2<2, 3>>,
        Tensor<Rank0, f64>,
        Tensor<Rank1<2>, i64>,
        Tensor<Rank6<1, 2, 1, 2, 1, 2>, bool>,
    )>();
    is::<(Param<Rank1<3>>, Buffer<Rank1<3>, i64>, nn::Generator)>();
    is::<(Linear<2, 3>, NoBias<Linear<2, 3, f64>>, Embedding<5, 3>)>();
    is::<(Conv1d<1, 2, 3>, Conv2d<1, 2, 3>, NoBias<ConvTranspose2d<1, 2, 3>>)>();
    is::<(
        MaxPool1d<2>,
        MaxPool2d<2>,
        AvgPool1d<2>,
        AvgPool2d<2>,
        AdaptiveAvgPool1d<1>,
        AdaptiveAvgPool2d<1, 1>,
    )>();
    is::<(BatchNorm1d<3>, NoAffine<BatchNorm2d<3>>, LayerNorm<3>, RmsNorm<3>, GroupNorm<1, 3>)>();
    is::<(Dropout, Dropout2d, Flatten, Unflatten<Rank1<3>>, Upsample<2>, Residual<Relu>)>();
    is::<(Rnn<2, 3>, Lstm<2, 3, 2, true>, NoBias<Gru<2, 3>>, RnnCell<2, 3>, LstmCell<2, 3>, GruCell<2, 3>)>();
    is::<(MultiheadAttention<4, 2>, TransformerEncoderLayer<4, 2>, TransformerDecoderLayer<4, 2>)>();
    is::<(NoBias<MultiheadAttention<4, 2>>, NoBias<TransformerDecoderLayer<4, 2>>)>();
    is::<(MultiheadCrossAttention<4, 2, 3>, ProjectedLstm<2, 3, 2>, EmbeddingBag<5, 3>, PRelu<1>, Glu<-1>)>();
    is::<(RectConv2d<1, 2, Window<1>, Window<3>>, RectMaxPool2d<Window<1>, Window<2>>)>();
    is::<NoBias<RectConv3d<1, 2, Window<1>, Window<3>, Window<3>>>>();
    is::<(MaxPool3d<2>, RectMaxPool3d<Window<1>, Window<2>, Window<2>>)>();
    is::<(AvgPool3d<2>, RectAvgPool3d<Window<1>, Window<2>, Window<2>>)>();
    is::<(ConvTranspose1d<1, 2, 3>, Conv3d<1, 2, 3>, ShapedLayerNorm<Rank2<2, 3>>, InstanceNorm2d<3>)>();
    is::<(Relu, Elu, Gelu, Hardtanh, Identity, LeakyRelu, Softmax<-1>, Softplus, Tanh, nn::LogSoftmax<-1>)>();
    is::<(nn::Frozen<Linear<2, 3>>, nn::Checkpointed<Linear<2, 3>>, [Linear<2, 2>; 3], StateDict)>();
}

/// Every writer of the crate, through a link into a file that no other user may read.
#[cfg(unix)]
#[test]
fn every_writer_keeps_the_mode_and_the_link_and_writes_into_what_is_not_a_file() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::path::Path;
    use typegrad::io::Checkpoint;
    use typegrad::monitor::{History, RunLog};
    let folder = Folder::new("writers");
    let (file, link) = (folder.0.join("file"), folder.0.join("link"));
    symlink("file", &link).unwrap();
    let mut history = History::new();
    history.record(1, &[("loss", 1.0)]);
    let writers: [(&str, &dyn Fn(&Path)); 7] = [
        ("native", &|path| io::save(path, &net(1)).unwrap()),
        ("safetensors", &|path| io::save_safetensors(path, &net(1)).unwrap()),
        ("checkpoint", &|path| Checkpoint::default().save(path).unwrap()),
        ("npy", &|path| typegrad::data::write_npy(path, &Tensor::from([1.0_f32])).unwrap()),
        ("svg", &|path| history.plot().save_svg(path).unwrap()),
        ("html", &|path| history.plot().save_html(path).unwrap()),
        ("log", &|path| RunLog::create(path).unwrap().record(1, &[("loss", 1.0)]).unwrap()),
    ];
    for (name, write) in writers {
        let _ = std::fs::remove_file(&file);
        // The file that the link names need not exist.
        write(&link);
        let written = std::fs::read(&file).unwrap();
        std::fs::write(&file, b"an old file").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let held = std::fs::File::open(&file).unwrap();
        write(&link);
        write(&file);
        let new = std::fs::metadata(&file).unwrap();
        assert_eq!(new.mode() & 0o777, 0o600, "{name}");
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink(), "{name}");
        assert_eq!(std::fs::read(&file).unwrap(), written, "{name}");
        let old = std::io::read_to_string(&held).unwrap();
        assert_eq!((old.as_str(), held.metadata().unwrap().nlink()), ("an old file", 0), "{name}");
        write(Path::new("/dev/null"));
        assert!(!std::fs::metadata("/dev/null").unwrap().is_file(), "{name}");
        assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 2, "{name}: a temporary file is left");
    }
}
