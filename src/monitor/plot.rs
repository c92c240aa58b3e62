//! Plots as one SVG, or as one HTML page that contains it: no scripts, fonts or other files.

use crate::file::atomic;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

type Curve = (String, Vec<(u64, f64)>);

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 52.0;
const BOTTOM: f64 = 56.0;
/// The colors of Okabe and Ito, which differ for color-blind people too.
const COLOURS: [&str; 8] =
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8f6d00", "#444444"];
/// A curve of more points is drawn by the least and the greatest of as many spans.
const SPANS: usize = 600;

/// A plot of the curves of a [`History`](super::History).
///
/// ```
/// use typegrad::monitor::History;
/// let mut history = History::new();
/// for step in 0..100 {
///     history.record(step, &[("loss", (-0.05 * step as f64).exp())]);
/// }
/// let svg = history.plot().title("Digits").x_label("epoch").log_y(true).to_svg();
/// assert!(svg.starts_with("<svg") && svg.contains("Digits"));
/// ```
#[derive(Clone, Debug)]
pub struct Plot<'h> {
    curves: &'h [Curve],
    only: Option<Vec<&'h str>>,
    title: String,
    x_label: String,
    log_y: bool,
}

impl<'h> Plot<'h> {
    pub(super) fn new(curves: &'h [Curve]) -> Self {
        Plot { curves, only: None, title: String::new(), x_label: "step".into(), log_y: false }
    }

    /// Sets the title.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets the label of the x axis, "step" by default.
    #[must_use]
    pub fn x_label(mut self, label: impl Into<String>) -> Self {
        self.x_label = label.into();
        self
    }

    /// Sets whether the y axis is logarithmic. Values of 0 and less are then not drawn.
    #[must_use]
    pub fn log_y(mut self, log: bool) -> Self {
        self.log_y = log;
        self
    }

    /// Draws only the curves of these names.
    #[must_use]
    pub fn only(mut self, names: &[&'h str]) -> Self {
        self.only = Some(names.to_vec());
        self
    }

    /// Writes an SVG file, whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save_svg(&self, path: impl AsRef<Path>) -> io::Result<()> {
        atomic::write(path.as_ref(), |writer| writer.write_all(self.to_svg().as_bytes()))
    }

