//! Acting for another, from the claims to what is shown: the deepest represented party's, within what the
//! policy says that the mandate opens, or nothing.

use proptest::prelude::*;
use serde_json::{Value, json};
use zijspan::domain::zgw::{Betrokkene, Rol, Zaak};
use zijspan::domain::{
    Identity, LevelOfAssurance, Mandate, MandateKind, MandateScope, ResourceKind, Subject,
};
use zijspan::gate::{HiddenCounts, KnownZaaktype, Reason, ShownZaak, Verdict, Viewer, judge_zaak};
use zijspan::identity::claims::ClaimMap;
use zijspan::policy::{Mandaten, Module, Policy};

use super::build::*;

fn services(names: &[&str]) -> MandateScope {
    MandateScope::Services(names.iter().map(|name| (*name).to_owned()).collect())
}

/// Judges a zaak of this type.
fn judge_typed(
    identificatie: &str,
    rollen: &[Rol],
    viewer: &Viewer,
    policy: &Policy,
) -> Verdict<ShownZaak> {
    let zaaktype = zijspan::domain::zgw::Zaaktype {
        identificatie: Some(identificatie.to_owned()),
        ..zaaktype()
    };
    let known = KnownZaaktype {
        zaaktype: &zaaktype,
        domein: Some("PORTL"),
    };
    judge_zaak(zaak(1), Some(known), rollen, viewer, policy)
}

fn why(viewer: &Viewer, policy: &Policy) -> Option<Reason> {
    judge(zaak(1), &[initiator()], viewer, policy).reason()
}

fn rules(bewind: bool, zonder_dienst: bool) -> Policy {
    Policy {
        mandaten: Mandaten {
            bewind,
            zonder_dienst,
            diensten: vec![],
        },
        ..Policy::default()
    }
}

fn bewind(scope: MandateScope) -> Viewer {
    Viewer {
        mandate: Some(Mandate {
            kind: MandateKind::Bewind,
            scope,
        }),
        ..for_jan()
    }
}

#[test]
fn a_service_opens_what_the_policy_maps_it_to_and_nothing_else() {
    let policy = mapped(Policy::default());
    let of = |names: &[&str]| for_jan_with(services(names));
    assert_eq!(why(&of(&[DIENST]), &policy), None);
    assert_eq!(why(&of(&[&DIENST.to_uppercase()]), &policy), None);
    // The other name of the same service is not in the policy: that takes nothing away.
    assert_eq!(
        why(&of(&["urn:etoegang:DV:1:services:9", DIENST]), &policy),
        None
    );
    for unknown in [&["urn:other"][..], &[""], &[]] {
        assert_eq!(
            why(&of(unknown), &policy),
            Some(Reason::MandaatDienstOnbekend),
            "{unknown:?}"
        );
    }
    assert_eq!(
        why(&of(&[DIENST]), &Policy::default()),
        Some(Reason::MandaatDienstOnbekend)
    );
    let other = judge_typed("ZT-2", &[initiator()], &of(&[DIENST]), &policy);
    assert_eq!(other.reason(), Some(Reason::Mandaat));
}

#[test]
fn a_zaaktype_that_is_not_known_belongs_to_no_service() {
    let policy = mapped(Policy::default());
    let judge = |known: Option<KnownZaaktype<'_>>| {
        judge_zaak(zaak(1), known, &[initiator()], &for_jan(), &policy).reason()
    };
    let zaaktype = zaaktype();
    let of = |domein| {
        Some(KnownZaaktype {
            zaaktype: &zaaktype,
            domein,
        })
    };
    assert_eq!(judge(of(Some("PORTL"))), None);
    assert_eq!(judge(None), Some(Reason::Mandaat));
    // The same identificatie in another catalogue, or in one that could not be asked.
    assert_eq!(judge(of(Some("ANDER"))), Some(Reason::Mandaat));
    assert_eq!(judge(of(None)), Some(Reason::Mandaat));
    // A catalogue's answer about another zaaktype than this zaak's.
    let elsewhere = Zaak {
        zaaktype: Some(reference(ResourceKind::Zaaktype, 9)),
        ..zaak(1)
    };
    let verdict = judge_zaak(
        elsewhere,
        of(Some("PORTL")),
        &[initiator()],
        &for_jan(),
        &policy,
    );
    assert_eq!(verdict.reason(), Some(Reason::Mandaat));
}

