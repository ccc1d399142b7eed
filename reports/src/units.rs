//! Numbers as people read them: three significant digits, a unit that fits, no noise.

use crate::model::Spread;

/// Seconds with the unit that fits: `350 µs`, `11.2 ms`, `4.10 s`, `2 min 30 s`, `3 h 05 min`.
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if s <= 0.0 => "0 s".to_owned(),
        s if s < 999.5e-6 => format!("{} µs", significant(s * 1e6)),
        s if s < 0.9995 => format!("{} ms", significant(s * 1e3)),
        s if s < 119.5 => format!("{} s", significant(s)),
        s if s < 3_599.5 => {
            let s = s.round() as u64;
            format!("{} min {:02} s", s / 60, s % 60)
        }
        s => {
            let minutes = (s / 60.0).round() as u64;
            format!("{} h {:02} min", count(minutes / 60), minutes % 60)
        }
    }
}

/// Bytes with the binary unit that fits: `512 B`, `3.10 MiB`.
pub fn bytes(bytes: u64) -> String {
    let (divisor, unit) = binary_unit(bytes);
    if unit == "B" {
        format!("{bytes} B")
    } else {
        format!("{} {unit}", significant(bytes as f64 / divisor))
    }
}

/// The greatest binary unit in which `bytes` has at most three digits before the point, and its
/// size in bytes.
fn binary_unit(bytes: u64) -> (f64, &'static str) {
    const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut divisor = 1.0;
    for unit in UNITS {
        if bytes as f64 / divisor < 999.5 {
            return (divisor, unit);
        }
        divisor *= 1024.0;
    }
    (divisor, "EiB")
}

/// A count with its thousands apart: `10 432`.
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut spaced = String::with_capacity(digits.len() * 2);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            spaced.push(' ');
        }
        spaced.push(digit);
    }
    spaced
}

/// `1 run`, `50 runs`: a count with its noun.
pub fn plural(number: u64, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {noun}{s}", count(number))
}

/// The three figures of a spread in one unit, which is that of the greatest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaled {
    /// The least.
    pub min: String,
    /// The middle one.
    pub median: String,
    /// The greatest.
    pub max: String,
    /// The unit; empty for a count.
    pub unit: &'static str,
}

impl Scaled {
    /// Durations, in seconds or less.
    pub fn durations(spread: Spread<f64>) -> Self {
        let (factor, unit) = match spread.max {
            max if max >= 0.9995 => (1.0, "s"),
            max if max >= 999.5e-6 => (1e3, "ms"),
            _ => (1e6, "µs"),
        };
        Self::of(spread, |seconds| seconds * factor, unit)
    }

    /// Bytes, in a binary unit.
    pub fn bytes(spread: Spread<u64>) -> Self {
        let (divisor, unit) = binary_unit(spread.max);
        Self::of(spread, |bytes| bytes as f64 / divisor, unit)
    }

    /// Counts, each in full.
    pub fn counts(spread: Spread<u64>) -> Self {
        let Spread { min, median, max } = spread;
        Self { min: count(min), median: count(median), max: count(max), unit: "" }
    }

    fn of<T>(spread: Spread<T>, scale: impl Fn(T) -> f64, unit: &'static str) -> Self {
        let number = |figure| {
            let figure = scale(figure);
            let whole = unit == "B" || figure == 0.0;
            if whole { count(figure as u64) } else { significant(figure) }
        };
        let (min, median, max) = (number(spread.min), number(spread.median), number(spread.max));
        Self { min, median, max, unit }
    }

    /// Whether all runs show the same figure.
    pub fn is_constant(&self) -> bool {
        self.min == self.max
    }

    /// `number` with the unit.
    fn with_unit(&self, number: &str) -> String {
        if self.unit.is_empty() { number.to_owned() } else { format!("{number} {}", self.unit) }
    }

    /// The middle figure with its unit: `4.10 s`.
    pub fn middle(&self) -> String {
        self.with_unit(&self.median)
    }

