//! Every rule about one rol, as a table of named tests.

use jiff::civil::date;
use zijspan::domain::LevelOfAssurance;
use zijspan::domain::zgw::{Betrokkene, Rol};
use zijspan::gate::{Reason, RolVerdict, Viewer, counts, identifies_other};
use zijspan::policy::{Policy, RolSoort};

use super::build::*;

const INITIATOR: RolVerdict = RolVerdict::Counts(RolSoort::Initiator);
const BELANGHEBBENDE: RolVerdict = RolVerdict::Counts(RolSoort::Belanghebbende);
const GEMACHTIGDE: RolVerdict = RolVerdict::Counts(RolSoort::Gemachtigde);

const fn not(reason: Reason) -> RolVerdict {
    RolVerdict::Not(reason)
}

fn all_rollen() -> Policy {
    with_rollen(&RolSoort::ALL)
}

macro_rules! rules {
    ($($name:ident: $rol:expr, $viewer:expr, $policy:expr => $verdict:expr;)+) => {
        $(
            #[test]
            fn $name() {
                assert_eq!(counts(&$rol, &$viewer, &$policy), $verdict);
            }
        )+
    };
}

rules! {
    // Whose rol it is.
    an_initiator_counts: initiator(), jan(), Policy::default() => INITIATOR;
    another_persons_rol_does_not_count:
        rol(persoon(ANDER), "initiator"), jan(), Policy::default() => not(Reason::RolAnder);
    a_rol_without_a_number_does_not_count:
        rol(persoon(""), "initiator"), jan(), Policy::default() => not(Reason::RolZonderNummer);
    a_rol_with_an_invalid_number_does_not_count:
        rol(persoon("123456789"), "initiator"), jan(), Policy::default() => not(Reason::RolZonderNummer);
    a_betrokkene_of_unknown_kind_does_not_count:
        rol(Betrokkene::Onbekend, "initiator"), jan(), Policy::default() => not(Reason::RolZonderNummer);
    an_employee_does_not_count:
        rol(Betrokkene::Ander("medewerker".to_owned()), "initiator"), jan(), Policy::default()
        => not(Reason::RolAnder);
    a_company_is_no_person:
        rol(nnp(None, Some(ANDER_RSIN), None), "initiator"), viewer_with_bsn(ANDER_RSIN), Policy::default()
        => not(Reason::RolAnder);

    // In which capacity.
    the_case_of_the_generic_role_does_not_matter:
        rol(persoon(JAN), "Initiator"), jan(), Policy::default() => INITIATOR;
    an_empty_generic_role_does_not_count:
        rol(persoon(JAN), " "), jan(), all_rollen() => not(Reason::RolSoort);
    an_absent_generic_role_does_not_count:
        Rol { omschrijving_generiek: None, ..initiator() }, jan(), all_rollen() => not(Reason::RolSoort);
    an_unknown_generic_role_does_not_count:
        rol(persoon(JAN), "toeschouwer"), jan(), all_rollen() => not(Reason::RolSoort);
    a_behandelaar_does_not_count:
        rol(persoon(JAN), "behandelaar"), jan(), all_rollen() => not(Reason::RolSoort);
    a_mede_initiator_does_not_count:
        rol(persoon(JAN), "mede_initiator"), jan(), all_rollen() => not(Reason::RolSoort);
    a_belanghebbende_does_not_count_by_default:
        rol(persoon(JAN), "belanghebbende"), jan(), Policy::default() => not(Reason::RolSoort);
    a_belanghebbende_counts_by_policy:
        rol(persoon(JAN), "belanghebbende"), jan(), all_rollen() => BELANGHEBBENDE;
    an_initiator_does_not_count_where_the_policy_leaves_it_out:
        initiator(), jan(), with_rollen(&[RolSoort::Belanghebbende]) => not(Reason::RolSoort);
    nothing_counts_without_any_rol_in_the_policy:
        initiator(), jan(), with_rollen(&[]) => not(Reason::RolSoort);

    // Gemachtigde.
    a_gemachtigde_does_not_count_by_default:
        gemachtigd(rol(persoon(JAN), "belanghebbende"), "gemachtigde"), jan(), Policy::default()
        => not(Reason::RolSoort);
    an_initiator_marked_gemachtigde_does_not_count_as_initiator:
        gemachtigd(initiator(), "gemachtigde"), jan(), Policy::default() => not(Reason::RolSoort);
    a_gemachtigde_counts_by_policy:
        gemachtigd(initiator(), "Gemachtigde"), jan(), with_rollen(&[RolSoort::Gemachtigde]) => GEMACHTIGDE;
    a_gemachtigde_by_generic_role_counts_by_policy:
        rol(persoon(JAN), "gemachtigde"), jan(), with_rollen(&[RolSoort::Gemachtigde]) => GEMACHTIGDE;
    a_gemachtigde_by_generic_role_does_not_count_by_default:
        rol(persoon(JAN), "gemachtigde"), jan(), Policy::default() => not(Reason::RolSoort);
    a_behandelaar_marked_gemachtigde_does_not_count:
        gemachtigd(rol(persoon(JAN), "behandelaar"), "gemachtigde"), jan(), all_rollen()
        => not(Reason::RolSoort);
    an_unknown_indicatie_machtiging_does_not_count:
        gemachtigd(initiator(), "volmacht"), jan(), all_rollen() => not(Reason::RolSoort);
    an_empty_indicatie_machtiging_is_none:
        gemachtigd(initiator(), ""), jan(), Policy::default() => INITIATOR;
    a_machtiginggever_who_logs_in_sees_by_the_generic_role:
        gemachtigd(rol(persoon(JAN), "belanghebbende"), "machtiginggever"), jan(), Policy::default()
        => not(Reason::RolSoort);
    a_machtiginggever_who_is_initiator_counts:
        gemachtigd(initiator(), "machtiginggever"), jan(), Policy::default() => INITIATOR;

    // Acting for another: the represented party's rol.
    acting_for_another_the_represented_belanghebbende_counts:
        rol(persoon(JAN), "belanghebbende"), for_jan(), Policy::default() => BELANGHEBBENDE;
    acting_for_another_the_machtiginggever_counts:
        gemachtigd(rol(persoon(JAN), "belanghebbende"), "machtiginggever"), for_jan(), Policy::default()
        => BELANGHEBBENDE;
    acting_for_another_a_machtiginggever_written_as_mede_initiator_counts:
        gemachtigd(rol(persoon(JAN), "mede_initiator"), "machtiginggever"), for_jan(), Policy::default()
        => BELANGHEBBENDE;
    a_machtiginggever_written_as_mede_initiator_counts_for_the_gemachtigde_only:
        gemachtigd(rol(persoon(JAN), "mede_initiator"), "machtiginggever"), jan(), all_rollen()
        => not(Reason::RolSoort);
    acting_for_another_a_mede_initiator_who_gave_no_mandate_does_not_count:
        rol(persoon(JAN), "mede_initiator"), for_jan(), all_rollen() => not(Reason::RolSoort);
    acting_for_another_an_initiator_does_not_count_where_the_policy_leaves_it_out:
        initiator(), for_jan(), with_rollen(&[]) => not(Reason::RolSoort);
    acting_for_another_a_behandelaar_does_not_count:
        rol(persoon(JAN), "behandelaar"), for_jan(), all_rollen() => not(Reason::RolSoort);
    acting_for_another_an_expired_belanghebbende_does_not_count:
        geldig(rol(persoon(JAN), "belanghebbende"), None, Some(date(2026, 11, 23))), for_jan(), all_rollen()
        => not(Reason::RolVerlopen);
    acting_for_another_the_represented_initiator_counts:
        initiator(), for_jan(), Policy::default() => INITIATOR;
    acting_for_another_the_actors_own_rol_does_not_count:
        gemachtigd(rol(persoon(ANDER), "initiator"), "gemachtigde"), for_jan(), all_rollen()
        => not(Reason::RolAnder);
    acting_for_another_a_mandate_of_the_represented_is_not_passed_on:
        gemachtigd(initiator(), "gemachtigde"), for_jan(), all_rollen() => not(Reason::Mandaat);

    // Validity.
    a_rol_that_starts_today_counts:
        geldig(initiator(), Some(TODAY), None), jan(), Policy::default() => INITIATOR;
    a_rol_that_starts_tomorrow_does_not_count:
        geldig(initiator(), Some(date(2026, 11, 25)), None), jan(), Policy::default()
        => not(Reason::RolNogNietGeldig);
    a_rol_that_ends_today_counts:
        geldig(initiator(), None, Some(TODAY)), jan(), Policy::default() => INITIATOR;
    a_rol_that_ended_yesterday_does_not_count:
        geldig(initiator(), None, Some(date(2026, 11, 23))), jan(), Policy::default()
        => not(Reason::RolVerlopen);
    a_rol_whose_validity_is_turned_around_does_not_count:
        geldig(initiator(), Some(date(2026, 12, 1)), Some(date(2026, 11, 1))), jan(), Policy::default()
        => not(Reason::RolNogNietGeldig);

    // Level.
    a_rol_at_the_level_of_the_session_counts:
        op_niveau(initiator(), SUBSTANTIEEL), jan(), Policy::default() => INITIATOR;
    a_rol_at_a_lower_level_counts:
        op_niveau(initiator(), BASIS), jan(), Policy::default() => INITIATOR;
    a_rol_at_a_higher_level_does_not_count:
        op_niveau(initiator(), HOOG), jan(), Policy::default() => not(Reason::RolNiveau);
    a_rol_at_an_unknown_level_does_not_count:
        op_niveau(initiator(), "urn:made-up"), jan(), Policy::default() => not(Reason::RolNiveau);
    a_rol_with_a_context_without_level_does_not_count:
        op_niveau(initiator(), ""), jan(), Policy::default() => not(Reason::RolNiveau);
    a_session_without_a_level_sees_no_rol_with_one:
        op_niveau(initiator(), BASIS), Viewer { loa: LevelOfAssurance::NONE, ..jan() }, Policy::default()
        => not(Reason::RolNiveau);

    // Companies.
    a_company_counts_by_kvk:
        rol(nnp(Some(KVK), None, None), "initiator"), company(None, None), Policy::default() => INITIATOR;
    another_company_does_not_count:
        rol(nnp(Some(ANDER_KVK), None, None), "initiator"), company(None, None), Policy::default()
        => not(Reason::RolAnder);
    a_company_without_any_number_does_not_count:
        rol(nnp(None, None, None), "initiator"), company(Some(RSIN), None), Policy::default()
        => not(Reason::RolZonderNummer);
    a_person_is_no_company:
        rol(persoon(RSIN), "initiator"), company(Some(RSIN), None), Policy::default()
        => not(Reason::RolAnder);
    an_rsin_counts_when_it_is_the_logins:
        rol(nnp(None, Some(RSIN), None), "initiator"), company(Some(RSIN), None), Policy::default()
        => INITIATOR;
    an_rsin_does_not_count_when_the_login_has_none:
        rol(nnp(None, Some(RSIN), None), "initiator"), company(None, None), Policy::default()
        => not(Reason::RolAnder);
    another_rsin_does_not_count:
        rol(nnp(None, Some(ANDER_RSIN), None), "initiator"), company(Some(RSIN), None), Policy::default()
        => not(Reason::RolAnder);
    a_right_kvk_with_a_wrong_rsin_does_not_count:
        rol(nnp(Some(KVK), Some(ANDER_RSIN), None), "initiator"), company(Some(RSIN), None), Policy::default()
        => not(Reason::RolAnder);
    a_right_rsin_with_a_wrong_kvk_does_not_count:
        rol(nnp(Some(ANDER_KVK), Some(RSIN), None), "initiator"), company(Some(RSIN), None), Policy::default()
        => not(Reason::RolAnder);

    // Known by RSIN alone.
    a_company_known_by_rsin_counts_by_rsin:
        rol(nnp(None, Some(RSIN), None), "initiator"), known_by(None, Some(RSIN), None), Policy::default()
        => INITIATOR;
    a_company_known_by_rsin_counts_beside_a_kvk_that_it_cannot_compare:
        rol(nnp(Some(KVK), Some(RSIN), None), "initiator"), known_by(None, Some(RSIN), None), Policy::default()
        => INITIATOR;
    a_company_known_by_rsin_does_not_count_by_kvk:
        rol(nnp(Some(KVK), None, None), "initiator"), known_by(None, Some(RSIN), None), Policy::default()
        => not(Reason::RolAnder);
    a_company_known_by_rsin_does_not_count_by_another_rsin:
        rol(nnp(Some(KVK), Some(ANDER_RSIN), None), "initiator"), known_by(None, Some(RSIN), None), Policy::default()
        => not(Reason::RolAnder);
    a_company_known_by_rsin_does_not_count_by_a_vestiging:
        rol(vestiging(Some(KVK), Some(VESTIGING)), "initiator"), known_by(None, Some(RSIN), None), Policy::default()
        => not(Reason::RolAnder);
    a_branch_of_a_company_known_by_rsin_cannot_be_proven:
        rol(nnp(Some(KVK), Some(RSIN), Some(VESTIGING)), "initiator"),
        known_by(None, Some(RSIN), Some(VESTIGING)), Policy::default() => not(Reason::Vestiging);

    // Under a pseudonym.
    a_pseudonym_has_no_rol:
        rol(persoon(JAN), "initiator"), pseudoniem(), all_rollen() => not(Reason::RolAnder);
    a_pseudonym_has_no_rol_without_number_either:
        rol(Betrokkene::Ander("JAN".to_owned()), "initiator"), pseudoniem(), all_rollen()
        => not(Reason::RolAnder);

    // Branches.
    a_whole_company_sees_its_branches:
        rol(nnp(Some(KVK), None, Some(VESTIGING)), "initiator"), company(None, None), Policy::default()
        => INITIATOR;
    a_whole_company_sees_a_betrokkene_vestiging:
        rol(vestiging(Some(KVK), Some(VESTIGING)), "initiator"), company(None, None), Policy::default()
        => INITIATOR;
    a_branch_sees_its_own_rol:
        rol(nnp(Some(KVK), None, Some(VESTIGING)), "initiator"), company(None, Some(VESTIGING)),
        Policy::default() => INITIATOR;
    a_branch_sees_its_own_betrokkene_vestiging:
        rol(vestiging(Some(KVK), Some(VESTIGING)), "initiator"), company(None, Some(VESTIGING)),
        Policy::default() => INITIATOR;
    a_branch_never_sees_a_company_wide_rol:
        rol(nnp(Some(KVK), None, None), "initiator"), company(None, Some(VESTIGING)), Policy::default()
        => not(Reason::Vestiging);
    a_branch_never_sees_a_company_wide_rol_by_rsin:
        rol(nnp(None, Some(RSIN), None), "initiator"), company(Some(RSIN), Some(VESTIGING)),
        Policy::default() => not(Reason::Vestiging);
    a_branch_never_sees_another_branch:
        rol(nnp(Some(KVK), None, Some(ANDERE_VESTIGING)), "initiator"), company(None, Some(VESTIGING)),
        Policy::default() => not(Reason::Vestiging);
    a_vestiging_without_its_kvk_does_not_count:
        rol(vestiging(None, Some(VESTIGING)), "initiator"), company(None, Some(VESTIGING)),
        Policy::default() => not(Reason::RolZonderNummer);
    a_vestigingsnummer_without_its_kvk_does_not_count:
        rol(nnp(None, None, Some(VESTIGING)), "initiator"), company(None, Some(VESTIGING)),
        Policy::default() => not(Reason::RolZonderNummer);
    an_rsin_does_not_prove_a_branch:
        rol(nnp(None, Some(RSIN), Some(VESTIGING)), "initiator"), company(Some(RSIN), Some(VESTIGING)),
        Policy::default() => not(Reason::Vestiging);
    a_vestiging_of_another_company_does_not_count:
        rol(vestiging(Some(ANDER_KVK), Some(VESTIGING)), "initiator"), company(None, Some(VESTIGING)),
        Policy::default() => not(Reason::RolAnder);

    // By URL.
    a_betrokkene_by_url_is_unprovable: by_url("initiator"), jan(), Policy::default() => RolVerdict::Unprovable;
    a_betrokkene_by_url_who_would_not_count_anyway_is_somebody_else:
        by_url("behandelaar"), jan(), Policy::default() => not(Reason::RolAnder);
    an_expired_betrokkene_by_url_is_somebody_else:
        geldig(by_url("initiator"), None, Some(date(2026, 11, 23))), jan(), Policy::default()
        => not(Reason::RolAnder);
}

