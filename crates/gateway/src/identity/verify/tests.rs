use jsonwebtoken::{EncodingKey, Header};
use serde_json::json;

use super::*;
use crate::identity::{KeyAlgorithm, KeyPair, mint};

const NOW: Millis = 1_800_000_000_000;
const NOW_S: i64 = 1_800_000_000;

struct Fixture {
    pair: KeyPair,
    keys: Vec<VerifyingKey>,
}

fn fixture(algorithm: KeyAlgorithm) -> Fixture {
    let pair = KeyPair::generate(algorithm).expect("a key pair");
    let keys = vec![VerifyingKey::from_pem(&pair.public_pem).expect("a public key")];
    Fixture { pair, keys }
}

fn expected(audience: Option<&str>) -> Expectation<'_> {
    Expectation {
        project: "demo",
        audience,
        now: NOW,
    }
}

impl Fixture {
    fn sign(&self, claims: &Value) -> String {
        let key = EncodingKey::from_ec_pem(self.pair.private_pem.as_bytes()).expect("a P-256 key");
        jsonwebtoken::encode(&Header::new(Algorithm::ES256), claims, &key).expect("signs")
    }

    fn check(&self, claims: &Value) -> Result<UserId, TokenError> {
        verify(&self.sign(claims), &self.keys, expected(None)).map(|verified| verified.user)
    }
}

fn claims() -> Claims {
    Claims {
        sub: Some("ada".into()),
        id: None,
        exp: NOW_S + 600,
        iat: Some(NOW_S),
        nbf: None,
        aud: None,
    }
}

#[test]
fn accepts_each_algorithm() {
    for algorithm in [
        KeyAlgorithm::Rs256,
        KeyAlgorithm::Es256,
        KeyAlgorithm::EdDsa,
    ] {
        let fixture = fixture(algorithm);
        let token = mint(&fixture.pair.private_pem, &claims()).expect("signs");
        assert_eq!(
            verify(&token, &fixture.keys, expected(None)).map(|verified| verified.user),
            Ok(UserId("ada".into()))
        );
    }
}

#[test]
fn refuses_no_signature_at_all() {
    let fixture = fixture(KeyAlgorithm::Es256);
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let body = URL_SAFE_NO_PAD.encode(json!({"sub": "ada", "exp": NOW_S + 600}).to_string());
    let token = format!("{header}.{body}.");
    assert_eq!(
        verify(&token, &fixture.keys, expected(None)),
        Err(TokenError::Algorithm)
    );
}

#[test]
fn refuses_an_hmac_with_the_public_key_as_secret() {
    let fixture = fixture(KeyAlgorithm::Rs256);
    let secret = EncodingKey::from_secret(fixture.pair.public_pem.as_bytes());
    let token =
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims(), &secret).expect("signs");
    assert_eq!(
        verify(&token, &fixture.keys, expected(None)),
        Err(TokenError::Algorithm)
    );
}

#[test]
fn refuses_a_key_of_another_project_and_a_changed_body() {
    let (own, foreign) = (fixture(KeyAlgorithm::Es256), fixture(KeyAlgorithm::Es256));
    let token = mint(&foreign.pair.private_pem, &claims()).expect("signs");
    assert_eq!(
        verify(&token, &own.keys, expected(None)),
        Err(TokenError::Signature)
    );

    let token = mint(&own.pair.private_pem, &claims()).expect("signs");
    let parts: Vec<_> = token.split('.').collect();
    let forged = URL_SAFE_NO_PAD.encode(json!({"sub": "grace", "exp": NOW_S + 600}).to_string());
    let token = format!("{}.{forged}.{}", parts[0], parts[2]);
    assert_eq!(
        verify(&token, &own.keys, expected(None)),
        Err(TokenError::Signature)
    );
}

