//! Tables, and their errors.

use proptest::prelude::*;
use std::str::FromStr;
use typegrad::data::{Csv, Dataset, Missing};
use typegrad::prelude::*;

fn error(csv: &Csv, text: &str) -> String {
    csv.parse::<Rank1<2>, f64, i64>("t.csv", text).unwrap_err().to_string()
}

#[test]
fn the_target_is_the_last_column_or_the_one_that_is_named() {
    let csv = Csv::new();
    let table = csv.parse::<Rank1<2>, f64, i64>("t.csv", "1, 2.5 ,3\r\n-4,5e-1,-6").unwrap();
    assert_eq!(
        (table.inputs().as_slice(), table.targets().as_slice()),
        (&[1.0, 2.5, -4.0, 0.5][..], &[3, -6][..])
    );
    let table = csv.clone().target(0).parse::<Rank1<2>, f64, f32>("t.csv", "1,2,3\n").unwrap();
    assert_eq!((table.inputs().as_slice(), table.targets().as_slice()), (&[2.0, 3.0][..], &[1.0][..]));
    let named = csv.clone().header(true).target("b").delimiter(b';');
    let table = named.parse::<Rank2<1, 2>, f64, bool>("t.csv", "a;b;\"c;d\"\n1;true;3\n").unwrap();
    assert_eq!((table.inputs().as_slice(), table.targets().as_slice()), (&[1.0, 3.0][..], &[true][..]));
    let rows = csv.parse_rows::<Rank1<2>, f32>("t.csv", "1,nan\ninf,-0\n").unwrap();
    assert!(rows.row(0)[1].is_nan() && rows.row(1) == [f32::INFINITY, 0.0]);
    assert!(csv.parse_rows::<Rank1<2>, f32>("t.csv", "").unwrap().is_empty());
}