fn by_url(generiek: &str) -> Rol {
    rol(
        Betrokkene::Url("https://klanten.example/1".to_owned()),
        generiek,
    )
}

fn pseudoniem() -> Viewer {
    let name = zijspan::domain::Pseudoniem::new("https://idp.example", JAN);
    viewer(zijspan::domain::Subject::Pseudoniem(name))
}

fn viewer_with_bsn(bsn: &str) -> Viewer {
    viewer(zijspan::domain::Subject::Burger(
        zijspan::domain::Bsn::parse(bsn).unwrap(),
    ))
}

#[test]
fn a_mandate_does_not_make_a_rol_count() {
    let verdict = counts(&rol(persoon(ANDER), "initiator"), &for_jan(), &all_rollen());
    assert_eq!(verdict, not(Reason::RolAnder));
}

#[test]
fn another_persons_number_in_a_filtered_answer_is_noticed() {
    let jan = jan().subject;
    let bakkerij = company(Some(RSIN), None).subject;
    let branch = company(None, Some(VESTIGING)).subject;
    let by_rsin = known_by(None, Some(RSIN), None).subject;
    let nobody = pseudoniem().subject;
    for (betrokkene, subject, other) in [
        (persoon(JAN), &jan, false),
        (persoon(ANDER), &jan, true),
        (persoon(""), &jan, false),
        (nnp(Some(KVK), None, None), &jan, true),
        (vestiging(None, Some(VESTIGING)), &jan, true),
        (Betrokkene::Onbekend, &jan, false),
        (Betrokkene::Ander("medewerker".to_owned()), &jan, false),
        (
            Betrokkene::Url("https://x.example/1".to_owned()),
            &jan,
            false,
        ),
        (persoon(JAN), &bakkerij, true),
        (nnp(Some(KVK), None, None), &bakkerij, false),
        (nnp(Some(KVK), None, Some(VESTIGING)), &bakkerij, false),
        (nnp(Some(KVK), Some(ANDER_RSIN), None), &bakkerij, false),
        (nnp(None, Some(RSIN), None), &bakkerij, false),
        (nnp(None, Some(ANDER_RSIN), None), &bakkerij, true),
        (nnp(Some(ANDER_KVK), None, None), &bakkerij, true),
        (nnp(None, None, None), &bakkerij, false),
        (nnp(Some(KVK), Some(RSIN), None), &by_rsin, false),
        (nnp(Some(KVK), None, None), &by_rsin, true),
        (nnp(None, Some(ANDER_RSIN), None), &by_rsin, true),
        (nnp(None, None, None), &by_rsin, false),
        (vestiging(Some(KVK), None), &by_rsin, true),
        (persoon(JAN), &nobody, true),
        (Betrokkene::Onbekend, &nobody, false),
        // Another branch of the same company is family, not somebody else.
        (nnp(Some(KVK), None, Some(ANDERE_VESTIGING)), &branch, false),
        (vestiging(Some(KVK), Some(ANDERE_VESTIGING)), &branch, false),
        (vestiging(None, Some(VESTIGING)), &branch, false),
        (vestiging(None, Some(ANDERE_VESTIGING)), &branch, true),
        (vestiging(Some(ANDER_KVK), Some(VESTIGING)), &branch, true),
    ] {
        let rol = rol(betrokkene, "initiator");
        assert_eq!(
            identifies_other(&rol, subject),
            other,
            "{rol:?} {subject:?}"
        );
    }
}
