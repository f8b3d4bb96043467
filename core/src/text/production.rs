//! Recognition of production by name: servers, folders and schemas that must not get fake data.

/// True if a path, host name or name of a schema contains `prod`, `prd` or `production` as a word, as in `prod1` or
/// `retail-prod`. Case is ignored; a change from lower to upper case also separates words.
#[must_use]
pub fn is_production(place: &str) -> bool {
    let is_prod = |word: &str| ["prod", "prd", "production"].iter().any(|prod| word.eq_ignore_ascii_case(prod));
    let mut word = String::new();
    for c in place.chars().chain(['/']) {
        let ends = !c.is_alphabetic() || (c.is_uppercase() && word.ends_with(char::is_lowercase));
        if ends {
            if is_prod(&word) {
                return true;
            }
            word.clear();
        }
        if c.is_alphabetic() {
            word.push(c);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_is_a_word_of_the_name() {
        for (place, expected) in [
            ("/inbound/BTC/retailData/prod/vendor/mySephoraLearningV2", true),
            ("/inbound/BTC/retailData/prod1/vendor", true),
            ("/inbound/retail-prod", true),
            ("/inbound/PROD/x", true),
            ("/inbound/retailProd/x", true),
            ("upload/prod_2", true),
            ("/production", true),
            ("prod", true),
            ("/inbound/BTC/retailData/dev1/vendor/mySephoraLearningV2", false),
            ("/inbound/BTC/retailData/qa1/vendor", false),
            ("/products/reproduce/proddy", false),
            ("sftp-prod.example.com", true),
            ("prod.sftp.example.com", true),
            ("sftp.prod2.example.com", true),
            ("SFTPPRD01.example.com", false),
            ("internal-sftp.sephoraus.com", false),
            ("products.example.com", false),
            ("127.0.0.1", false),
            ("retail_systems_prod.store_enablement", true),
            ("retail_systems_dev.products", false),
            ("", false),
        ] {
            assert_eq!(is_production(place), expected, "{place}");
        }
    }
}
