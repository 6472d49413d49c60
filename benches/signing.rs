//! One signed exchange with 4 KiB each way: what the sidecar does for every page, without the page.

fn main() {
    divan::main();
}

#[cfg(test)]
mod exchange {
    use std::sync::Arc;

    use divan::{Bencher, black_box};
    use http::request::Parts;
    use zijspan::domain::{Clock, KeyId, SecretBytes, SiteId, Timestamp};
    use zijspan::signing::{
        AwaitedResponse, KeyPair, KeyTable, Nonce, OutgoingRequest, RequestHead, Scope, SigningKey,
        Verifier, Window, sign_request,
    };
    use zijspan::store::nonces::MemoryNonces;

    const BODY: usize = 4096;

    struct Sides {
        verifier: Verifier,
        nonces: MemoryNonces,
        request_key: SigningKey,
        response_key: SigningKey,
        now: Timestamp,
        body: Vec<u8>,
    }

    fn sides() -> Sides {
        let key = |id: &str, byte: u8| SigningKey {
            id: KeyId::parse(id).unwrap(),
            secret: SecretBytes::new((byte..byte + 32).collect()),
        };
        let (request_key, response_key) = (key("bench-request", 1), key("bench-response", 99));
        let pair = KeyPair::new(
            SiteId::parse("bench").unwrap(),
            [Scope::Pages],
            request_key.clone(),
            response_key.clone(),
        );
        let now = Timestamp::from_secs(1_795_510_800);
        let verifier = Verifier::new(
            Arc::new(KeyTable::new(vec![pair]).unwrap()),
            ["localhost:8480".to_owned()],
            Window::default(),
            Clock::manual(now),
        )
        .unwrap();
        Sides {
            verifier,
            nonces: MemoryNonces::volatile(usize::MAX),
            request_key,
            response_key,
            now,
            body: vec![b'a'; BODY],
        }
    }

    impl Sides {
        fn request(&self) -> (Parts, AwaitedResponse) {
            let outgoing = OutgoingRequest {
                method: "POST",
                authority: "localhost:8480",
                path: "/v1/page",
                query: None,
                authorization: Some("Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                content_type: Some("application/json"),
                body: &self.body,
            };
            let nonce = Nonce::random().unwrap();
            let signed = sign_request(&self.request_key, &outgoing, self.now, nonce).unwrap();
            let request = http::Request::post("/v1/page").header("host", "localhost:8480");
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            signed.apply(&mut parts.headers);
            (parts, signed.awaiting)
        }

        fn answer(&self, parts: &Parts) -> zijspan::signing::SignatureHeaders {
            let head = self
                .verifier
                .verify_head(&RequestHead::from(parts))
                .unwrap();
            let verified = head
                .verify_body(&self.body)
                .unwrap()
                .spend_nonce(&self.nonces)
                .unwrap();
            verified
                .responder()
                .sign(200, "application/json", &self.body)
                .unwrap()
        }
    }

    /// The sidecar's half: the request's MAC, digest and nonce, and the answer's digest and MAC.
    #[divan::bench]
    fn sidecar_verifies_and_signs(bencher: Bencher) {
        let sides = sides();
        bencher
            .with_inputs(|| sides.request().0)
            .bench_refs(|parts| black_box(sides.answer(parts)));
    }

    /// Both halves: as above, and the client's signature and its check of the answer.
    #[divan::bench]
    fn whole_exchange(bencher: Bencher) {
        let sides = sides();
        bencher.bench(|| {
            let (parts, awaiting) = sides.request();
            let mut headers = http::HeaderMap::new();
            headers.insert("content-type", "application/json".parse().unwrap());
            sides.answer(&parts).apply(&mut headers);
            awaiting.verify(&sides.response_key, 200, &headers, &sides.body)
        });
    }

    /// A request that nobody signed: what an attacker costs.
    #[divan::bench]
    fn refuses_a_false_mac(bencher: Bencher) {
        let sides = sides();
        let (mut parts, _) = sides.request();
        let input = parts.headers["signature-input"].to_str().unwrap();
        let other = input.replace("bench-request", "bench-nobody1");
        parts
            .headers
            .insert("signature-input", other.parse().unwrap());
        assert!(
            sides
                .verifier
                .verify_head(&RequestHead::from(&parts))
                .is_err()
        );
        bencher.bench(|| {
            sides
                .verifier
                .verify_head(&RequestHead::from(black_box(&parts)))
                .is_err()
        });
    }
}