#[test]
fn a_key_named_in_the_header_itself_is_not_trusted() {
    let (own, foreign) = (fixture(KeyAlgorithm::Es256), fixture(KeyAlgorithm::Es256));
    let mut header = Header::new(Algorithm::ES256);
    header.jku = Some("https://evil.example/keys".into());
    header.kid = Some("../../evil' OR 1=1 --".into());
    let key = EncodingKey::from_ec_pem(foreign.pair.private_pem.as_bytes()).expect("a key");
    let token = jsonwebtoken::encode(&header, &claims(), &key).expect("signs");
    assert_eq!(
        verify(&token, &own.keys, expected(None)),
        Err(TokenError::Signature)
    );
}

#[test]
fn checks_times_with_a_minute_of_skew() {
    let fixture = fixture(KeyAlgorithm::Es256);
    let with = |exp: i64, iat: i64| fixture.check(&json!({"sub": "ada", "exp": exp, "iat": iat}));
    assert!(with(NOW_S - 59, NOW_S - 600).is_ok());
    assert_eq!(with(NOW_S - 60, NOW_S - 600), Err(TokenError::Expired));
    assert!(with(NOW_S + 600, NOW_S + 60).is_ok());
    assert_eq!(with(NOW_S + 600, NOW_S + 61), Err(TokenError::NotYetValid));
    let not_before = json!({"sub": "ada", "exp": NOW_S + 900, "nbf": NOW_S + 300});
    assert_eq!(fixture.check(&not_before), Err(TokenError::NotYetValid));
}