#[test]
fn what_lies_outside_the_mandate_is_not_counted_whatever_else_would_hide_it() {
    let policy = mapped(Policy::default());
    let expired = geldig(initiator(), None, Some(jiff::civil::date(2026, 1, 1)));
    let mut hidden = HiddenCounts::default();
    for rollen in [vec![], vec![initiator()], vec![expired.clone()]] {
        let verdict = judge_typed("ZT-2", &rollen, &for_jan(), &policy);
        assert_eq!(verdict.reason(), Some(Reason::Mandaat));
        assert!(verdict.or_count(&mut hidden).is_none());
    }
    assert!(hidden.is_empty());
    // Within the mandate the reason is the usual one.
    let verdict = judge_typed("ZT-1", &[expired], &for_jan(), &policy);
    assert_eq!(verdict.reason(), Some(Reason::RolVerlopen));
}

#[test]
fn without_a_service_only_a_policy_that_says_so_opens_anything() {
    let unstated = for_jan_with(MandateScope::Unstated);
    assert_eq!(
        why(&unstated, &Policy::default()),
        Some(Reason::MandaatZonderDienst)
    );
    assert_eq!(
        why(&unstated, &rules(true, false)),
        Some(Reason::MandaatZonderDienst)
    );
    assert_eq!(why(&unstated, &rules(false, true)), None);
    let unclear = for_jan_with(MandateScope::Unclear);
    assert_eq!(
        why(&unclear, &rules(true, true)),
        Some(Reason::MandaatOnduidelijk)
    );
    let none = Viewer {
        mandate: None,
        ..for_jan()
    };
    assert_eq!(
        why(&none, &rules(true, true)),
        Some(Reason::MandaatOntbreekt)
    );
    // Nobody acts for another without the policy's leave, not even by default.
    for viewer in [
        &unstated,
        &unclear,
        &none,
        &for_jan(),
        &bewind(MandateScope::Unstated),
    ] {
        assert!(why(viewer, &Policy::default()).is_some());
    }
}

#[test]
fn bewind_is_the_policys_to_allow_and_its_service_still_limits() {
    let unstated = bewind(MandateScope::Unstated);
    assert_eq!(
        why(&unstated, &rules(false, true)),
        Some(Reason::MandaatBewind)
    );
    assert_eq!(why(&unstated, &rules(true, false)), None);
    let service = bewind(services(&[DIENST]));
    assert_eq!(
        why(&service, &mapped(Policy::default())),
        Some(Reason::MandaatBewind)
    );
    assert_eq!(
        why(&service, &rules(true, true)),
        Some(Reason::MandaatDienstOnbekend)
    );
    let mut policy = mapped(Policy::default());
    policy.mandaten.bewind = true;
    assert_eq!(why(&service, &policy), None);
}

#[test]
fn a_service_can_leave_a_module_out() {
    let mut policy = mapped(Policy::default());
    policy.mandaten.diensten[0].modules.zaken = false;
    let viewer = for_jan();
    assert_eq!(
        viewer.reach(&policy).module(Module::Zaken),
        Err(Reason::MandaatModule)
    );
    assert_eq!(why(&viewer, &policy), Some(Reason::Mandaat));
}

// From the claims.

const SERVICE: &str = "urn:uuid:3f1c0a52";

/// Somebody of the made-up world, with the rol that a register would have of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Party(&'static str, &'static str);

const WORLD: [Party; 8] = [
    Party("BSN", JAN),
    Party("BSN", ANDER),
    Party("legacy-BSN", "111222333"),
    Party("KvKnr", KVK),
    Party("KvKnr", ANDER_KVK),
    Party("RSIN", RSIN),
    // Digits that are also those of a BSN: another kind of number is another party.
    Party("RSIN", ANDER_RSIN),
    Party("pseudonym", "p"),
];

