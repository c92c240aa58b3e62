//! Files of PyTorch that contain more than tensors: other entries do not stop loading, and a request for one is an error
//! that names it. `tests/io/fixtures.py` wrote the files with PyTorch 2.15.

use super::allocation::largest;
use super::archive::{archive, pickled};
use super::hostile::mutate;
use std::path::{Path, PathBuf};
use typegrad::io::{self, Error};
use typegrad::nn::{StateDict, Strict};
use typegrad::prelude::*;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/pt/{name}.pt"))
}

fn load(name: &str) -> StateDict {
    StateDict::load_pt(path(name)).unwrap()
}

fn linear() -> Linear<2, 1> {
    Linear::new(&mut Rng::seed(0))
}

/// The state dict of every file: a weight of 2 and 3, and a bias of 4.
fn assert_is_the_model(dict: &StateDict, strict: Strict) {
    let mut net = linear();
    net.load_state_dict(dict, strict).unwrap();
    assert_eq!(net.infer(Tensor::from([[1.0_f32, 1.0]])).to_vec(), [9.0]);
}

/// Without checksums, with attributes of tensors and dicts, with other classes of tensors and dicts, and with numbers of
/// 64 bits in the archive.
#[test]
fn a_state_dict_is_read_however_pytorch_wrote_it() {
    for name in ["nocrc", "note", "subclass", "metadata", "defaultdict", "zip64"] {
        let mut net = linear();
        io::load_pt(path(name), &mut net).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(net.infer(Tensor::from([[1.0_f32, 1.0]])).to_vec(), [9.0], "{name}");
    }
}