    /// Least and greatest, without the unit: `3.90–4.60`; empty when they are the same.
    pub fn range(&self) -> String {
        if self.is_constant() { String::new() } else { format!("{}–{}", self.min, self.max) }
    }

    /// All three with the unit, `3.90/4.10/4.60 s`; or the one figure that all runs show.
    pub fn all(&self) -> String {
        if self.is_constant() {
            return self.middle();
        }
        self.with_unit(&format!("{}/{}/{}", self.min, self.median, self.max))
    }
}

/// A fraction in per cent: `6 %`, `5.8 %`, `0.0012 %`. Never rounded to all or nothing.
pub fn percent(fraction: f64) -> String {
    format!("{} %", percent_number(fraction))
}

/// [`percent`] without the sign.
pub fn percent_number(fraction: f64) -> String {
    let percent = fraction * 100.0;
    // Close to 100 % it is the distance from it that has two digits.
    let near_all = percent > 99.0 && percent < 100.0;
    let digits = if near_all { 100.0 - percent } else { percent };
    let decimals = decimals(digits, 2).min(12);
    let text = format!("{percent:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Three significant digits; whole from 100 on.
fn significant(x: f64) -> String {
    if x >= 999.5 {
        return count(x.round() as u64);
    }
    let decimals = decimals(x, 3);
    format!("{x:.decimals$}")
}

/// Decimals that show `digits` significant digits of `x`.
fn decimals(x: f64, digits: i32) -> usize {
    if x <= 0.0 {
        return 0;
    }
    // Of the number as it will be rounded: 9.996 has as many as 10.
    let rounded: f64 = format!("{x:.*e}", (digits - 1) as usize).parse().unwrap_or(x);
    let exponent = rounded.log10().floor() as i32;
    (digits - 1 - exponent).max(0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_the_unit_that_fits() {
        assert_eq!(duration(0.0), "0 s");
        assert_eq!(duration(0.000_35), "350 µs");
        assert_eq!(duration(0.011_24), "11.2 ms");
        assert_eq!(duration(0.999_6), "1.00 s");
        assert_eq!(duration(4.1), "4.10 s");
        assert_eq!(duration(99.96), "100 s");
        assert_eq!(duration(150.0), "2 min 30 s");
        assert_eq!(duration(3_599.9), "1 h 00 min");
        assert_eq!(duration(11_100.0), "3 h 05 min");
    }

    #[test]
    fn bytes_have_the_unit_that_fits() {
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_000), "0.977 KiB");
        assert_eq!(bytes(3_250_586), "3.10 MiB");
        assert_eq!(bytes(u64::MAX), "16.0 EiB");
    }

    #[test]
    fn a_spread_has_one_unit() {
        let spread = Spread { min: 0.9, median: 1.5, max: 12.0 };
        assert_eq!(Scaled::durations(spread).all(), "0.900/1.50/12.0 s");
        let spread = Spread { min: 0, median: 500, max: 2_048 };
        assert_eq!(Scaled::bytes(spread).all(), "0/0.488/2.00 KiB");
        assert_eq!(Scaled::bytes(spread).range(), "0–2.00");
        let same = Spread { min: 11, median: 11, max: 11 };
        assert_eq!(Scaled::counts(same).all(), "11");
        assert_eq!(Scaled::counts(same).range(), "");
    }

    #[test]
    fn counts_have_their_thousands_apart() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(10_432), "10 432");
        assert_eq!(count(1_000_000), "1 000 000");
    }

    #[test]
    fn percentages_are_never_rounded_to_all_or_nothing() {
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(0.06), "6 %");
        assert_eq!(percent(0.058_155_2), "5.8 %");
        assert_eq!(percent(0.165_482), "17 %");
        assert_eq!(percent(0.000_012), "0.0012 %");
        assert_eq!(percent(0.999_95), "99.995 %");
        assert_eq!(percent(0.994_4), "99.44 %");
        assert_eq!(percent(1.0), "100 %");
    }
}