#[test]
fn a_bad_row_is_an_error_with_its_file_and_line() {
    let csv = Csv::new();
    assert_eq!(error(&csv, "1,2,3\n1,2\n"), "t.csv:2: 2 fields, but there should be 3");
    assert_eq!(error(&csv, "1,2,3\n1,2,3,4\n"), "t.csv:2: 4 fields, but there should be 3");
    let choose =
        "`Csv::columns` and `Csv::drop_columns` choose columns, and `Csv::delimiter` the mark between them";
    let columns = |found| {
        format!("t.csv: {found} columns, but the elements of an input and the target are 3; {choose}")
    };
    assert_eq!(error(&csv, "1;2;3\n"), columns(1));
    assert_eq!(error(&csv.clone().header(true), "a,b,c,y\n1,2,3,0\n"), columns(4));
    assert_eq!(error(&csv.clone().header(true), ""), columns(0));
    let rows = csv.parse_rows::<Rank1<2>, f32>("t.csv", "1,2,3\n").unwrap_err().to_string();
    assert_eq!(rows, format!("t.csv: 3 columns, but the elements of an input are 2; {choose}"));
    assert_eq!(
        error(&csv, "1,2,3\n1,,3\n"),
        "t.csv:2: column 2: a value is missing; `Csv::missing` leaves such rows out, or fills values in"
    );
    assert_eq!(
        error(&csv, "a,b,c\n1,2,3\n"),
        "t.csv:1: column 1: \"a\" is not a number; for a line with the names of the columns, call `Csv::header(true)`"
    );
    // The fields of a file with decimal commas, as an input, as a target and in quotes.
    let comma = "is not a number; a decimal comma is not read: `csv.parse(path, &text.replace(',', \".\"))`";
    let semicolons = csv.clone().delimiter(b';');
    assert_eq!(error(&semicolons, "1,5;2;3\n"), format!("t.csv:1: column 1: \"1,5\" {comma}"));
    assert_eq!(error(&csv, "1,2,3\n1,\"-2,5\",3\n"), format!("t.csv:2: column 2: \"-2,5\" {comma}"));
    let thousands = error(&csv, "1,2,3\n1,\"2,500,000\",3\n");
    assert_eq!(thousands, "t.csv:2: column 2: \"2,500,000\" is not a number");
    assert!(
        csv.parse::<Rank1<2>, f32, i64>("t.csv", &"1,5;2;3\n".replace(',', ".")).is_err(),
        "the delimiter"
    );
    let read = semicolons.parse::<Rank1<2>, f32, i64>("t.csv", &"1,5;2;3\n".replace(',', ".")).unwrap();
    assert_eq!(Dataset::get(&read, 0).0.to_vec(), [1.5, 2.0]);
    // Nor is the first example of a file without names lost; integers are names that pandas gives.
    let named = csv.clone().header(true);
    let no_name = "is not the name of a column; for a file without names, leave out `Csv::header(true)`";
    assert_eq!(error(&named, "1,2.5,3\n1,2,3\n"), format!("t.csv:1: column 2: \"2.5\" {no_name}"));
    assert_eq!(error(&named, "\n-1e3,2, 3\n1,2,3\n"), format!("t.csv:2: column 1: \"-1e3\" {no_name}"));
    // Wavelengths, of which the program names one.
    let spectra = named.clone().target("402.5");
    let read = spectra.parse::<Rank1<2>, f32, i64>("t.csv", "401.5,402.5,403.5\n1,2,3\n").unwrap();
    assert_eq!((read.inputs().len(), Dataset::get(&read, 0).1.item()), (1, 2));
    for names in ["0,1,2", "2024,2025,2026", "400.5,401,kind", "1.5,nan,0"] {
        assert_eq!(
            named.parse::<Rank1<2>, f32, i64>("t.csv", &format!("{names}\n1,2,3\n")).unwrap().inputs().len(),
            1
        );
    }
    assert_eq!(error(&csv, "1,2,3.5\n"), "t.csv:1: column 3: \"3.5\" is not an integer");
    assert_eq!(
        error(&csv.clone().header(true), "a,b,c\n1,2,3\nx,2,3"),
        "t.csv:3: column 1 (a): \"x\" is not a number"
    );
    assert_eq!(error(&csv, "1,2,3\n\n\n1,x,3\n"), "t.csv:4: column 2: \"x\" is not a number");
    assert_eq!(error(&csv, "1,2,3\r\n4,5,6\r\n\r\n1,x,3\r\n"), "t.csv:4: column 2: \"x\" is not a number");
    assert_eq!(error(&csv, "1,2,3\n1,2"), "t.csv:2: 2 fields, but there should be 3");
    // Not an infinity without a word.
    let range = "is not within the range of the elements";
    assert_eq!(error(&csv, "1e999,2,3\n"), format!("t.csv:1: column 1: \"1e999\" {range}"));
    assert_eq!(error(&csv, "1,2,3\n1,-1e309,3\n"), format!("t.csv:2: column 2: \"-1e309\" {range}"));
    let small = csv.parse_rows::<Rank1<2>, f32>("t.csv", "1,2\n-1e39,inf\n").unwrap_err().to_string();
    assert_eq!(small, format!("t.csv:2: column 1: \"-1e39\" {range}"));
    assert_eq!(error(&csv.clone().target(3), "1,2,3\n"), "t.csv: unknown column 3");
    assert_eq!(
        error(&csv.clone().target("kind"), "1,2,3\n"),
        "t.csv: unknown column \"kind\" without a header"
    );
    let named = csv.clone().header(true).target("kind");
    assert_eq!(error(&named, "a,b,c\n1,2,3\n"), "t.csv: unknown column \"kind\"; the columns are a, b, c");
}

