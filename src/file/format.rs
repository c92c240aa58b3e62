//! Formats by their first bytes: for the error of a reader that was given the file of another one.

/// A name of the format and of the function that reads it; `None` if the first bytes of the file show nothing.
pub(crate) fn of(file: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], &str); 4] = [
        (b"TYPEGRAD", "a file of typegrad, which `io::load`, `StateDict::load` and `Checkpoint::load` read"),
        (b"\x93NUMPY", "an array of NumPy, which `data::read_npy` reads"),
        (b"\x1f\x8b", "a compressed file: unpack it first, by `gunzip`"),
        (
            b"\x80\x02",
            "a pickle of Python; if PyTorch before version 1.6 wrote it, load it there and save it again by `torch.save`",
        ),
    ];
    if let Some((_, name)) = starts.iter().find(|(start, _)| file.starts_with(start)) {
        return Some(name);
    }
    if file.starts_with(b"PK\x03\x04") {
        let length = u16::from_le_bytes(*file.get(26..)?.first_chunk()?);
        let first = file.get(30..)?.get(..length.into())?;
        return Some(match first.ends_with(b".npy") {
            true => "an archive of NumPy, which `data::Npz::open` reads, with the feature `npz`",
            false => {
                "an archive such as `torch.save` writes, which `io::load_pt` reads, with the feature `pt`"
            }
        });
    }
    if let Some((length, [b'{', ..])) = file.split_first_chunk()
        && u64::from_le_bytes(*length) < 1 << 32
    {
        return Some("a safetensors file, which `io::load_safetensors` reads");
    }
    None
}

/// The rest of an error that names what the file is instead, or what it starts with.
pub(crate) fn instead(format: Option<&str>, found: &str) -> String {
    match format {
        Some(format) => format!(", but {format}"),
        None => format!(": it begins with {found}"),
    }
}