impl Party {
    fn rollen(self) -> Vec<Rol> {
        let Self(kind, number) = self;
        let betrokkenen = match kind {
            "BSN" | "legacy-BSN" => vec![persoon(number)],
            "KvKnr" => vec![
                nnp(Some(number), None, None),
                nnp(Some(number), None, Some(VESTIGING)),
                vestiging(Some(number), Some(VESTIGING)),
            ],
            "RSIN" => vec![nnp(None, Some(number), None)],
            _ => vec![Betrokkene::Ander(number.to_owned())],
        };
        let soorten = [
            "initiator",
            "belanghebbende",
            "mede_initiator",
            "gemachtigde",
        ];
        let of = |betrokkene: &Betrokkene| soorten.map(|soort| rol(betrokkene.clone(), soort));
        betrokkenen.iter().flat_map(of).collect()
    }

    fn is(self, subject: &Subject) -> bool {
        let Self(kind, number) = self;
        match subject {
            Subject::Burger(bsn) => kind.ends_with("BSN") && bsn.expose() == number,
            Subject::Onderneming(own) => match kind {
                "KvKnr" => own.kvk().is_some_and(|kvk| kvk.expose() == number),
                "RSIN" => own.rsin().is_some_and(|rsin| rsin.expose() == number),
                _ => false,
            },
            Subject::Pseudoniem(_) => false,
        }
    }
}

fn nlgov(chain: &[Party], scope: &Value) -> Value {
    let mut deepest: Option<Value> = None;
    for Party(kind, sub) in chain.iter().rev() {
        let mut node = json!({"iss": "urn:uuid:1", "sub": sub,
            "sub_id_type": format!("urn:nl-eid-gdi:1.0:id:{kind}")});
        if let Some(inner) = deepest.take() {
            node["represents"] = inner;
        }
        deepest = Some(node);
    }
    let mut claims = deepest.unwrap();
    claims["scope"] = scope.clone();
    claims
}

fn read(preset: &str, claims: &Value) -> Option<Identity> {
    let map = ClaimMap::preset(preset).unwrap();
    map.identity(claims.as_object().unwrap(), LevelOfAssurance::SUBSTANTIAL)
        .ok()
}

fn any_scope() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!("openid"),
        json!(format!("openid {SERVICE}")),
        json!("openid urn:uuid:other"),
        json!(format!("{SERVICE} urn:uuid:other")),
        json!([SERVICE]),
        Value::Null,
    ])
}

prop_compose! {
    /// With or without a mapping of the service to ZT-1.
    fn any_policy()(bewind: bool, zonder_dienst: bool, mapping: bool, all_rollen: bool) -> Policy {
        let mut policy = if mapping { mapped(Policy::default()) } else { Policy::default() };
        if let Some(dienst) = policy.mandaten.diensten.first_mut() {
            dienst.dienst = SERVICE.to_owned();
        }
        policy.mandaten.bewind = bewind;
        policy.mandaten.zonder_dienst = zonder_dienst;
        if all_rollen {
            policy.rollen = zijspan::policy::RolSoort::ALL.to_vec();
        }
        policy
    }
}