#[test]
fn labels_are_read_as_pandas_r_and_numpy_write_them() {
    fn read<E: Element + FromStr>(field: &str) -> Result<E, String> {
        let rows = Csv::new().parse_rows::<Rank1<1>, E>("t.csv", field);
        rows.map(|rows| rows.row(0)[0]).map_err(|error| error.problem().to_string())
    }
    for (field, value) in [
        ("true", 1_u8),
        ("True", 1),
        ("TRUE", 1),
        ("1", 1),
        ("1.0", 1),
        ("1.", 1),
        ("1.000", 1),
        ("false", 0),
        ("False", 0),
        ("FALSE", 0),
        ("0", 0),
        ("0.0", 0),
    ] {
        assert_eq!(read::<bool>(field), Ok(value == 1), "{field}");
        assert_eq!(read::<i64>(field), Ok(value.into()), "{field}");
        assert_eq!(read::<f32>(field), Ok(value.into()), "{field}");
        assert_eq!(read::<f64>(field), Ok(value.into()), "{field}");
    }
    assert_eq!(read::<i64>("-3.0"), Ok(-3));
    assert_eq!(read::<i64>("9223372036854775807.0"), Ok(i64::MAX));
    for field in ["yes", "tRUE", ".", ".0", "1.0.0", "1.5", "0x1", "1,0", "1e0", "2.0"] {
        assert!(read::<bool>(field).is_err(), "{field}");
    }
    for field in ["yes", ".", ".0", "1.0.0", "1.5", "0x1", "1e0", "nan", "9223372036854775808.0"] {
        assert!(read::<i64>(field).is_err(), "{field}");
    }
}

#[test]
fn columns_are_chosen_and_left_out_by_name_and_by_index() {
    let text = "id,a,b,c,kind\n7,1,2,3,0\n8,4,5,6,1\n";
    let csv = Csv::new().header(true);
    let rows =
        |csv: Csv| csv.parse::<Rank1<2>, f32, i64>("t.csv", text).map(|t| t.inputs().as_slice().to_vec());
    assert_eq!(rows(csv.clone().columns(["c", "a"])).unwrap(), [3.0, 1.0, 6.0, 4.0]);
    assert_eq!(rows(csv.clone().columns([1, 3])).unwrap(), [1.0, 3.0, 4.0, 6.0]);
    assert_eq!(rows(csv.clone().drop_columns(["b"]).drop_columns([0])).unwrap(), [1.0, 3.0, 4.0, 6.0]);
    let only = csv.clone().columns(["a", "b"]).target("c");
    assert_eq!(only.parse::<Rank1<2>, f32, f64>("t.csv", text).unwrap().targets().as_slice(), [3.0, 6.0]);
    let inputs = csv.parse_rows::<Rank1<5>, f64>("t.csv", text).unwrap();
    assert_eq!(inputs.row(1), [8.0, 4.0, 5.0, 6.0, 1.0]);
    // Without a header the first row says how many there are.
    let plain =
        Csv::new().columns([2]).target(0).parse::<Rank1<1>, f32, i64>("t.csv", "1,2,3\n4,5,6\n").unwrap();
    assert_eq!((plain.inputs().as_slice(), plain.targets().as_slice()), (&[3.0, 6.0][..], &[1, 4][..]));

    let problem = |csv: Csv| rows(csv).unwrap_err().to_string();
    let csv = || Csv::new().header(true);
    assert_eq!(
        problem(csv().columns(["a", "d"])),
        "t.csv: unknown column \"d\"; the columns are id, a, b, c, kind"
    );
    assert_eq!(problem(csv().drop_columns([5])), "t.csv: unknown column 5");
    assert_eq!(
        problem(csv().drop_columns(["id"])),
        "t.csv: the columns of the inputs are 3 numbers, but an input of shape [2] has 2"
    );
    assert_eq!(
        problem(csv().columns(["a", "kind"])),
        "t.csv: the column \"kind\" is the target, and cannot be an input"
    );
}

#[test]
fn names_become_indices_and_one_hot_rows() {
    let text = "sex,color,kind\nmale,red,rose\nfemale,blue,iris\nmale,green,None\n";
    let csv = Csv::new().header(true).ordinal("sex", ["female", "male"]);
    let csv = csv.one_hot("color", ["red", "green", "blue"]).classes(["iris", "rose", "None"]);
    let table = csv.parse::<Rank1<4>, f32, i64>("t.csv", text).unwrap();
    assert_eq!(table.inputs().as_slice(), [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0]);
    assert_eq!(table.targets().as_slice(), [1, 0, 2]);
    let error = |text: &str| csv.parse::<Rank1<4>, f32, i64>("t.csv", text).unwrap_err().to_string();
    assert_eq!(
        error("sex,color,kind\nmale,red,tulip\n"),
        "t.csv:2: column 3 (kind): \"tulip\" is not one of iris, rose, None"
    );
    assert_eq!(
        error("sex,color,kind\n\nmale,pink,rose\n"),
        "t.csv:3: column 2 (color): \"pink\" is not one of red, green, blue"
    );
    assert_eq!(
        csv.parse_class_names::<3>("t.csv", "a,b,c\n1,2,x\n1,2,\n1,2,z\n1,2,y\n").unwrap(),
        ["x", "y", "z"]
    );
    let none = csv.parse_class_names::<1>("t.csv", "a,b,c\n").unwrap_err();
    assert_eq!(none.to_string(), "t.csv: 0 classes, but there should be 1");
}

