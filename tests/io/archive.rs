//! Zip files with stored entries, as PyTorch lays them out. Shared with the fuzz targets.

/// An archive whose entries are in a folder.
pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let name = format!("archive/{name}");
        let begin = file.len() as u32;
        let common = |out: &mut Vec<u8>| {
            out.extend([20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            out.extend(crc32fast::hash(content).to_le_bytes());
            out.extend([content.len() as u32; 2].map(u32::to_le_bytes).concat());
            out.extend([name.len() as u16, 0].map(u16::to_le_bytes).concat());
        };
        file.extend(b"PK\x03\x04");
        common(&mut file);
        file.extend(name.bytes());
        file.extend(*content);
        directory.extend(b"PK\x01\x02\0\0");
        common(&mut directory);
        directory.extend([0; 10]);
        directory.extend(begin.to_le_bytes());
        directory.extend(name.bytes());
    }
    let (begin, count) = (file.len() as u32, entries.len() as u16);
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count; 2].map(u16::to_le_bytes).concat());
    file.extend([directory.len() as u32, begin].map(u32::to_le_bytes).concat());
    file.extend([0; 2]);
    file
}

/// A file of this pickle and one storage of zeros.
pub fn pickled(pickle: &[u8]) -> Vec<u8> {
    archive(&[("data.pkl", pickle), ("byteorder", b"little"), ("data/0", &[0; 16])])
}