/// Every zaak of everybody, with the party whose it is and its type; which of them this login sees.
fn shown(identity: &Identity, policy: &Policy) -> Vec<(Party, &'static str)> {
    let viewer = Viewer::of(identity, TODAY);
    let mut shown = Vec::new();
    for party in WORLD {
        for zaaktype in ["ZT-1", "ZT-2"] {
            for rol in party.rollen() {
                if judge_typed(zaaktype, &[rol], &viewer, policy).is_shown() {
                    shown.push((party, zaaktype));
                }
            }
        }
    }
    shown
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// One who logs in and up to four behind them.
    #[test]
    fn a_chain_shows_the_deepest_partys_or_nothing(
        chain in prop::collection::vec(prop::sample::select(WORLD.to_vec()), 1..=5),
        scope in any_scope(), policy in any_policy(),
    ) {
        let Some(identity) = read("nlgov", &nlgov(&chain, &scope)) else {
            return Ok(());
        };
        let deepest = *chain.last().unwrap();
        for (party, zaaktype) in shown(&identity, &policy) {
            prop_assert_eq!(party, deepest);
            prop_assert!(party.is(&identity.on_behalf_of));
            if !identity.acts_for_another() {
                continue;
            }
            let mandate = identity.mandate.as_ref().unwrap();
            let mapped = !policy.mandaten.diensten.is_empty();
            let allowed = match &mandate.scope {
                MandateScope::Services(names) => mapped && names == &[SERVICE.to_owned()] && zaaktype == "ZT-1",
                MandateScope::Unstated => policy.mandaten.zonder_dienst || mandate.kind == MandateKind::Bewind,
                MandateScope::Unclear => false,
            };
            prop_assert!(allowed, "{:?} {}", mandate, zaaktype);
            prop_assert!(mandate.kind != MandateKind::Bewind || policy.mandaten.bewind);
        }
    }

    /// The same through the claims of the other presets, where they can say it.
    #[test]
    fn other_presets_show_the_represented_partys_or_nothing(
        for_whom in prop::sample::select(WORLD.to_vec()), who in prop::sample::select(WORLD.to_vec()),
        service in prop::option::of(prop::sample::select(vec![SERVICE, "urn:uuid:other"])),
        preset in prop::sample::select(vec!["signicat", "maykin", "keycloak"]), policy in any_policy(),
    ) {
        let mut claims = json!({"sub": who.1});
        let both = [(for_whom, true), (who, false)];
        for (Party(kind, number), represented) in both {
            let kind = kind.trim_start_matches("legacy-");
            let name = match (preset, kind, represented) {
                ("signicat", "BSN", true) => "nin",
                ("signicat", "BSN", false) => "acting_nin",
                ("signicat", "KvKnr", true) => "chamber_of_commerce",
                ("signicat", "KvKnr", false) => "eherkenning_intermediate_kvk_nr",
                ("signicat", "RSIN", true) => "eherkenning_rsin",
                ("maykin", "BSN", true) => "urn:nl-eid-gdi:1.0:LegalSubjectID",
                ("maykin", "BSN", false) => "urn:nl-eid-gdi:1.0:ActingSubjectID",
                ("maykin", "KvKnr", false) => "urn:etoegang:1.9:IntermediateEntityID:KvKnr",
                ("maykin", "KvKnr" | "RSIN", true) => {
                    claims["namequalifier"] = json!(format!("urn:etoegang:1.9:EntityConcernedID:{kind}"));
                    "urn:etoegang:core:LegalSubjectID"
                }
                ("keycloak", "BSN" | "KvKnr" | "RSIN", _) => {
                    let outer = if represented { "aanvrager" } else { "gemachtigde" };
                    let inner = if kind == "KvKnr" { "kvk".to_owned() } else { kind.to_lowercase() };
                    claims[outer] = json!({ inner: number });
                    continue;
                }
                _ => continue,
            };
            claims[name] = json!(number);
        }
        if let Some(service) = service {
            claims["urn:etoegang:core:ServiceUUID"] = json!(service);
        }
        let Some(identity) = read(preset, &claims) else {
            return Ok(());
        };
        for (party, zaaktype) in shown(&identity, &policy) {
            prop_assert_eq!(party, for_whom);
            if identity.acts_for_another() && service.is_some() {
                prop_assert_eq!((service, zaaktype), (Some(SERVICE), "ZT-1"));
                prop_assert!(!policy.mandaten.diensten.is_empty());
            }
        }
    }

    /// A login for one branch sees that branch's and nothing of another or of the whole.
    #[test]
    fn a_branch_never_sees_another(
        own in prop::sample::select(vec![VESTIGING, ANDERE_VESTIGING]),
        rsin: bool, kvk in prop::option::of(prop::sample::select(vec![KVK, ANDER_KVK])),
        in_rol in prop::option::of(prop::sample::select(vec![VESTIGING, ANDERE_VESTIGING])),
        rol_rsin: bool, as_branch: bool,
    ) {
        let viewer = company(rsin.then_some(RSIN), Some(own));
        let betrokkene = if as_branch {
            vestiging(kvk, in_rol)
        } else {
            nnp(kvk, rol_rsin.then_some(RSIN), in_rol)
        };
        let verdict = judge_typed("ZT-1", &[rol(betrokkene, "initiator")], &viewer, &Policy::default());
        prop_assert_eq!(verdict.is_shown(), kvk == Some(KVK) && in_rol == Some(own));
        let mut hidden = HiddenCounts::default();
        let shown = verdict.or_count(&mut hidden).is_some();
        // How many there are of another branch is not told either.
        prop_assert!(shown || hidden.is_empty());
    }
}
