//! The gate over a thousand zaken of one person.

fn main() {
    divan::main();
}

#[cfg(test)]
#[expect(
    dead_code,
    reason = "shared with the gate's tests, which use all of it"
)]
#[path = "../tests/it/gate/build.rs"]
mod build;

#[cfg(test)]
mod zaken {
    use divan::{Bencher, black_box};
    use zijspan::domain::Vertrouwelijkheid;
    use zijspan::domain::zgw::{Rol, Zaak};
    use zijspan::gate::{HiddenCounts, KnownZaaktype, fold, judge_zaak};
    use zijspan::policy::Policy;

    use crate::build::{initiator, jan, zaak, zaak_ref, zaaktype};

    const ZAKEN: u128 = 1000;

    /// Nine in ten are shown; every tenth is more confidential than the policy allows.
    fn zaken() -> Vec<(Zaak, Vec<Rol>)> {
        (1..=ZAKEN)
            .map(|n| {
                let level = if n % 10 == 0 {
                    Vertrouwelijkheid::Geheim
                } else {
                    Vertrouwelijkheid::Zaakvertrouwelijk
                };
                let zaak = Zaak {
                    vertrouwelijkheid: Some(level),
                    ..zaak(n)
                };
                let rol = Rol {
                    zaak: Some(zaak_ref(n)),
                    ..initiator()
                };
                (zaak, vec![rol])
            })
            .collect()
    }

    #[divan::bench]
    fn judges_1000_zaken(bencher: Bencher) {
        let (viewer, policy, zaaktype) = (jan(), Policy::default(), zaaktype());
        let known = KnownZaaktype {
            zaaktype: &zaaktype,
            domein: Some("PORTL"),
        };
        bencher.with_inputs(zaken).bench_values(|zaken| {
            let mut hidden = HiddenCounts::default();
            let shown: Vec<_> = zaken
                .into_iter()
                .filter_map(|(zaak, rollen)| {
                    judge_zaak(zaak, Some(known), &rollen, &viewer, &policy).or_count(&mut hidden)
                })
                .collect();
            assert_eq!(shown.len(), 900);
            black_box((fold(shown, &policy), hidden))
        });
    }
}
