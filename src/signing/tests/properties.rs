//! What holds for every request, not only for those somebody thought of.

use proptest::prelude::*;

use super::*;

/// Signs again, after the parameters were changed.
pub(super) fn resigned(wire: &Wire, signing: &SigningKey, params: &str) -> Wire {
    let covered = components::Covered::new(true, true);
    let head = RequestHead {
        method: &wire.method,
        uri: &wire.uri,
        headers: &wire.headers,
    };
    let received = components::RequestComponents::received(&head, covered).unwrap();
    let mut base = Base::default();
    for (name, value) in received.lines() {
        base.line(name, value);
    }
    let text = format!("{}{params}", covered.request_list());
    let mac = STANDARD.encode(base::sign(&signing.secret, &base.finish(&text)));
    let mut wire = wire.clone();
    wire.set("signature-input", format!("x={text}").as_bytes());
    wire.set("signature", format!("x=:{mac}:").as_bytes());
    wire
}

/// The parts of a request that a signature covers, or that make the signature.
const PARTS: [&str; 9] = [
    "method",
    "target",
    "body",
    "host",
    "authorization",
    "content-type",
    "content-digest",
    "signature-input",
    "signature",
];

impl Wire {
    fn part(&self, part: &str) -> Vec<u8> {
        match part {
            "method" => self.method.as_str().into(),
            "target" => self.uri.to_string().into(),
            "body" => self.body.clone(),
            name => self.headers.get(name).unwrap().as_bytes().to_vec(),
        }
    }
}

/// One bit of one part is changed. `None` when that is no HTTP any more, or means the same.
fn flipped(wire: &Wire, part: &'static str, at: usize, bit: u8) -> Option<Wire> {
    let before = wire.part(part);
    let mut after = before.clone();
    after[at] ^= 1 << bit;
    let mut changed = wire.clone();
    match part {
        "method" => changed.method = Method::from_bytes(&after).ok()?,
        "target" => changed.uri = Uri::try_from(after).ok()?,
        "body" => changed.body = after,
        "host" if after.eq_ignore_ascii_case(&before) => return None,
        name => {
            let value = HeaderValue::from_bytes(&after).ok()?;
            changed.headers.insert(HeaderName::from_static(name), value);
        }
    }
    Some(changed)
}

/// Not a sample: every bit of every part.
#[test]
fn any_one_bit_change_is_refused() {
    let (wire, _) = post(&key("wp-demo-1", 1), 1);
    let mut tried = 0;
    for part in PARTS {
        for at in 0..wire.part(part).len() {
            for bit in 0..8 {
                if let Some(changed) = flipped(&wire, part, at, bit) {
                    assert!(changed.verdict().is_err(), "{part} {changed:?}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 2000, "{tried}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_order_of_parameters_is_accepted(
        order in Just(vec![
            format!(";created={NOW}"),
            format!(";expires={}", NOW + 60),
            format!(";nonce=\"{}\"", Nonce::from_bytes([3; 16]).as_str()),
            ";keyid=\"wp-demo-1\"".to_owned(),
            ";tag=\"zijspan-request-v1\"".to_owned(),
            ";alg=\"hmac-sha256\"".to_owned(),
        ]).prop_shuffle(),
        left_out in 0usize..12,
    ) {
        let signing = key("wp-demo-1", 1);
        let (wire, _) = post(&signing, 1);
        prop_assert!(resigned(&wire, &signing, &order.concat()).verdict().is_ok());
        // Only alg may be missing.
        if let Some(gone) = order.get(left_out) {
            let fewer: String = order.iter().filter(|param| *param != gone).cloned().collect();
            let verdict = resigned(&wire, &signing, &fewer).verdict();
            prop_assert_eq!(verdict.is_ok(), gone.starts_with(";alg"), "{}", fewer);
        }
        // And none may stand there twice.
        if let Some(again) = order.get(left_out) {
            let more = format!("{}{again}", order.concat());
            prop_assert!(resigned(&wire, &signing, &more).verdict().is_err(), "{more}");
        }
    }

    #[test]
    fn any_text_in_the_fields_is_refused_without_a_panic(
        input in soup(), mac in soup(), digest in soup(), host in "[ -~]{0,30}",
    ) {
        let (mut wire, _) = post(&key("wp-demo-1", 1), 1);
        wire.set("content-digest", digest.as_bytes());
        wire.set("host", host.as_bytes());
        prop_assert!(wire.verdict().is_err());
        wire.set("signature-input", input.as_bytes());
        prop_assert!(wire.verdict().is_err());
        wire.set("signature", mac.as_bytes());
        prop_assert!(wire.verdict().is_err());
    }

    #[test]
    fn any_bytes_in_the_fields_are_refused_without_a_panic(
        part in 3..PARTS.len(), bytes in prop::collection::vec(field_byte(), 0..100),
    ) {
        let (mut wire, _) = post(&key("wp-demo-1", 1), 1);
        wire.set(PARTS[part], &bytes);
        prop_assert!(wire.verdict().is_err());
    }
}

/// Text that is nearly a signature field.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "zijspan=",
        "(",
        ")",
        "\"@method\"",
        "\"@path\"",
        " ",
        ";",
        ",",
        "=",
        ":",
        "\"",
        "\\",
        ";created=1790000000",
        ";expires=1790000060",
        ";nonce=\"AQEBAQEBAQEBAQEBAQEBAQ\"",
        ";keyid=\"wp-demo-1\"",
        ";tag=\"zijspan-request-v1\"",
        ":AAAA:",
        "?1",
        "1.5",
        "-1",
        "tok*en",
        "\t",
        "%\"",
        "@1",
        "a",
        "\u{e9}",
        "sha-256=",
        "9999999999999999",
    ]);
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

/// What HTTP lets through in a field value.
fn field_byte() -> impl Strategy<Value = u8> {
    prop_oneof![0x20u8..=0x7e, 0x80u8.., Just(b'\t')]
}
