//! The application `credit`, which the course asks for: of a table of credit scores, the rows of each
//! agency with a score above 400 in 2023.

use contracts::mapreduce::{Application, Error, Values, apps::WordCount};
use csv::{ByteRecord, ReaderBuilder};

/// The columns, as the header names them.
const HEADER: [&str; 4] = ["User ID", "Agency", "Year", "Credit Score"];
const YEAR: i64 = 2023;
/// A score must be above it.
const SCORE: i64 = 400;

/// Counts, for each agency, the rows with a score above 400 in 2023.
///
/// An input is a table in CSV (RFC 4180) whose first line is the header `User ID,Agency,Year,Credit
/// Score`. Lines may end in LF or CRLF, the last one need not end, empty lines do not count, fields may be
/// quoted and may have spaces around them, and a byte order mark may come first. A row that is anything
/// else is an error that names file and line. An empty file is an empty table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Credit;

impl Application for Credit {
    fn map(
        &self,
        file: &str,
        contents: &str,
        emit: &mut dyn FnMut(&str, &str),
    ) -> Result<(), Error> {
        let contents = contents.strip_prefix('\u{feff}').unwrap_or(contents);
        let mut rows =
            ReaderBuilder::new().has_headers(false).flexible(true).from_reader(contents.as_bytes());
        let mut row = ByteRecord::new();
        let mut header = true;
        while rows.read_byte_record(&mut row)? {
            let counted = fields(&row).and_then(|fields| match fields {
                None => Ok(None),
                Some(fields) if std::mem::take(&mut header) => check_header(&fields).map(|()| None),
                Some(fields) => counted(&fields),
            });
            match counted {
                Ok(Some(agency)) => emit(agency, "1"),
                Ok(None) => {}
                Err(why) => {
                    let start = row.position().map_or(0, |position| position.byte() as usize);
                    let line = line_at(contents, start);
                    return Err(format!("`{file}`, line {line}: {why}").into());
                }
            }
        }
        Ok(())
    }

    fn reduce(&self, key: &str, values: &mut dyn Values) -> Result<String, Error> {
        WordCount.reduce(key, values)
    }
}

/// A row's fields, without the spaces around them; none of an empty line.
fn fields(row: &ByteRecord) -> Result<Option<[&str; 4]>, String> {
    let texts: Result<Vec<&str>, String> = row.iter().map(field).collect();
    match texts?.as_slice() {
        [""] => Ok(None),
        &[user, agency, year, score] => Ok(Some([user, agency, year, score])),
        fields => Err(format!("expected {} fields, found {}", HEADER.len(), fields.len())),
    }
}

fn field(bytes: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "a field is not UTF-8".to_owned())?;
    let trimmed = text.trim();
    // It would be part of the text, and a comma after it would end the field.
    if text.starts_with(' ') && trimmed.starts_with('"') {
        return Err(format!("a quote after a space quotes nothing: {trimmed}"));
    }
    Ok(trimmed)
}

fn check_header(fields: &[&str; 4]) -> Result<(), String> {
    let same = fields.iter().zip(HEADER).all(|(field, name)| field.eq_ignore_ascii_case(name));
    let expected = || format!("expected the header `{}`", HEADER.join(","));
    if same { Ok(()) } else { Err(expected()) }
}

/// The agency for which a row counts.
fn counted<'a>(&[user, agency, year, score]: &[&'a str; 4]) -> Result<Option<&'a str>, String> {
    for (name, field) in [(HEADER[0], user), (HEADER[1], agency)] {
        if field.is_empty() {
            return Err(format!("the field {name} is empty"));
        }
    }
    let year = number(HEADER[2], year)?;
    let score = number(HEADER[3], score)?;
    Ok((year == YEAR && score > SCORE).then_some(agency))
}

fn number(name: &str, field: &str) -> Result<i64, String> {
    field.parse().map_err(|_| format!("the field {name} is no whole number: `{field}`"))
}

/// The number of the line, from 1, of the row that begins at or, past empty lines, after the byte
/// `start`.
fn line_at(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let empty = bytes[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let before = &bytes[..start + empty];
    let ends = (0..before.len()).filter(|&at| match before[at] {
        b'\n' => true,
        b'\r' => before.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    1 + ends.count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn counts(table: &str) -> Result<BTreeMap<String, u64>, String> {
        let mut counts = BTreeMap::new();
        let mut count = |agency: &str, _: &str| *counts.entry(agency.to_owned()).or_default() += 1;
        Credit.map("t.csv", table, &mut count).map_err(|error| error.to_string())?;
        Ok(counts)
    }

    fn of<const N: usize>(counts: [(&str, u64); N]) -> BTreeMap<String, u64> {
        counts.into_iter().map(|(agency, count)| (agency.to_owned(), count)).collect()
    }

    #[test]
    fn counts_scores_above_400_in_2023() {
        let table = "User ID,Agency,Year,Credit Score\n\
                     1,Equifax,2023,401\n2,Equifax,2023,400\n3,Equifax,2022,800\n4,Experian,2023,850\n";
        assert_eq!(counts(table), Ok(of([("Equifax", 1), ("Experian", 1)])));
    }

    #[test]
    fn tables_as_they_come() {
        let table = "\u{feff}user id, agency , year,credit score\r\n\r\n   \r\n\
                     1, Yellow Banana ,2023, 660 \r\n\
                     2,\"Yellow, \"\"Banana\"\"\",2023,\"660\"\r\n\
                     3,\"Two\r\nlines\",2023,660\r\n\n4,Equifax,2023,660";
        let expected = of([
            ("Yellow Banana", 1),
            ("Yellow, \"Banana\"", 1),
            ("Two\r\nlines", 1),
            ("Equifax", 1),
        ]);
        assert_eq!(counts(table), Ok(expected));
        assert_eq!(counts(""), Ok(of([])));
        assert_eq!(counts("\n\n"), Ok(of([])));
        assert_eq!(counts("User ID,Agency,Year,Credit Score"), Ok(of([])));
    }

    #[test]
    fn a_row_that_is_none_is_named() {
        let refused = |rows: &str| counts(&format!("User ID,Agency,Year,Credit Score\n{rows}"));
        for (rows, why) in [
            ("1,Equifax,2023,660\n2,Equifax,2023\n", "line 3: expected 4 fields, found 3"),
            ("\r\n\r\n1,Equifax,2023,660,9", "line 4: expected 4 fields, found 5"),
            (
                "1,\"a\nb\",2023,660\n2,Equifax,2023,high",
                "line 4: the field Credit Score is no whole number: `high`",
            ),
            ("1,Equifax,,660", "line 2: the field Year is no whole number: ``"),
            ("1,,2023,660", "line 2: the field Agency is empty"),
            ("1, \"Yellow\",2023,660", "line 2: a quote after a space quotes nothing: \"Yellow\""),
            ("1,\"Equifax,2023,660\n2,Equifax,2023,660\n", "line 2: expected 4 fields, found 2"),
        ] {
            assert_eq!(refused(rows), Err(format!("`t.csv`, {why}")), "{rows:?}");
        }
        let header = "`t.csv`, line 1: expected the header `User ID,Agency,Year,Credit Score`";
        assert_eq!(counts("1,Equifax,2023,660\n"), Err(header.to_owned()));
    }
}
