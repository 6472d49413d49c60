//! Keys that certain smart cards made can be factored (CVE-2017-15361). They show themselves: modulo every
//! small prime, such a modulus is a power of 65537. Of sound keys about one in 10^8 looks like that.

const GENERATOR: u64 = 65_537;

/// The primes of which the product is in keys of every size.
const PRIMES: [u64; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Whether a big-endian modulus has the form of those keys.
pub fn is_suspect(modulus: &[u8]) -> bool {
    PRIMES
        .iter()
        .all(|prime| is_power(remainder(modulus, *prime), *prime))
}

fn remainder(number: &[u8], of: u64) -> u64 {
    number
        .iter()
        .fold(0, |rest, byte| (rest * 256 + u64::from(*byte)) % of)
}

fn is_power(value: u64, prime: u64) -> bool {
    let mut power = 1;
    for _ in 0..prime {
        if power == value {
            return true;
        }
        power = power * (GENERATOR % prime) % prime;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modulus_of_that_form_is_suspect_and_others_are_not() {
        // 1 is the power of nought.
        assert!(is_suspect(&[1]));
        assert!(is_suspect(&[1, 0, 1]));
        assert!(!is_suspect(&[0xff; 256]));
        assert!(!is_suspect(&[6]));
        assert!(!is_suspect(&[2]));
    }
}
