//! Messages as bytes: serde through postcard.

use postcard::Error;
use serde::{Deserialize, Serialize};

/// Most messages of the labs fit in this many bytes without a second allocation.
const USUAL_SIZE: usize = 64;

/// The encoding of `value`.
pub(crate) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    postcard::to_extend(value, Vec::with_capacity(USUAL_SIZE))
}

/// The `T` that `bytes` encode. Bytes left over are an error: they mean another type was sent.
pub(crate) fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Error> {
    match postcard::take_from_bytes(bytes)? {
        (value, []) => Ok(value),
        _ => Err(Error::DeserializeBadEncoding),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_left_over_are_an_error() {
        let bytes = encode(&(1_u8, 2_u8)).unwrap();
        assert_eq!(decode::<(u8, u8)>(&bytes), Ok((1, 2)));
        assert_eq!(decode::<u8>(&bytes), Err(Error::DeserializeBadEncoding));
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes(value: (u64, Option<String>, Vec<(i32, bool)>, Result<u8, char>)) {
            let bytes = encode(&value).unwrap();
            prop_assert_eq!(decode::<(u64, Option<String>, Vec<(i32, bool)>, Result<u8, char>)>(&bytes), Ok(value));
        }

        #[test]
        fn any_bytes_decode_without_a_panic(bytes: Vec<u8>) {
            let _ = decode::<(u64, Option<String>, Vec<(i32, bool)>)>(&bytes);
        }
    }
}
