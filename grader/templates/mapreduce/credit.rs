//! The application `credit`: of a table of credit scores, the rows of each agency with a score above 400 in
//! 2023.

use contracts::mapreduce::{Application, Error, Values};

/// Counts, for each agency, the rows with a score above 400 in the year 2023.
///
/// An input is a table in CSV whose first line is `User ID,Agency,Year,Credit Score`. Line ends may be LF or
/// CRLF, and a name of an agency may have spaces in it, or be quoted (the crate `csv` knows all that). A row
/// that is no row is an error that names file and line.
pub struct Credit;

impl Application for Credit {
    /// Emits an agency for each row that counts.
    fn map(
        &self,
        file: &str,
        contents: &str,
        emit: &mut dyn FnMut(&str, &str),
    ) -> Result<(), Error> {
        todo!("emit the agency of each row that counts")
    }

    /// The number of rows of this agency.
    fn reduce(&self, key: &str, values: &mut dyn Values) -> Result<String, Error> {
        todo!("count the rows of an agency")
    }
}