    /// Writes a page for a browser, whole or not at all. It needs no network.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save_html(&self, path: impl AsRef<Path>) -> io::Result<()> {
        atomic::write(path.as_ref(), |writer| writer.write_all(self.to_html().as_bytes()))
    }

    /// The page: the plot, and a table of the first, the best and the last value of each curve.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut rows = String::new();
        for (_, (name, points)) in self.chosen() {
            let (first, last) = (points.first().map(|p| p.1), points.last().map(|p| p.1));
            let finite = || points.iter().map(|p| p.1).filter(|y| y.is_finite());
            let (least, greatest) = (finite().reduce(f64::min), finite().reduce(f64::max));
            let cells = [first, least, greatest, last].map(|y| y.map_or_else(String::new, value));
            let _ = writeln!(rows, "<tr><th>{}</th><td>{}</td></tr>", escape(name), cells.join("</td><td>"));
        }
        let title = if self.title.is_empty() { "Curves".to_owned() } else { escape(&self.title) };
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>\n\
             body {{ font-family: system-ui, sans-serif; margin: 2em auto; max-width: 800px; color: #222; \
             background: #fff; }}\n\
             svg {{ width: 100%; height: auto; }}\n\
             table {{ border-collapse: collapse; margin: 1em auto; font-variant-numeric: tabular-nums; }}\n\
             th, td {{ padding: 0.3em 1em; border-bottom: 1px solid #ddd; text-align: right; }}\n\
             th:first-child {{ text-align: left; }}\n\
             </style>\n</head>\n<body>\n{}\n<table>\n\
             <tr><th></th><th>first</th><th>least</th><th>greatest</th><th>last</th></tr>\n{rows}</table>\n\
             </body>\n</html>\n",
            self.to_svg(),
        )
    }

    /// The picture.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let shown = |y: f64| y.is_finite() && (!self.log_y || y > 0.0);
        let points = || self.chosen().flat_map(|(_, (_, points))| points).filter(|p| shown(p.1));
        let x = Scale::new(points().map(|p| p.0 as f64), false, (LEFT, WIDTH - RIGHT));
        let y = Scale::new(points().map(|p| p.1), self.log_y, (HEIGHT - BOTTOM, TOP));
        let (legend, height) = self.legend();
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
             height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"#333\">\n\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n"
        );
        if !self.title.is_empty() {
            let title = escape(&self.title);
            let _ = writeln!(
                svg,
                "<text x=\"{LEFT}\" y=\"24\" font-size=\"17\" font-weight=\"600\">{title}</text>"
            );
        }
        let (right, low) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for tick in y.ticks() {
            let (at, text) = (y.place(tick), value(tick));
            let _ = writeln!(
                svg,
                "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#e4e4e4\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>",
                LEFT - 9.0,
                at + 4.5,
            );
        }
        for tick in x.ticks().into_iter().filter(|tick| tick.fract() == 0.0) {
            let at = x.place(tick);
            let _ = writeln!(
                svg,
                "<path d=\"M{at:.1} {low}v5\" stroke=\"#888\"/>\
                 <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                low + 20.0,
                value(tick),
            );
        }
        let _ = writeln!(svg, "<path d=\"M{LEFT} {TOP}V{low}H{right}\" fill=\"none\" stroke=\"#888\"/>");
        let (middle, label) = (f64::midpoint(LEFT, right), escape(&self.x_label));
        let _ = writeln!(
            svg,
            "<text x=\"{middle}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
            HEIGHT - 12.0
        );
        for (i, (_, points)) in self.chosen() {
            let colour = COLOURS[i % COLOURS.len()];
            // A value that is not shown ends a line, and the next one begins another.
            for run in points.split(|point| !shown(point.1)).filter(|run| !run.is_empty()) {
                let places = thinned(run).into_iter().map(|p| (x.place(p.0 as f64), y.place(p.1)));
                if run.len() == 1 {
                    places.for_each(|(x, y)| {
                        let _ = writeln!(
                            svg,
                            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" fill=\"{colour}\"/>"
                        );
                    });
                } else {
                    let line: Vec<_> = places.map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
                    let _ = writeln!(
                        svg,
                        "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\" \
                         stroke-linejoin=\"round\"{}/>",
                        line.join(" "),
                        dashes(i),
                    );
                }
            }
        }
        svg.push_str(&legend);
        svg.push_str("</svg>");
        svg
    }

    /// The curves that are drawn, with their numbers, which say their colors.
    fn chosen(&self) -> impl Iterator<Item = (usize, &'h Curve)> {
        let curves: &'h [Curve] = self.curves;
        let chosen = |(name, _): &Curve| self.only.as_ref().is_none_or(|only| only.contains(&name.as_str()));
        curves.iter().enumerate().filter(move |(_, curve)| chosen(curve)).collect::<Vec<_>>().into_iter()
    }

    /// The names with their colors, and the height of the picture: in a row above it, from the right, or, where there
    /// is not enough room, in rows below it.
    fn legend(&self) -> (String, f64) {
        let short = |name: &str| {
            let short: String = name.chars().take(40).collect();
            if short == name { short } else { format!("{short}…") }
        };
        let width = |name: &str| 34.0 + 7.2 * name.chars().count() as f64;
        let names: Vec<_> = self.chosen().map(|(i, (name, _))| (i, short(name))).collect();
        let total: f64 = names.iter().map(|(_, name)| width(name)).sum();
        let above = total < WIDTH - LEFT - RIGHT - 10.0 * self.title.chars().count() as f64;
        let (mut x, mut y) = if above { (WIDTH - RIGHT - total, 24.0) } else { (LEFT, HEIGHT + 14.0) };
        let mut legend = String::new();
        for (i, name) in names {
            if !above && x > LEFT && x + width(&name) > WIDTH - RIGHT {
                (x, y) = (LEFT, y + 20.0);
            }
            let _ = writeln!(
                legend,
                "<path d=\"M{x:.1} {:.1}h18\" stroke=\"{}\" stroke-width=\"3\"{}/>\
                 <text x=\"{:.1}\" y=\"{y:.1}\">{}</text>",
                y - 4.5,
                COLOURS[i % COLOURS.len()],
                dashes(i),
                x + 24.0,
                escape(&name),
            );
            x += width(&name);
        }
        (legend, if above { HEIGHT } else { y + 14.0 })
    }
}