#[test]
fn a_missing_value_is_an_error_or_left_out_or_filled_in() {
    let text = "a,b,y\n1,,0\n3,4,1\nNA,6,2\n7,?,3\n9,10,\n";
    let csv = |missing| Csv::new().header(true).missing(missing);
    let read = |missing, text: &str| csv(missing).parse::<Rank1<2>, f64, i64>("t.csv", text);
    let suffix = "a value is missing; `Csv::missing` leaves such rows out, or fills values in";
    let error = |missing, text: &str| read(missing, text).unwrap_err().to_string();
    assert_eq!(error(Missing::Error, text), format!("t.csv:2: column 2 (b): {suffix}"));
    let dropped = read(Missing::Drop, text).unwrap();
    assert_eq!((dropped.inputs().as_slice(), dropped.targets().as_slice()), (&[3.0, 4.0][..], &[1][..]));
    // A target is not made up.
    assert_eq!(error(Missing::Fill(-1.0), text), format!("t.csv:6: column 3 (y): {suffix}"));
    assert_eq!(error(Missing::Mean, text), format!("t.csv:6: column 3 (y): {suffix}"));
    let text = text.strip_suffix("9,10,\n").unwrap();
    let filled = read(Missing::Fill(-0.5), text).unwrap();
    assert_eq!(filled.inputs().as_slice(), [1.0, -0.5, 3.0, 4.0, -0.5, 6.0, 7.0, -0.5]);
    let mean = read(Missing::Mean, text).unwrap();
    assert_eq!(mean.inputs().as_slice(), [1.0, 5.0, 3.0, 4.0, 11.0 / 3.0, 6.0, 7.0, 5.0]);
    assert_eq!(mean.targets().as_slice(), [0, 1, 2, 3]);
    assert_eq!(error(Missing::Mean, "a,b,y\n1,,0\n"), format!("t.csv:2: column 2 (b): {suffix}"));
    let one_hot = csv(Missing::Mean).one_hot("b", ["u", "v"]);
    let table = one_hot.parse::<Rank1<3>, f32, i64>("t.csv", "a,b,y\n1,,0\n2,v,1\n").unwrap();
    assert_eq!(table.inputs().as_slice(), [1.0, 0.0, 0.0, 2.0, 0.0, 1.0]);
    let holes = read(Missing::Nan, text).unwrap();
    assert_eq!(holes.inputs().as_slice().iter().filter(|x| x.is_nan()).count(), 3);
    assert_eq!(holes.fillna(&holes.inputs().nanmean()).inputs().as_slice(), mean.inputs().as_slice());
    let integers = csv(Missing::Nan).parse_rows::<Rank1<2>, i64>("t.csv", "a,b\n1,\n").unwrap_err();
    assert_eq!(integers.to_string(), format!("t.csv:2: column 2 (b): {suffix}"));
    // NaN is a number where nothing else is asked for.
    let nan = |missing| csv(missing).parse_rows::<Rank1<1>, f32>("t.csv", "a\nnan\n").unwrap();
    assert!(nan(Missing::Error).row(0)[0].is_nan() && nan(Missing::Drop).is_empty());
}

