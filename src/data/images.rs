//! Folders of images: PNG and JPEG.

use super::{DataError, Dataset, TensorDataset, TensorRows};
use crate::shape::{Law, Rank0, Rank3, number_law};
use crate::storage::Storage;
use crate::tensor::Tensor;
use image::imageops::FilterType;
use image::{DynamicImage, ImageReader};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

number_law!(Channels: |n| n == 1 || n == 3 || n == 4, "an image has 1, 3 or 4 channels");

/// Reads a PNG or JPEG file as a tensor `[C, H, W]` with elements from 0 to 1. torchvision's `decode_image` and `ToTensor`.
///
/// C is 1 for grayscale, 3 for RGB, 4 for RGBA; a file with another number of channels is converted.
///
/// ```no_run
/// use typegrad::data::read_image;
/// use typegrad::prelude::*;
/// let picture: Tensor<Rank3<3, 32, 32>> = read_image("cat.png")?;
/// # Ok::<(), typegrad::data::DataError>(())
/// ```
///
/// # Errors
/// With the file: if it cannot be read, or has another size.
pub fn read_image<const C: usize, const H: usize, const W: usize>(
    path: impl AsRef<Path>,
) -> Result<Tensor<Rank3<C, H, W>>, DataError> {
    let path = path.as_ref();
    let read = || {
        let image = open(path)?;
        let (height, width) = (image.height() as usize, image.width() as usize);
        if (height, width) != (H, W) {
            return Err(DataError::ImageSize { height, width, expected: [H, W] });
        }
        Ok(tensor(&image))
    };
    read().map_err(|error: DataError| error.at(path))
}

fn open(path: &Path) -> Result<DynamicImage, DataError> {
    let image = ImageReader::open(path)?.with_guessed_format()?;
    image.decode().map_err(|error| DataError::Image(error.to_string()))
}

fn tensor<const C: usize, const H: usize, const W: usize>(image: &DynamicImage) -> Tensor<Rank3<C, H, W>> {
    let () = Channels::<C>::HOLDS;
    let pixels = match C {
        1 => image.to_luma8().into_raw(),
        3 => image.to_rgb8().into_raw(),
        _ => image.to_rgba8().into_raw(),
    };
    // The file has the channels of a pixel side by side, the tensor one channel after the other.
    let element = |i: usize| f32::from(pixels[i % (H * W) * C + i / (H * W)]) / 255.0;
    Tensor::constant(Storage::from_fn(C * H * W, element))
}

/// A folder with one folder of images for each class. torchvision's `ImageFolder`.
///
/// The classes are the names of the folders, sorted, and their number is checked when it is opened. An example is a tensor
/// `[C, H, W]` with elements from 0 to 1 and its label, or an error that names the file. It is read when it is needed:
/// [`workers`](super::Epoch::workers) reads with several threads.
///
/// ```no_run
/// use typegrad::data::{Dataset, ImageFolder};
/// use typegrad::prelude::*;
/// let photos = ImageFolder::<3, 64, 64>::open::<2>("photos")?.resize(); // photos/cat/1.jpg, photos/dog/1.png, ..
/// assert_eq!(photos.classes(), ["cat", "dog"]);
/// for batch in photos.batches::<32>().epoch(&mut Rng::seed(0)).workers(2) {
///     let (images, labels) = batch.transpose()?.data;
/// }
/// # Ok::<(), typegrad::data::DataError>(())
/// ```
///
/// [`transforms`](super::transforms) change the image of an example that was read:
///
/// ```no_run
/// use typegrad::data::transforms::{Normalize, RandomCrop, RandomHorizontalFlip};
/// use typegrad::data::{Dataset, ImageFolder};
/// use typegrad::prelude::*;
/// let photos = ImageFolder::<3, 64, 64>::open::<2>("photos")?;
/// let (crop, flip) = (RandomCrop::<64, 64, 4>::new(), RandomHorizontalFlip::new());
/// let normalize = Normalize::new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
/// let train = photos.map_random(move |example, rng| {
///     example.map(|(image, label)| (normalize.apply(flip.apply(crop.apply(image, rng), rng)), label))
/// });
/// for batch in train.mixup::<2>(0.2).batches::<32>().epoch(&mut Rng::seed(0)).workers(2) {
///     let (images, probabilities) = batch.transpose()?.data;
/// }
/// # Ok::<(), typegrad::data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageFolder<const C: usize, const H: usize, const W: usize> {
    classes: Vec<String>,
    files: Vec<(PathBuf, i64)>,
    resize: bool,
}

