//! Numbers as people read them: three significant digits, a unit that fits, no noise.

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
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1024.0;
    let mut unit = 0;
    while size >= 999.5 {
        size /= 1024.0;
        unit += 1;
    }
    format!("{} {}", significant(size), UNITS[unit])
}

/// A count with its thousands apart: `10 432`. The space is one that does not break.
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut spaced = String::with_capacity(digits.len() * 2);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            spaced.push('\u{a0}');
        }
        spaced.push(digit);
    }
    spaced
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
fn decimals(x: f64, digits: usize) -> usize {
    if x <= 0.0 {
        return 0;
    }
    // Of the number as it will be rounded: 9.996 has as many as 10.
    let rounded: f64 = format!("{x:.*e}", digits - 1).parse().unwrap_or(x);
    let exponent = rounded.log10().floor() as i64;
    (digits as i64 - 1 - exponent).max(0) as usize
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
    fn counts_have_their_thousands_apart() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(10_432), "10\u{a0}432");
        assert_eq!(count(1_000_000), "1\u{a0}000\u{a0}000");
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
