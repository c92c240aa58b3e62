//! Programs that once panicked, as they were reported.

use super::Folder;
use typegrad::prelude::*;

#[test]
fn a_tensor_of_i32_beside_the_model_is_widened() {
    let header = r#"{"weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"steps":{"dtype":"I32","shape":[],"data_offsets":[8,12]}}"#;
    let parts = [2.0_f32.to_le_bytes(), 1.0_f32.to_le_bytes(), 3_i32.to_le_bytes()].concat();
    let file = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &parts].concat();
    let dict = StateDict::from_safetensors(&file).unwrap();
    let mut net = Linear::<1, 1>::new(&mut Rng::seed(0));
    net.load_state_dict(&dict, Strict::No).unwrap();
    assert_eq!(net.infer(Tensor::from([[3.0_f32]])).to_vec(), [7.0]);
    assert_eq!(dict.tensor::<(), i64>("steps").unwrap().item(), 3);
}

#[test]
fn a_batch_norm_loads_without_its_counter() {
    let mut norm = BatchNorm1d::<3>::new(&mut Rng::seed(0));
    let mut dict = norm.state_dict();
    dict.remove("num_batches_tracked").unwrap();
    norm.load_state_dict(&dict, Strict::Yes).unwrap();
}

#[test]
fn sizes_of_python_2_are_read() {
    let header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }\n";
    let data: Vec<u8> = (0..6).flat_map(|i| (i as f32).to_le_bytes()).collect();
    let folder = Folder::new("long");
    let path = folder.0.join("long.npy");
    let file = [&b"\x93NUMPY\x01\x00"[..], &[header.len() as u8, 0], header, &data].concat();
    std::fs::write(&path, file).unwrap();
    let x = typegrad::data::read_npy::<Rank2<2, 3>, f32>(&path).unwrap();
    assert_eq!(x.to_vec(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
}

#[test]
fn an_array_of_more_than_half_a_megabyte_fits_the_stack_of_a_test() {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let run = || {
        let x = Tensor::<Rank2<384, 384>>::zeros();
        assert_eq!(x.to_array::<[[f32; 384]; 384]>()[383][383], 0.0);
    };
    thread.spawn(run).unwrap().join().unwrap();
}

#[cfg(unix)]
#[test]
fn a_save_keeps_the_mode_and_the_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("keep");
    let (file, link) = (folder.0.join("keep.bin"), folder.0.join("keep-link.bin"));
    let net = Linear::<2, 1>::new(&mut Rng::seed(0));
    typegrad::io::save(&file, &net).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    symlink(&file, &link).unwrap();
    typegrad::io::save(&link, &net).and_then(|()| typegrad::io::save(&file, &net)).unwrap();
    let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode, std::fs::symlink_metadata(&link).unwrap().is_symlink()), (0o600, true));
}