/// Lines are dashed where colors repeat.
fn dashes(curve: usize) -> &'static str {
    if curve < COLOURS.len() { "" } else { " stroke-dasharray=\"6 3\"" }
}

/// One axis: from values to positions.
struct Scale {
    log: bool,
    /// The least and the greatest value, as logarithms if the axis is logarithmic.
    values: (f64, f64),
    places: (f64, f64),
}

impl Scale {
    fn new(values: impl Iterator<Item = f64>, log: bool, places: (f64, f64)) -> Self {
        let values = values.map(|value| if log { value.log10() } else { value });
        let (mut low, mut high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            (low, high) = if log { (-1.0, 0.0) } else { (0.0, 1.0) };
        }
        let least = if log { 0.1 } else { 1e-6 * low.abs().max(high.abs()).max(1e-300) };
        if high - low < least {
            let half = if log { 0.5 } else { (0.5 * low.abs()).max(0.5 * f64::from(u8::from(low == 0.0))) };
            (low, high) = (low - half, high + half);
        }
        // The ends of an axis of f64 may be too far apart for their difference.
        if !(high - low).is_finite() {
            (low, high) = (low / 2.0, high / 2.0);
        }
        Scale { log, values: (low, high), places }
    }

    fn place(&self, value: f64) -> f64 {
        let value = if self.log { value.log10() } else { value };
        let part = ((value - self.values.0) / (self.values.1 - self.values.0)).clamp(0.0, 1.0);
        self.places.0 + part * (self.places.1 - self.places.0)
    }

    /// Round numbers, four to seven of them.
    fn ticks(&self) -> Vec<f64> {
        let (low, high) = self.values;
        if self.log && high - low > 0.9 {
            let step = ((high - low) / 6.0).ceil().max(1.0);
            let decades = linear_ticks(low, high, step).into_iter().map(|exponent| 10_f64.powf(exponent));
            if high - low > 1.6 {
                return decades.collect();
            }
            let between = (low.floor() as i32..=high.ceil() as i32)
                .flat_map(|exponent| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(exponent)));
            return between.filter(|tick| (low..=high).contains(&tick.log10())).collect();
        }
        let (low, high) = if self.log { (10_f64.powf(low), 10_f64.powf(high)) } else { (low, high) };
        let rough = (high - low) / 7.0;
        let magnitude = 10_f64.powf(rough.log10().floor());
        let step =
            [1.0, 2.0, 5.0, 10.0].map(|digit| digit * magnitude).into_iter().find(|step| *step >= rough);
        linear_ticks(low, high, step.unwrap_or(rough))
    }
}

fn linear_ticks(low: f64, high: f64, step: f64) -> Vec<f64> {
    let first = (low / step - 1e-9).ceil();
    let count = ((high - first * step) / step + 1e-9).floor();
    if !(0.0..=20.0).contains(&count) {
        return Vec::new();
    }
    (0..=count as u32).map(|i| (first + f64::from(i)) * step).collect()
}

/// At most two points for each span: what a picture of this size can show of a long curve.
fn thinned(points: &[(u64, f64)]) -> Vec<(u64, f64)> {
    if points.len() <= 2 * SPANS {
        return points.to_vec();
    }
    let order = |a: &&(u64, f64), b: &&(u64, f64)| a.1.total_cmp(&b.1);
    let mut kept = Vec::with_capacity(2 * SPANS);
    for span in points.chunks(points.len().div_ceil(SPANS)) {
        let ends = span.iter().min_by(order).zip(span.iter().max_by(order));
        if let Some((&least, &greatest)) = ends {
            kept.extend(if least.0 <= greatest.0 { [least, greatest] } else { [greatest, least] });
        }
    }
    kept
}