#[test]
fn times_may_have_fractions() {
    let fixture = fixture(KeyAlgorithm::Es256);
    let claims = |times: &str| {
        let text = format!(r#"{{"sub":"ada",{times}}}"#);
        serde_json::value::RawValue::from_string(text).expect("json")
    };
    let check = |times: &str| {
        let key = EncodingKey::from_ec_pem(fixture.pair.private_pem.as_bytes()).expect("a key");
        let header = Header::new(Algorithm::ES256);
        let token = jsonwebtoken::encode(&header, &claims(times), &key).expect("signs");
        verify(&token, &fixture.keys, expected(None)).map(|verified| verified.user.0)
    };
    for good in [
        r#""exp":1800000600.25"#,
        r#""exp":1800000600.0,"iat":1799999999.999,"nbf":1799999999.5"#,
        r#""exp":1.8000006e9,"iat":18e8"#,
        // A minute of skew, and what is left of the second.
        r#""exp":1799999940.5"#,
        r#""exp":1800000600,"iat":1800000060.9"#,
    ] {
        assert_eq!(check(good), Ok("ada".into()), "{good}");
    }
    for (bad, error) in [
        (r#""exp":1799999939.5"#, TokenError::Expired),
        (
            r#""exp":1800000600,"iat":1800000061.0"#,
            TokenError::NotYetValid,
        ),
        (
            r#""exp":1800000600,"nbf":1800000300.5"#,
            TokenError::NotYetValid,
        ),
        (r#""exp":"1800000600.5""#, TokenError::Claims),
        (r#""exp":1e300"#, TokenError::Claims),
        (r#""exp":-1e300"#, TokenError::Claims),
        (r#""exp":null"#, TokenError::Claims),
        (r#""exp":1800000600,"iat":true"#, TokenError::Claims),
        (
            r#""exp":1800000600.5,"exp":1800000600.5"#,
            TokenError::Claims,
        ),
    ] {
        assert_eq!(check(bad), Err(error), "{bad}");
    }
}

#[test]
fn needs_a_user_and_an_expiry_each_once() {
    let fixture = fixture(KeyAlgorithm::Es256);
    for claims in [
        json!({"sub": "ada"}),
        json!({"exp": NOW_S + 600}),
        json!({"sub": " ", "exp": NOW_S + 600}),
        json!({"sub": "a\nb", "exp": NOW_S + 600}),
        json!({"sub": "a".repeat(256), "exp": NOW_S + 600}),
        json!({"sub": "ada", "exp": "soon"}),
    ] {
        assert_eq!(fixture.check(&claims), Err(TokenError::Claims), "{claims}");
    }
    assert_eq!(
        fixture.check(&json!({"id": "7", "exp": NOW_S + 600})),
        Ok(UserId("7".into()))
    );

    let twice = serde_json::value::RawValue::from_string(format!(
        r#"{{"sub":"ada","sub":"grace","exp":{}}}"#,
        NOW_S + 600
    ));
    let key = EncodingKey::from_ec_pem(fixture.pair.private_pem.as_bytes()).expect("a key");
    let token = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &twice.expect("json"), &key)
        .expect("signs");
    assert_eq!(
        verify(&token, &fixture.keys, expected(None)),
        Err(TokenError::Claims)
    );
}

#[test]
fn checks_the_audience() {
    let fixture = fixture(KeyAlgorithm::Es256);
    let with = |aud: Value, audience| {
        let mut claims = json!({"sub": "ada", "exp": NOW_S + 600});
        if !aud.is_null() {
            claims["aud"] = aud;
        }
        verify(&fixture.sign(&claims), &fixture.keys, expected(audience))
    };
    assert!(with(json!("demo"), None).is_ok());
    assert!(with(json!(["x", "useparagon.com/demo"]), None).is_ok());
    assert_eq!(
        with(json!("other"), None),
        Err(TokenError::Audience("demo".into()))
    );
    assert!(with(json!("api"), Some("api")).is_ok());
    assert_eq!(
        with(json!("demo"), Some("api")),
        Err(TokenError::Audience("api".into()))
    );
    assert_eq!(
        with(Value::Null, Some("api")),
        Err(TokenError::Audience("api".into()))
    );
}

#[test]
fn refuses_a_huge_token_before_parsing_it() {
    let fixture = fixture(KeyAlgorithm::Es256);
    let token = format!("{}.{}.{}", "a".repeat(20_000), "b", "c");
    assert_eq!(
        verify(&token, &fixture.keys, expected(None)),
        Err(TokenError::Malformed)
    );
}

/// A token with a header as it is written.
fn with_header(fixture: &Fixture, header: &str) -> String {
    let claims = json!({"sub": "ada", "exp": NOW_S + 600}).to_string();
    let message = [header, claims.as_str()].map(|part| URL_SAFE_NO_PAD.encode(part));
    let message = message.join(".");
    let key = EncodingKey::from_ec_pem(fixture.pair.private_pem.as_bytes()).expect("a key");
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::ES256);
    format!("{message}.{}", signature.expect("signs"))
}

#[test]
fn refuses_a_header_that_demands_what_is_not_understood() {
    let fixture = fixture(KeyAlgorithm::Es256);
    let check = |header: &str| {
        verify(
            &with_header(&fixture, header),
            &fixture.keys,
            expected(None),
        )
    };
    assert!(check(r#"{"alg":"ES256"}"#).is_ok());
    for header in [
        r#"{"alg":"ES256","crit":["exp"],"exp":1}"#,
        r#"{"alg":"ES256","crit":["b64"],"b64":true}"#,
        r#"{"alg":"ES256","crit":[]}"#,
        r#"{"alg":"ES256","crit":null}"#,
    ] {
        assert_eq!(check(header), Err(TokenError::Critical), "{header}");
    }
    assert!(check(r#"{"alg":"ES256","crit":"exp"}"#).is_err());
}

#[test]
fn refuses_a_key_id_longer_than_any_that_is_meant() {
    let fixture = fixture(KeyAlgorithm::Es256);
    let header = |length: usize| format!(r#"{{"alg":"ES256","kid":"{}"}}"#, "k".repeat(length));
    let (fine, long) = (header(256), header(257));
    let (fine, long) = (with_header(&fixture, &fine), with_header(&fixture, &long));
    assert!(verify(&fine, &fixture.keys, expected(None)).is_ok());
    assert_eq!(key_id(&fine).map(|kid| kid.len()), Some(256));
    assert_eq!(
        verify(&long, &fixture.keys, expected(None)),
        Err(TokenError::Malformed)
    );
    assert_eq!(key_id(&long), None);
}