#[test]
fn every_protocol_is_read_whatever_is_beside_the_model() {
    for protocol in 2..=5 {
        let name = format!("protocol{protocol}");
        assert_is_the_model(&StateDict::load_pt_at(path(&name), "model").unwrap(), Strict::Yes);
        let dict = load(&name);
        assert_eq!(dict.names().collect::<Vec<_>>(), ["rng"]);
        let kind =
            |name: &str| dict.opaque().find(|(other, _)| *other == name).map(|(_, kind)| kind.to_owned());
        for (name, expected) in [
            ("model", "a dict"),
            ("dtype", "the class or constant `torch.float32`"),
            ("device", "an object of `torch.device`"),
            ("list", "a list"),
            ("tuple", "a tuple"),
            ("recursive", "a tuple"),
            ("surrogate", "a string of bytes"),
            ("long", "a string"),
            ("function", "the class or constant `torch.nn.functional.relu`"),
            ("class", "the class or constant `__main__.Config`"),
            ("config", "an object of `__main__.Config`"),
            ("module", "an object of `torch.nn.modules.linear.Linear`"),
            ("size", "a tuple"),
            ("defaultdict", "an object of `collections.defaultdict`"),
            ("ordered", "a dict"),
            ("counter", "an object of `collections.Counter`"),
            ("path", "an object of `pathlib.PosixPath`"),
            ("1", "a string"),
        ] {
            assert_eq!(kind(name).as_deref(), Some(expected), "{name} of protocol {protocol}");
            let error = dict.tensor::<(), f32>(name).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{name}` is {expected}, which is not read")), "{error}");
        }
        for name in ["classes", "frozen", "slice", "complex", "range"] {
            assert!(kind(name).is_some(), "{name} of protocol {protocol}");
        }
        // The keys (1, 2) and None have no name.
        assert_eq!(dict.opaque().len(), 23);
    }
}

#[test]
fn integers_of_every_width_become_i64() {
    let dict = load("integers");
    let max = [i8::MAX.into(), i16::MAX.into(), i32::MAX.into(), i64::MAX];
    let unsigned = [u8::MAX.into(), u16::MAX.into(), u32::MAX.into(), i64::MAX];
    for (i, bits) in [8, 16, 32, 64].into_iter().enumerate() {
        let signed = dict.tensor::<Rank2<2, 2>, i64>(&format!("int{bits}")).unwrap();
        assert_eq!(signed.to_vec(), [0, 2, 1, max[i]]);
        let unsigned_ = dict.tensor::<Rank2<2, 2>, i64>(&format!("uint{bits}")).unwrap();
        assert_eq!(unsigned_.to_vec(), [0, 2, 1, unsigned[i]]);
        let least = dict.tensor::<(), i64>(&format!("least_int{bits}")).unwrap();
        assert_eq!(least.item(), -max[i] - 1);
    }
    assert_eq!(dict.tensor::<Rank1<1>, f32>("floats").unwrap().to_vec(), [0.5]);
    assert_eq!(dict.opaque().len(), 0);
}

#[test]
fn tensors_that_are_not_read_are_errors_only_for_who_asks() {
    let dict = load("opaque");
    assert_is_the_model(&dict, Strict::No);
    assert_eq!(dict.tensor::<(), i64>("steps").unwrap().item(), 3);
    let kinds: Vec<_> = dict.opaque().collect();
    let expected = [
        ("complex128", "a tensor of complex128 [1]"),
        ("complex64", "a tensor of complex64 [1]"),
        ("conjugate", "a tensor of complex64 [1]"),
        ("float8", "a tensor of float8_e4m3fn [1]"),
        ("meta", "an object of `torch._utils._rebuild_meta_tensor_no_storage`"),
        ("negated", "a tensor of conjugated or negated float32 [1]"),
        ("note", "a string"),
        ("quantized", "an object of `torch._utils._rebuild_qtensor`"),
        ("sparse", "an object of `torch._utils._rebuild_sparse_tensor`"),
        ("storage", "a storage"),
        ("too_large", "a tensor of uint64 [1]"),
        ("typed_storage", "a storage"),
    ];
    assert_eq!(kinds, expected);
    // Strictly, other names are unexpected, as in PyTorch.
    let error = linear().load_state_dict(&dict, Strict::Yes).unwrap_err();
    assert!(expected.iter().all(|(name, _)| error.unexpected.contains(&(*name).to_owned())), "{error}");
    assert!(error.missing.is_empty() && error.invalid.is_empty());
    // A parameter of such a name is an error that says what is there.
    for (name, kind) in expected {
        let dict = dict.clone().strip_prefix("weight").unwrap().rename_prefix(name, "weight").unwrap();
        for strict in [Strict::Yes, Strict::No] {
            let mut net = linear();
            let error = net.load_state_dict(&dict, strict).unwrap_err();
            let text = format!("invalid: `weight` has contents that are not read: {kind}; tensors of floats");
            assert!(error.to_string().contains(&text), "{error}");
            assert_eq!(net.state_dict(), linear().state_dict());
        }
    }
}

/// A view that repeats its elements is a tensor as long as all of them are not more than the file.
#[test]
fn an_expanded_tensor_stops_nothing() {
    let dict = load("expanded");
    assert_is_the_model(&dict, Strict::No);
    assert_eq!(dict.tensor::<Rank2<2, 2>, f32>("row").unwrap().to_vec(), [5.0, 6.0, 5.0, 6.0]);
    let what = "a tensor of float32 [100, 100], expanded to more than there is in the file";
    assert_eq!(dict.opaque().collect::<Vec<_>>(), [("again", what), ("mask", what)]);
    assert!(dict.tensor::<Rank2<100, 100>, f32>("mask").unwrap_err().to_string().contains(what));
}

#[derive(Module)]
struct Net {
    fc: Linear<2, 3>,
    norm: BatchNorm1d<3>,
    head: Linear<3, 1>,
}

/// `{"epoch", "model", "optimizer", "scheduler", "args", "best", "ema"}`.
#[test]
fn a_whole_checkpoint_is_read_by_its_keys() {
    let path = path("checkpoint");
    let mut net = Net::new(&mut Rng::seed(0));
    let model = StateDict::load_pt_at(&path, "model").unwrap();
    net.load_state_dict(&model, Strict::Yes).unwrap();
    // The prefix of `DataParallel` has a hint that is right.
    let ema = StateDict::load_pt_at(&path, "ema").unwrap();
    let error = net.load_state_dict(&ema, Strict::Yes).unwrap_err();
    let hint =
        "the names of the state dict have the prefix `module.`: `dict.strip_prefix(\"module.\")` removes it";
    assert_eq!(error.hint.as_deref(), Some(hint));
    net.load_state_dict(&ema.strip_prefix("module.").unwrap(), Strict::Yes).unwrap();
    assert_eq!(net.state_dict(), model);
    // The state of the optimizer, whose keys are integers.
    let state = StateDict::load_pt_at(&path, "optimizer.state.0").unwrap();
    assert_eq!(state.names().collect::<Vec<_>>(), ["step", "exp_avg", "exp_avg_sq"]);
    assert_eq!(state.tensor::<(), f32>("step").unwrap().item(), 1.0);
    for (key, text) in [
        (
            "",
            "`epoch` is an int, and not a tensor; `load_pt_at` reads a dict inside it: `model`, `optimizer`",
        ),
        ("epoch", "it is an int, and not a dict of tensors"),
        (
            "args",
            "it is an object of `__main__.Config`, and not a dict of tensors; of a pickle, nothing is run",
        ),
        ("args.layers", "`0` is an int, and not a tensor"),
        ("optimizer.param_groups.0", "`lr` is a float, and not a tensor"),
        ("scheduler", "`T_max` is an int, and not a tensor"),
        ("optimiser", "there is no `optimiser`; `load_pt_at` reads a dict inside it: `model`"),
    ] {
        let error = StateDict::load_pt_at(&path, key).unwrap_err().problem().to_string();
        assert!(error.contains(text), "{key}: {error}");
    }
}

/// `torch.save(net)` of a whole module is a pickle of its class. Its tensors are data all the same.
#[test]
fn a_module_is_an_object_and_its_parameters_have_keys() {
    let error = StateDict::load_pt(path("module")).unwrap_err();
    let Error::Global { name } = error.problem() else { panic!("{error}") };
    assert_eq!(name, "torch.nn.modules.container.Sequential");
    let mut fc = Linear::<2, 3>::new(&mut Rng::seed(0));
    let parameters = StateDict::load_pt_at(path("module"), "_modules.fc._parameters").unwrap();
    fc.load_state_dict(&parameters, Strict::Yes).unwrap();
    let tensors = load("tensors");
    assert_eq!(tensors.tensor::<Rank1<1>, f32>("1").unwrap().to_vec(), [2.0]);
}

/// Every checksum of every entry that is not zero is compared.
#[test]
fn a_checksum_of_zero_is_none_and_any_other_must_be_right() {
    let whole = std::fs::read(path("tensors")).unwrap();
    let entries: Vec<_> = (0..whole.len()).filter(|&at| whole[at..].starts_with(b"PK\x01\x02")).collect();
    let name = |at: usize| String::from_utf8_lossy(&whole[at + 46..][..whole[at + 28].into()]).into_owned();
    let mut compared = 0;
    for at in entries {
        let with = |checksum: u32| {
            let mut bytes = whole.clone();
            bytes[at + 16..at + 20].copy_from_slice(&checksum.to_le_bytes());
            StateDict::from_pt(&bytes)
        };
        let right = u32::from_le_bytes(*whole[at + 16..].first_chunk().unwrap());
        with(0).unwrap();
        for wrong in [1, !right, right ^ 1, right.swap_bytes()] {
            let result = with(wrong);
            let read =
                ["data.pkl", "byteorder", "data/0", "data/1"].iter().any(|end| name(at).ends_with(end));
            assert_eq!(
                matches!(result, Err(Error::Checksum { stored, .. }) if stored == wrong),
                read,
                "{}",
                name(at)
            );
            compared += usize::from(read);
        }
    }
    assert_eq!(compared, 16);
}

#[test]
fn numbers_of_64_bits_in_the_archive_are_checked() {
    let whole = std::fs::read(path("zip64")).unwrap();
    for length in 0..whole.len() {
        StateDict::from_pt(&whole[..length]).unwrap_err();
    }
    let end = whole.windows(4).position(|part| part == b"PK\x06\x06").unwrap();
    for (at, number) in
        [(end + 40, u64::MAX), (end + 48, u64::MAX), (end + 48, 1 << 40), (end + 64, u64::MAX)]
    {
        let mut bytes = whole.clone();
        bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
        assert!(matches!(StateDict::from_pt(&bytes), Err(Error::Archive(_))));
    }
}

/// An entry that is not read, next to a tensor in one dict: the tensor is read.
#[test]
fn instructions_of_every_protocol_build_data_beside_a_tensor() {
    let tensor = b"X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\n\
                   X\x01\0\0\x000X\x03\0\0\0cpuK\x04tQK\x00K\x02\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR";
    let beside = |value: &[u8]| {
        StateDict::from_pt(&pickled(&[b"\x80\x05}(", &tensor[..], b"X\x01\0\0\0v", value, b"u."].concat()))
    };
    for (value, kind) in [
        (&b"N"[..], "None"),
        (b"\x88", "a bool"),
        (b"K\x01", "an int"),
        (b"M\x01\0", "an int"),
        (b"J\xff\xff\xff\xff", "an int"),
        (b"\x8a\x00", "an int"),
        (b"\x8a\x02\xff\xff", "an int"),
        (b"\x8b\x09\0\0\x00123456789", "a large int"),
        (b"G12345678", "a float"),
        (b"X\x01\0\0\0a", "a string"),
        (b"\x8c\x01a", "a string"),
        (b"\x8d\x01\0\0\0\0\0\0\0a", "a string"),
        (b"\x8c\x03\xed\xb3\xbf", "a string of bytes"),
        (b"C\x01\xff", "a string of bytes"),
        (b"B\x01\0\0\0\xff", "a string of bytes"),
        (b"\x8e\x01\0\0\0\0\0\0\0\xff", "a string of bytes"),
        (b"\x96\x01\0\0\0\0\0\0\0\xff", "a string of bytes"),
        (b"]", "a list"),
        (b"]Na", "a list"),
        (b"](NNe", "a list"),
        (b")", "a tuple"),
        (b"(NNNNt", "a tuple"),
        (b"}", "a dict"),
        (b"\x8f", "a set"),
        (b"\x8f(NN\x90", "a set"),
        (b"(NN\x91", "a set"),
        (b"ca\nb\n", "the class or constant `a.b`"),
        (b"\x8c\x01a\x8c\x01b\x93", "the class or constant `a.b`"),
        (b"cos\nsystem\n(X\x01\0\0\0ltR", "an object of `os.system`"),
        (b"cbuiltins\neval\n]R", "an object of `builtins.eval`"),
        (b"ca\nb\n)\x81", "an object of `a.b`"),
        (b"ca\nb\n)}\x92", "an object of `a.b`"),
        (b"ca\nb\n)\x81}b", "an object of `a.b`"),
        (b"ca\nb\n)R(NNu", "an object of `a.b`"),
        (b"ca\nb\n)R(NNe", "an object of `a.b`"),
        (b"ca\nb\n)R)R", "an object"),
        (b"ccollections\nOrderedDict\n)R}b", "a dict"),
        (b"\x95\x01\0\0\0\0\0\0\0N", "None"),
        (b"NN0", "None"),
        (b"N(NN1", "None"),
        (b"N\x94", "None"),
    ] {
        let dict = beside(value).unwrap_or_else(|error| panic!("{value:?}: {error}"));
        assert_eq!(dict.tensor::<Rank1<2>, f32>("w").unwrap().to_vec(), [0.0; 2]);
        assert_eq!(dict.opaque().collect::<Vec<_>>(), [("v", kind)], "{value:?}");
    }
    // Instructions that no protocol has, or that make no sense.
    for value in [
        &b"Na"[..],
        b"]a",
        b"N(Ne",
        b"(Ne",
        b"\x8f",
        b"N(N\x90",
        b"N)\x81",
        b"K\x01K\x01\x93",
        b"N}b",
        b"NNR",
        b"\x81",
        b"\x92",
        b"\x93",
        b"\x97",
        b"\x98",
        b"I1\n",
        b"\x8c\x01\xff",
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\xffa",
        b"1",
        b"\x8b\xff\xff\xff\xff",
        b"\x80\x06N",
        b"\x80\x01N",
        b"\x82\x01",
        b"Q",
    ]
    .iter()
    .filter(|value| ***value != b"\x8f"[..])
    {
        let error = beside(value).unwrap_err();
        assert!(matches!(error, Error::Pickle { .. }), "{value:?}: {error}");
    }
}

/// The fixtures and pickles of every protocol, with right checksums for the half of them.
#[test]
fn mutations_of_what_is_beside_a_model_do_no_harm() {
    let mut rng = Rng::seed(13);
    let files: Vec<_> = ["protocol2", "protocol3", "protocol4", "protocol5", "opaque", "zip64", "module"]
        .iter()
        .map(|name| std::fs::read(path(name)).unwrap())
        .collect();
    let pickles: Vec<_> = files
        .iter()
        .map(|file| {
            let begin = file.windows(9).position(|part| part == b"/data.pkl").unwrap();
            let begin =
                begin + file[begin..].windows(2).position(|part| part[0] == 0x80 && part[1] <= 5).unwrap();
            let end = file[begin..].windows(2).position(|part| part == b"PK").unwrap();
            file[begin..begin + end].to_vec()
        })
        .collect();
    let data: Vec<_> = (0..20).map(|i| format!("data/{i}")).collect();
    let rounds = if cfg!(debug_assertions) { 2_000 } else { 200_000 };
    let mut read_all_the_same = 0;
    for round in 0..rounds {
        let mutated = if round % 2 == 0 {
            let mut pickle = pickles[rng.below(pickles.len())].clone();
            mutate(&mut pickle, &mut rng);
            let mut entries: Vec<(&str, &[u8])> = vec![("data.pkl", &pickle)];
            entries.extend(data.iter().map(|name| (name.as_str(), &[1; 8][..])));
            archive(&entries)
        } else {
            let mut bytes = files[rng.below(files.len())].clone();
            mutate(&mut bytes, &mut rng);
            bytes
        };
        for key in ["", "model"] {
            match StateDict::from_pt_at(&mutated, key) {
                Ok(dict) => {
                    read_all_the_same += 1;
                    assert_eq!(StateDict::from_bytes(&dict.to_bytes()).unwrap().len(), dict.len());
                }
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
    assert!(read_all_the_same > rounds / 100, "{read_all_the_same}");
    // An instruction of one byte can make an object of 16, in a vector that doubles.
    for file in &files {
        let (_, size) = largest(|| StateDict::from_pt(file));
        assert!(size <= 32 * file.len() + 4096, "{size} bytes for {}", file.len());
    }
}
