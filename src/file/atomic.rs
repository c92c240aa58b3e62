//! Files that are written whole or not at all.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The most symbolic links that are followed, as in Linux.
const MOST_LINKS: usize = 40;

/// Names of files have at most 255 bytes, of which a temporary file adds some.
const LONGEST_NAME: usize = 200;

/// Writes a file atomically: at every moment, also after a crash, the path names the complete old file or the complete new one.
///
/// A temporary file in the same folder is written, flushed to the disk and renamed. It has the mode of the old file, and its
/// owner where that is permitted; of a symbolic link, the file it leads to is replaced. A path that is not a regular file,
/// such as a pipe or `/dev/stdout`, is written to directly.
pub(crate) fn write(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    match target(path)? {
        Target::Stream => buffered(&OpenOptions::new().write(true).open(path)?, content),
        Target::File { path, old } => {
            let temporary = Temporary::beside(&path, old.as_ref())?;
            buffered(&temporary.file, content)?;
            temporary.file.sync_all()?;
            temporary.rename(&path).map(drop)
        }
    }
}

/// Creates an empty file for lines that are written one at a time. An old file is replaced as by [`write`].
pub(crate) fn create(path: &Path) -> io::Result<File> {
    match target(path)? {
        Target::Stream => OpenOptions::new().write(true).open(path),
        Target::File { path, old } => Temporary::beside(&path, old.as_ref())?.rename(&path),
    }
}

fn buffered(file: &File, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut writer = BufWriter::with_capacity(1 << 20, file);
    let result = content(&mut writer).and_then(|()| writer.flush());
    // The rest of the buffer is not written after an error.
    drop(writer.into_parts());
    result
}

/// The target of a path.
enum Target {
    /// A pipe, a terminal or a device, which cannot be replaced.
    Stream,
    /// A regular file, or none yet, under the name after all links.
    File { path: PathBuf, old: Option<Metadata> },
}

