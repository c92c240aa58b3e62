// A text is not a tensor. PyTorch makes a list of the texts, and the network fails when it runs.
use typegrad::data::Dataset;

fn main() {
    let words = vec!["one", "two", "three"].batches::<2>();
    let _ = words.in_order().count();
}
