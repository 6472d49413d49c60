//! The overview of twenty zaken: putting it together, and the whole signed call against the demo.

fn main() {
    divan::main();
}

#[cfg(test)]
#[expect(
    dead_code,
    reason = "shared with the integration tests, which use all of it"
)]
#[path = "../tests/it/harness.rs"]
mod harness;

#[cfg(test)]
mod overview {
    use divan::{Bencher, black_box};
    use http::Method;
    use serde_json::{Value, json};
    use zijspan::domain::{Actor, Bsn, Identity, LevelOfAssurance, SiteId, Subject};
    use zijspan::upstream::zgw::zaken::{Want, ZakenQuery};

    use crate::harness::World;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap()
    }

    async fn world() -> World {
        World::with(|args| args.zaken = Some(20)).await
    }

    /// From decoded zaken and rollen to the JSON of the part: gate, catalogue in memory, track & trace,
    /// handles, filters. No source is asked.
    #[divan::bench]
    fn assembles_20_zaken(bencher: Bencher) {
        let runtime = runtime();
        let world = runtime.block_on(world());
        let api = world.demo.as_ref().unwrap().app.api();
        let site = &api.sites[&SiteId::parse("demo").unwrap()];
        let bsn = world.ready["persons"][0]["bsn"].as_str().unwrap();
        let identity = Identity {
            on_behalf_of: Subject::Burger(Bsn::parse(bsn).unwrap()),
            actor: Actor::Self_,
            mandate: None,
            loa: LevelOfAssurance::SUBSTANTIAL,
            means: zijspan::domain::Means::National,
            label: None,
        };
        let viewing = api.viewing(site, &identity, [7; 32]);
        let zaken = &site.mijn.zaken;
        let query = ZakenQuery {
            subject: &identity.on_behalf_of,
            want: Want::OpenFirst(20),
        };
        let source = &zaken.sources()[0];
        let answer = runtime
            .block_on(source.zgw.zaken_of(&query, &viewing.asker))
            .unwrap();
        let assemble = |answer| async {
            let part = zaken.list_of(&viewing, &Value::Null, vec![answer]).await;
            part.data()
                .map_or_else(String::new, |data| data.get().to_owned())
        };
        // The first time reads the catalogue.
        let text = runtime.block_on(assemble(answer.clone()));
        let part: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(part["zaken"].as_array().unwrap().len(), 20, "{part}");
        runtime.block_on(world.clear_calls());
        bencher
            .with_inputs(|| answer.clone())
            .bench_values(|answer| black_box(runtime.block_on(assemble(answer))));
        let calls = runtime.block_on(world.calls());
        assert_eq!(calls.count, 0, "a source was asked: {calls:?}");
        runtime.block_on(world.stop());
    }

    fn page(bencher: Bencher, parts: &Value) {
        let runtime = runtime();
        let world = runtime.block_on(world());
        let token = runtime.block_on(world.log_in(0));
        let body = json!({"budget_ms": 10_000, "parts": parts});
        let call = || async {
            let answer = world
                .json(Method::POST, "/v1/page", Some(&token), &body)
                .await;
            assert_eq!(answer.status, 200);
            answer.body
        };
        // The first time reads the catalogue.
        runtime.block_on(call());
        bencher.bench(|| black_box(runtime.block_on(call())));
        runtime.block_on(world.stop());
    }

    /// `POST /v1/page` over loopback, signed and verified both ways, with two calls to the sandbox in the
    /// same process.
    #[divan::bench]
    fn signed_page_of_20_zaken(bencher: Bencher) {
        page(
            bencher,
            &json!([{"id": "p", "kind": "zaken", "params": {}}]),
        );
    }

    /// The same call without any part: signature, session and HTTP alone.
    #[divan::bench]
    fn signed_page_without_parts(bencher: Bencher) {
        page(bencher, &json!([]));
    }
}