fn target(path: &Path) -> io::Result<Target> {
    let old = match fs::metadata(path) {
        Ok(old) if old.is_dir() => return Err(io::Error::from(io::ErrorKind::IsADirectory)),
        Ok(old) if !old.is_file() => return Ok(Target::Stream),
        // A file that may not be written is not replaced either.
        Ok(old) => OpenOptions::new().write(true).open(path).map(|_| Some(old))?,
        // There may be a link whose file does not exist yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut path = path.to_owned();
    for _ in 0..=MOST_LINKS {
        match fs::symlink_metadata(&path) {
            Ok(link) if link.is_symlink() => path = folder(&path).join(fs::read_link(&path)?),
            _ if old.is_some() && !path.is_file() => break,
            _ => return Ok(Target::File { path, old }),
        }
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "the link does not lead to a name that can be replaced"))
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A file that is removed unless it is renamed.
struct Temporary {
    file: File,
    path: PathBuf,
    renamed: bool,
}

impl Temporary {
    fn beside(path: &Path, old: Option<&Metadata>) -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = path
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // No other user may open it before it has the mode of the old file.
        #[cfg(unix)]
        if old.is_some() {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let mut temporary = std::ffi::OsString::from(".");
            // The suffix would make a long name too long.
            temporary.push(if name.len() > LONGEST_NAME { "long-name".as_ref() } else { name });
            temporary.push(format!(".{}.{count}.tmp", std::process::id()));
            let path = folder(path).join(temporary);
            match options.open(&path) {
                Ok(file) => {
                    let temporary = Temporary { file, path, renamed: false };
                    old.map_or(Ok(()), |old| keep(&temporary.file, old))?;
                    return Ok(temporary);
                }
                // A process of the same number was killed here.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn rename(mut self, path: &Path) -> io::Result<File> {
        fs::rename(&self.path, path)?;
        self.renamed = true;
        // The name is durable once the folder is synced. Windows cannot open a folder, and a user who may write into one may not be allowed to open it.
        if cfg!(unix)
            && let Ok(folder) = File::open(folder(path))
        {
            folder.sync_all()?;
        }
        self.file.try_clone()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.renamed {
            // There is already an error to report.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Gives a new file the owner of the old one, where that is permitted, and its mode.
#[cfg(unix)]
fn keep(file: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let new = file.metadata()?;
    let mut mode = old.mode() & 0o777;
    let owner = (new.uid() != old.uid()).then_some(old.uid());
    let group = (new.gid() != old.gid()).then_some(old.gid());
    if (owner.is_some() || group.is_some())
        && fchown(file, owner, group).is_err()
        && group.is_some()
        && fchown(file, None, group).is_err()
    {
        // Another group gets no more than everybody.
        mode = mode & !0o070 | (mode & 0o007) << 3;
    }
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn keep(file: &File, old: &Metadata) -> io::Result<()> {
    file.set_permissions(old.permissions())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Full<'a>(&'a mut dyn Write, usize);

    impl Write for Full<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.1 == 0 {
                return Err(io::Error::from(io::ErrorKind::StorageFull));
            }
            let written = self.0.write(&bytes[..bytes.len().min(self.1)])?;
            self.1 -= written;
            Ok(written)
        }
        fn flush(&mut self) -> io::Result<()> {
            self.0.flush()
        }
    }

    /// A folder that is removed at the end of the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("typegrad-atomic-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Folder(path)
        }
        fn files(&self) -> usize {
            fs::read_dir(&self.0).unwrap().count()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_disk_that_is_full_leaves_the_old_file_whole_and_nothing_else() {
        let folder = Folder::new("full");
        let path = folder.0.join("file");
        write(&path, |w| w.write_all(b"the old one")).unwrap();
        for room in 0..11 {
            let error = write(&path, |w| Full(w, room).write_all(b"the new one")).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
            assert_eq!(fs::read(&path).unwrap(), b"the old one");
            assert_eq!(folder.files(), 1);
        }
        write(&path, |w| Full(w, 11).write_all(b"the new one")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"the new one");
    }

    #[test]
    fn a_path_without_a_file_name_is_an_error() {
        let folder = Folder::new("no-name");
        for path in [Path::new("/"), Path::new(""), &folder.0] {
            assert!(write(path, |_| Ok(())).is_err());
            assert!(create(path).is_err());
        }
        assert_eq!(folder.files(), 0);
    }

    /// A map of the old file keeps its bytes.
    #[test]
    fn a_file_that_is_mapped_does_not_change() {
        let folder = Folder::new("mapped");
        let path = folder.0.join("file");
        write(&path, |w| w.write_all(b"the old one")).unwrap();
        let map = crate::file::map::Bytes::of(&path).unwrap();
        write(&path, |w| w.write_all(b"new")).unwrap();
        let second = crate::file::map::Bytes::of(&path).unwrap();
        create(&path).unwrap().write_all(b"third").unwrap();
        assert_eq!((&*map, &*second), (&b"the old one"[..], &b"new"[..]));
        assert_eq!(fs::read(&path).unwrap(), b"third");
    }

    #[cfg(unix)]
    mod unix {
        use super::*;
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown, symlink};

        #[test]
        fn the_mode_and_the_owner_are_those_of_the_old_file() {
            let folder = Folder::new("mode");
            let path = folder.0.join("file");
            fs::write(&path, b"old").unwrap();
            for mode in [0o600, 0o640, 0o664, 0o777] {
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
                // Only some may give a file away.
                let _ = fchown(File::open(&path).unwrap(), Some(12_345), Some(54_321));
                let old = fs::metadata(&path).unwrap();
                let owner = (old.uid(), old.gid(), mode);
                for new in [b"new", b"two"] {
                    let held = File::open(&path).unwrap();
                    let old = held.metadata().unwrap();
                    write(&path, |w| w.write_all(new)).unwrap();
                    let new = fs::metadata(&path).unwrap();
                    assert_eq!((new.uid(), new.gid(), new.mode() & 0o777), owner);
                    assert_ne!(new.ino(), old.ino(), "it is a new file");
                }
                create(&path).unwrap();
                let new = fs::metadata(&path).unwrap();
                assert_eq!((new.uid(), new.gid(), new.mode() & 0o777), owner);
            }
            assert_eq!(folder.files(), 1);
        }

        /// Some may write any file.
        #[test]
        fn a_file_is_replaced_by_those_who_may_write_it() {
            let folder = Folder::new("protected");
            let path = folder.0.join("file");
            fs::write(&path, b"old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
            let may_write = OpenOptions::new().write(true).open(&path).map(drop).map_err(|e| e.kind());
            assert_eq!(write(&path, |w| w.write_all(b"new")).map_err(|e| e.kind()), may_write);
            assert_eq!(fs::read(&path).unwrap(), if may_write.is_ok() { b"new" } else { b"old" });
            assert_eq!(create(&path).map(drop).map_err(|e| e.kind()), may_write);
            assert_eq!((fs::metadata(&path).unwrap().mode() & 0o777, folder.files()), (0o444, 1));
        }

        #[test]
        fn a_name_may_be_as_long_as_a_folder_takes_it() {
            let folder = Folder::new("long");
            for length in [199, 200, 201, 255] {
                let path = folder.0.join("n".repeat(length));
                write(&path, |w| w.write_all(b"content")).unwrap();
                write(&path, |w| w.write_all(b"another")).unwrap();
                assert_eq!(fs::read(&path).unwrap(), b"another");
            }
            assert_eq!(folder.files(), 4);
        }

        #[test]
        fn links_are_followed_to_the_file_that_is_replaced() {
            let folder = Folder::new("links");
            let [file, link, far, inner] = ["file", "link", "far", "inner"].map(|name| folder.0.join(name));
            fs::create_dir(&inner).unwrap();
            symlink("file", &link).unwrap();
            symlink("../link", inner.join("up")).unwrap();
            symlink("inner/up", &far).unwrap();
            // At first the file is not there.
            for (path, text) in [(&far, "far"), (&link, "link"), (&file, "file"), (&inner.join("up"), "up")] {
                write(path, |w| w.write_all(text.as_bytes())).unwrap();
                assert_eq!(fs::read_to_string(&file).unwrap(), text);
                create(path).unwrap().write_all(b"line").unwrap();
                assert_eq!(fs::read_to_string(&far).unwrap(), "line");
                assert!(file.is_file() && !file.is_symlink() && link.is_symlink() && far.is_symlink());
            }
            symlink("loop", folder.0.join("loop")).unwrap();
            assert!(write(&folder.0.join("loop"), |_| Ok(())).is_err());
            assert_eq!((folder.files(), fs::read_dir(&inner).unwrap().count()), (5, 1));
        }

        #[test]
        fn a_pipe_and_a_device_are_written_into() {
            let folder = Folder::new("pipe");
            let path = folder.0.join("pipe");
            let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
            assert!(made.success());
            let reader = std::thread::spawn({
                let path = path.clone();
                move || fs::read(path).unwrap()
            });
            write(&path, |w| w.write_all(b"through the pipe")).unwrap();
            assert_eq!(reader.join().unwrap(), b"through the pipe");
            let link = folder.0.join("null");
            symlink("/dev/null", &link).unwrap();
            for path in [Path::new("/dev/null"), &link] {
                write(path, |w| w.write_all(b"nothing")).unwrap();
                create(path).unwrap().write_all(b"nothing").unwrap();
            }
            assert!(!fs::metadata("/dev/null").unwrap().is_file());
            assert_eq!(folder.files(), 2, "nothing was replaced, and no temporary file is left");
        }
    }
}