impl<const C: usize, const H: usize, const W: usize> ImageFolder<C, H, W> {
    /// Lists the files of `K` classes, those in subfolders, too: `.png`, `.jpg` and `.jpeg`.
    ///
    /// # Errors
    /// If there are not `K` classes, a class has no file, or a folder cannot be read.
    pub fn open<const K: usize>(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let path = path.as_ref();
        let mut classes = Vec::new();
        let mut files = Vec::new();
        for folder in entries(path)?.into_iter().filter(|entry| entry.is_dir()) {
            let before = files.len();
            list(&folder, classes.len() as i64, &mut files)?;
            if files.len() == before {
                return Err(DataError::NoImages.at(&folder));
            }
            classes.push(folder.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
        if classes.len() != K {
            return Err(DataError::Classes { found: classes, expected: K }.at(path));
        }
        Ok(ImageFolder { classes, files, resize: false })
    }

    /// Scales images of another size to H times W pixels, with a triangle filter; without it they are errors. torchvision's
    /// `transforms.Resize((H, W))`.
    #[must_use]
    pub fn resize(mut self) -> Self {
        self.resize = true;
        self
    }

    /// The names of the classes.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The file of each example.
    pub fn files(&self) -> impl ExactSizeIterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// The label of each example, for [`stratified_split`](Dataset::stratified_split) and
    /// [`balanced_weights`](super::balanced_weights).
    #[must_use]
    pub fn labels(&self) -> Vec<i64> {
        self.files.iter().map(|(_, label)| *label).collect()
    }

    /// Reads all images into memory.
    ///
    /// # Errors
    /// The first file that cannot be read.
    pub fn read_all(&self) -> Result<TensorDataset<Rank3<C, H, W>, f32, Rank0, i64>, DataError> {
        let mut pixels = Vec::with_capacity(self.files.len() * C * H * W);
        for index in 0..self.files.len() {
            pixels.extend_from_slice(self.get(index)?.0.as_slice());
        }
        let labels = TensorRows::new(Storage::from(self.labels()), self.files.len());
        let images = TensorRows::new(Storage::from_slice(&pixels), self.files.len());
        Ok(TensorDataset::from_rows(images, labels)?)
    }
}

impl<const C: usize, const H: usize, const W: usize> Dataset for ImageFolder<C, H, W> {
    type Example = Result<(Tensor<Rank3<C, H, W>>, i64), DataError>;
    fn len(&self) -> usize {
        self.files.len()
    }
    fn get(&self, index: usize) -> Self::Example {
        let (path, label) = &self.files[index];
        if !self.resize {
            return Ok((read_image(path)?, *label));
        }
        let image = open(path).map_err(|error| error.at(path))?;
        let fits = (image.height() as usize, image.width() as usize) == (H, W);
        let scaled = |image: DynamicImage| image.resize_exact(W as u32, H as u32, FilterType::Triangle);
        Ok((tensor(&if fits { image } else { scaled(image) }), *label))
    }
}

/// The entries of a folder, sorted.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let list = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>();
    let mut entries = list().map_err(|error| DataError::from(error).at(folder))?;
    entries.sort();
    Ok(entries)
}

/// Adds the images of a folder and of its subfolders.
fn list(folder: &Path, label: i64, files: &mut Vec<(PathBuf, i64)>) -> Result<(), DataError> {
    for entry in entries(folder)? {
        let extension = entry.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        if entry.is_dir() {
            list(&entry, label, files)?;
        } else if matches!(extension.as_deref(), Some("png" | "jpg" | "jpeg")) {
            files.push((entry, label));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    /// A folder that is removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("typegrad-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Folder(path)
        }
        /// Pixel (x, y) is `[10 x, 20 y, blue]`.
        fn save(&self, name: &str, [height, width]: [u32; 2], blue: u8) {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let pixel = |x: u32, y: u32| Rgb([(10 * x).min(255) as u8, (20 * y).min(255) as u8, blue]);
            RgbImage::from_fn(width, height, pixel).save(path).unwrap();
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_folder_has_its_classes_and_files_in_order() {
        let folder = Folder::new("images");
        folder.save("dog/b.png", [2, 3], 7);
        folder.save("dog/a/z.png", [2, 3], 8);
        folder.save("cat/1.PNG", [2, 3], 9);
        fs::write(folder.0.join("cat/notes.txt"), "no picture").unwrap();
        let images = ImageFolder::<3, 2, 3>::open::<2>(&folder.0).unwrap();
        assert_eq!(
            (images.classes(), images.labels()),
            (&["cat".to_owned(), "dog".to_owned()][..], vec![0, 1, 1])
        );
        let (image, label) = images.get(1).unwrap();
        let channel =
            |i: usize| image.as_slice()[6 * i..6 * i + 6].iter().map(|x| x * 255.0).collect::<Vec<_>>();
        assert_eq!(channel(0), [0.0, 10.0, 20.0, 0.0, 10.0, 20.0]);
        assert_eq!(channel(1), [0.0, 0.0, 0.0, 20.0, 20.0, 20.0]);
        assert_eq!((channel(2), label), (vec![8.0; 6], 1));
        let all = images.read_all().unwrap();
        assert_eq!((all.inputs().row(1), all.targets().as_slice()), (image.as_slice(), &[0, 1, 1][..]));
        let batch = images.batches::<3>().in_order().workers(2).next().unwrap().transpose().unwrap();
        assert_eq!(batch.data.1.real_elements(), [0, 1, 1]);

        let gray = read_image::<1, 2, 3>(folder.0.join("dog/b.png")).unwrap();
        // ITU-R BT.709 of (20, 20, 7), rounded to integers.
        assert!((gray.as_slice()[5] * 255.0 - 19.0).abs() < 0.5, "{gray}");
        let path = folder.0.join("dog/b.png");
        let error = read_image::<3, 4, 4>(&path).unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "{}: the image has 2 rows of 3 pixels, and not 4 of 4; `ImageFolder::resize` scales it",
                path.display()
            )
        );
    }

    #[test]
    fn jpeg_is_read_and_other_sizes_are_scaled() {
        let folder = Folder::new("jpeg");
        folder.save("a/x.jpg", [16, 16], 200);
        let images = ImageFolder::<3, 8, 8>::open::<1>(&folder.0).unwrap();
        assert!(images.get(0).is_err());
        let (image, _) = images.resize().get(0).unwrap();
        assert!(image.as_slice()[2 * 64..].iter().all(|blue| (blue * 255.0 - 200.0).abs() < 12.0), "{image}");
        assert!(image.as_slice()[7] > image.as_slice()[0]);
    }

    #[test]
    fn errors_name_the_file_or_the_folder() {
        let folder = Folder::new("wrong");
        folder.save("cat/1.png", [2, 2], 0);
        let name = folder.0.display();
        let error = ImageFolder::<3, 2, 2>::open::<2>(&folder.0).unwrap_err().to_string();
        assert_eq!(error, format!("{name}: 1 classes, but there should be 2: cat"));
        fs::write(folder.0.join("cat/2.png"), b"\x89PNG\r\n\x1a\n1234").unwrap();
        let images = ImageFolder::<3, 2, 2>::open::<1>(&folder.0).unwrap();
        let error = images.get(1).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{name}/cat/2.png: ")), "{error}");
        assert!(images.read_all().is_err());
        fs::create_dir(folder.0.join("dog")).unwrap();
        let error = ImageFolder::<3, 2, 2>::open::<2>(&folder.0).unwrap_err().to_string();
        assert_eq!(error, format!("{name}/dog: no image was found (.png, .jpg or .jpeg)"));
    }
}