/// A number as short as it is exact enough: `0.25`, `1e-5`, `3.2e7`.
fn value(x: f64) -> String {
    let size = x.abs();
    if x == 0.0 {
        "0".into()
    } else if !x.is_finite() {
        x.to_string()
    } else if (1e-3..1e6).contains(&size) {
        let digits = (4 - size.log10().floor() as i32).clamp(0, 7) as usize;
        let text = format!("{x:.digits$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
    } else {
        let text = format!("{x:.3e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        format!("{digits}e{exponent}")
    }
}

/// Text in SVG and HTML. Characters that XML does not allow become a sign for them.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::History;

    fn history(values: &[f64]) -> History {
        let mut history = History::new();
        values.iter().enumerate().for_each(|(i, y)| history.record(i as u64, &[("y", *y)]));
        history
    }

    #[test]
    fn ticks_are_round_numbers() {
        let ticks = |low, high, log| {
            Scale::new([low, high].into_iter(), log, (0.0, 1.0))
                .ticks()
                .into_iter()
                .map(value)
                .collect::<Vec<_>>()
        };
        assert_eq!(ticks(0.0, 1.0, false), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(ticks(-3.0, 47.0, false), ["0", "10", "20", "30", "40"]);
        assert_eq!(ticks(1e-5, 1.0, true), ["1e-5", "1e-4", "0.001", "0.01", "0.1", "1"]);
        assert_eq!(ticks(0.12, 2.3, true), ["0.2", "0.5", "1", "2"]);
        assert_eq!(ticks(0.5, 0.7, true), ["0.5", "0.55", "0.6", "0.65", "0.7"]);
        assert_eq!(ticks(2.0, 2.0, false), ["1", "1.5", "2", "2.5", "3"]);
    }

    #[test]
    fn numbers_are_short() {
        let numbers = [0.25, 1e-5, 32_000_000.0, 1234.5678, -0.1 - 0.2, 120_000.0, f64::INFINITY];
        let texts = ["0.25", "1e-5", "3.2e7", "1234.6", "-0.3", "120000", "inf"];
        assert_eq!(numbers.map(value), texts);
    }

    #[test]
    fn a_value_that_is_nan_is_a_gap() {
        let svg = history(&[1.0, 2.0, f64::NAN, 3.0, 2.0, f64::INFINITY, 1.0]).plot().to_svg();
        assert_eq!((svg.matches("<polyline").count(), svg.matches("<circle").count()), (2, 1));
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
        let svg = history(&[1.0, 0.1, 0.0, -1.0, 0.01, 0.1]).plot().log_y(true).to_svg();
        assert_eq!(svg.matches("<polyline").count(), 2);
    }

    #[test]
    fn every_history_has_a_picture() {
        for values in [
            &[][..],
            &[f64::NAN],
            &[1.0],
            &[0.0, 0.0],
            &[f64::MIN, f64::MAX],
            &[f64::MIN_POSITIVE / 4.0, 1e-308],
            &[1e300, 1e300],
            &[-5.0, -5.0],
            &[1.0, 1.0 + f64::EPSILON],
        ] {
            for log in [false, true] {
                let svg = history(values).plot().log_y(log).to_svg();
                assert!(
                    svg.len() < 10_000 && !svg.contains("NaN") && !svg.contains("inf"),
                    "{values:?}\n{svg}"
                );
            }
        }
    }

    #[test]
    fn names_are_text_and_never_markup() {
        let mut history = History::new();
        history.record(0, &[("<script>alert('&\"')</script>\u{0}", 1.0)]);
        let html = history.plot().title("a < b").x_label("]]>").to_html();
        assert!(html.contains("&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;") && html.contains("a &lt; b"));
        assert!(!html.contains("<script") && !html.contains('\u{0}') && html.contains("]]&gt;"));
        // The name of the XML namespace is the only address.
        assert_eq!(html.matches("http").count(), 1);
    }

    #[test]
    fn a_long_curve_keeps_its_peaks() {
        let mut values = vec![0.5; 200_000];
        values[77_777] = 9.0;
        let history = history(&values);
        let svg = history.plot().to_svg();
        assert!(svg.len() < 40_000 && svg.contains(&format!(",{TOP:.1}")));
        assert_eq!(history.plot().only(&[]).to_svg().matches("<polyline").count(), 0);
    }
}