#[test]
fn comments_are_skipped_and_counted_as_lines() {
    let csv = Csv::new().header(true).comment(b'#');
    let text = "# by nobody\na,b,c\n1,2,3\n# a pause\n\n4,5,6\n";
    let table = csv.parse::<Rank1<2>, f32, i64>("t.csv", text).unwrap();
    assert_eq!(
        (table.inputs().as_slice(), table.targets().as_slice()),
        (&[1.0, 2.0, 4.0, 5.0][..], &[3, 6][..])
    );
    let text = "# by nobody\na,b,c\n1,2,3\n# a pause\n\n# two\n4,x,6\n";
    assert_eq!(error(&csv, text), "t.csv:7: column 2 (b): \"x\" is not a number");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let error = Csv::new().read_rows::<Rank1<2>, f32>("/there/is/none.csv").unwrap_err().to_string();
    assert!(error.starts_with("/there/is/none.csv: "), "{error}");
    let path = std::env::temp_dir().join(format!("typegrad-{}.csv", std::process::id()));
    std::fs::write(&path, b"1,2,3\n1,\xff,3\n").unwrap();
    let error = Csv::new().read::<Rank1<2>, f32, i64>(&path).unwrap_err().to_string();
    assert_eq!(error, format!("{}:2: it is not UTF-8 text", path.display()));
    std::fs::remove_file(&path).unwrap();
}

proptest! {
    #[test]
    fn numbers_round_trip_exactly(rows in prop::collection::vec((any::<f64>(), any::<f32>(), any::<i64>()), 0..9)) {
        let text: String = rows.iter().map(|(a, b, c)| format!("{a},{b},{c}\n")).collect();
        let table = Csv::new().parse::<Rank1<2>, f64, i64>("t.csv", &text).unwrap();
        for (i, (a, _, c)) in rows.into_iter().enumerate() {
            prop_assert_eq!(table.inputs().row(i)[0].to_bits(), a.to_bits());
            prop_assert_eq!(table.targets().row(i), [c]);
        }
    }
}

#[test]
fn a_column_of_texts_is_read_with_its_targets() {
    let csv = Csv::new().header(true).classes(["bad", "good", "None"]);
    let text = "review,kind\n\"warm, \"\"funny\"\"\",good\n slow ,bad\nNA,None\n";
    let texts = |csv: &Csv, text: &str| csv.parse_texts::<i64>("t.csv", text);
    let expected =
        [("warm, \"funny\"", 1), ("slow", 0), ("NA", 2)].map(|(text, kind)| (text.to_owned(), kind));
    assert_eq!(texts(&csv, text).unwrap(), expected);
    let other = csv.clone().target("kind").drop_columns(["id"]);
    assert_eq!(
        texts(&other, "kind,id,review\ngood,7,\"a\nb\"\n").unwrap(),
        [("a\nb".to_owned(), 1)],
        "any order of the columns, and a text of two lines"
    );
    let chosen = csv.clone().columns(["review"]);
    assert_eq!(texts(&chosen, "id,review,kind\n7,a,bad\n").unwrap(), [("a".to_owned(), 0)]);

    let wrong = |csv: &Csv, text| texts(csv, text).unwrap_err().to_string();
    let missing = "a value is missing; `Csv::missing` leaves such rows out, or fills values in";
    assert_eq!(wrong(&csv, "review,kind\n\"\",bad\n"), format!("t.csv:2: column 1 (review): {missing}"));
    assert_eq!(wrong(&csv, "review,kind\na,\n"), format!("t.csv:2: column 2 (kind): {missing}"));
    assert_eq!(
        wrong(&csv, "review,kind\na,dull\n"),
        "t.csv:2: column 2 (kind): \"dull\" is not one of bad, good, None"
    );
    assert_eq!(wrong(&csv, "review,kind\na\n"), "t.csv:2: 1 fields, but there should be 2");
    assert!(wrong(&csv, "id,review,kind\n7,a,bad\n").starts_with("t.csv: 3 columns, but"));
    let dropped = csv.clone().missing(Missing::Drop);
    let text = "review,kind\n,bad\na,NA\nb,None\n";
    assert_eq!(texts(&dropped, text).unwrap(), [("b".to_owned(), 2)]);
    assert!(wrong(&csv.missing(Missing::Fill(0.0)), text).contains("a value is missing"));
}
