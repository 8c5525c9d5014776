use serde_json::json;

use super::*;

const BASE: &str = "https://gateway.example/projects/p1/sdk/proxy/azuredevops";

fn with_urls<T>(hosts: &HostTable, test: impl FnOnce(GatewayUrls<'_>) -> T) -> T {
    let organization = Organization::new("contoso").unwrap_or_else(|error| panic!("{error}"));
    let public_base = Url::parse(BASE).unwrap_or_else(|error| panic!("{error}"));
    test(GatewayUrls {
        hosts,
        organization: &organization,
        public_base: &public_base,
    })
}

fn answer_to(asked: &Locations, answer: &Value) -> Value {
    with_urls(&HostTable::microsoft(), |urls| {
        let mut answer = answer.clone();
        urls.rewrite_locations(asked, &mut answer);
        answer
    })
}

/// An answer's rows, without those that were added.
fn rewritten(rows: &Value) -> Value {
    let mut answer = answer_to(&Locations::Areas, &json!({"count": 0, "value": rows}));
    let list = answer["value"].as_array_mut();
    list.map_or(Value::Null, |list| {
        list.drain(..rows.as_array().map_or(0, Vec::len)).collect()
    })
}

#[test]
fn locations_stay_on_the_gateway() {
    let areas = rewritten(&json!([
        {"id":"1","name":"core","locationUrl":"https://dev.azure.com/contoso/"},
        {"id":"2","name":"Release","locationUrl":"https://vsrm.dev.azure.com/Contoso"},
        {"id":"3","name":"old","locationUrl":"https://contoso.visualstudio.com/"},
        {"id":"4","name":"profile","locationUrl":"https://app.vssps.visualstudio.com/"},
    ]));
    let expected = json!([
        {"id":"1","name":"core","locationUrl":format!("{BASE}/_hosts/dev/contoso/")},
        {"id":"2","name":"Release","locationUrl":format!("{BASE}/_hosts/vsrm/contoso/")},
        {"id":"3","name":"old","locationUrl":format!("{BASE}/_hosts/dev/contoso/")},
        {"id":"4","name":"profile","locationUrl":format!("{BASE}/_hosts/app/")},
    ]);
    assert_eq!(areas, expected);
}

#[test]
fn a_closed_host_becomes_an_address_that_is_refused_by_its_name() {
    let areas = rewritten(&json!([
        {"locationUrl":"https://vstoken.dev.azure.com/contoso/"}, {"locationUrl":"https://evil.example/contoso/"},
        {"locationUrl":"https://dev.azure.com/fabrikam/"}, {"locationUrl":"/contoso/"},
        {"locationUrl":7}, {"LocationURL":"https://app/"}, {"locationUrl":null},
    ]));
    let closed = |host: &str| format!("{BASE}/_hosts/{host}/");
    let expected = json!([
        {"locationUrl":closed("vstoken.dev.azure.com")}, {"locationUrl":closed("evil.example")},
        {"locationUrl":closed("dev.azure.com")}, {"locationUrl":closed("unknown")},
        {"locationUrl":closed("unknown")}, {"LocationURL":closed("unknown")}, {"locationUrl":null},
    ]);
    assert_eq!(areas, expected);
    with_urls(&HostTable::microsoft(), |urls| {
        for host in ["vstoken.dev.azure.com", "dev.azure.com", "unknown"] {
            let refused = route(
                urls.hosts,
                urls.organization,
                &format!("/_hosts/{host}/_apis"),
            );
            let Err(error) = refused else {
                panic!("{host} is open")
            };
            assert!(error.to_string().contains(host), "{error}");
        }
    });
}

#[test]
fn a_list_names_every_area_that_clients_know() {
    let core = "79134C72-4A58-4B42-976C-04E7115F32BF";
    let given = json!({"count":1,"value":[{"id":core,"name":"core","locationUrl":"https://dev.azure.com/contoso/"}]});
    let answer = answer_to(&Locations::Areas, &given);
    assert_eq!(answer["count"], KNOWN_AREAS.len());
    let rows = answer["value"].as_array().cloned().unwrap_or_default();
    let dev = format!("{BASE}/_hosts/dev/contoso/");
    for (name, id) in KNOWN_AREAS {
        let of_id = |row: &&Value| {
            row["id"]
                .as_str()
                .is_some_and(|known| known.eq_ignore_ascii_case(id))
        };
        let found: Vec<_> = rows.iter().filter(of_id).collect();
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!(found[0]["locationUrl"], dev, "{name}");
    }
    // An empty list means: all of them are where it was asked for.
    let empty = json!({"count":0,"value":[]});
    assert_eq!(answer_to(&Locations::Areas, &empty), empty);
}

#[test]
fn an_area_that_clients_know_is_found_by_id() {
    let (name, id) = KNOWN_AREAS[0];
    let area = answer_to(&Locations::Area(id.to_uppercase()), &Value::Null);
    assert_eq!(
        area,
        json!({"id":id,"name":name,"locationUrl":format!("{BASE}/_hosts/dev/contoso/")})
    );
    assert_eq!(
        answer_to(&Locations::Area("x".to_owned()), &Value::Null),
        Value::Null
    );
    let given = json!({"id":"1","locationUrl":"https://vssh.dev.azure.com/contoso/"});
    assert_eq!(
        answer_to(&Locations::Area("1".to_owned()), &given),
        json!({"id":"1","locationUrl":format!("{BASE}/_hosts/vssh.dev.azure.com/")})
    );
}

#[test]
fn access_points_and_services_stay_on_the_gateway() {
    let data = json!({"instanceId":"1","locationServiceData":{
        "accessMappings":[{"moniker":"PublicAccessMapping","accessPoint":"https://dev.azure.com/contoso/","virtualDirectory":""}],
        "serviceDefinitions":[{"identifier":"2","locationMappings":[{"accessMappingMoniker":"x","location":"https://vstoken.dev.azure.com/contoso/"}]}],
    }});
    let answer = answer_to(&Locations::Services, &data);
    let located = &answer["locationServiceData"];
    assert_eq!(
        located["accessMappings"][0]["accessPoint"],
        format!("{BASE}/_hosts/dev/contoso/")
    );
    assert_eq!(
        located["serviceDefinitions"][0]["locationMappings"][0]["location"],
        format!("{BASE}/_hosts/vstoken.dev.azure.com/")
    );
}

#[test]
fn the_proxy_takes_what_it_handed_out() {
    let simulator = Url::parse("http://localhost:4401").map(|base| HostTable::simulator(&base));
    let Ok(Ok(simulator)) = simulator else {
        panic!("the base is plain")
    };
    for hosts in [HostTable::microsoft(), simulator] {
        with_urls(&hosts, |urls| {
            for (alias, base) in hosts
                .iter()
                .filter(|(alias, _)| alias.scope() == Scope::Organization)
            {
                let provider = base
                    .uri("/contoso/P/_apis/wit/workItems/1?a=%24b")
                    .unwrap_or_default()
                    .to_string();
                let url = urls.gateway_url(&provider).unwrap_or_default();
                let below = url.strip_prefix(BASE).unwrap_or_default();
                let again =
                    route(&hosts, urls.organization, below).map(|target| target.uri.to_string());
                assert_eq!(again, Ok(provider), "{}", alias.as_str());
            }
        });
    }
}

#[test]
fn the_path_is_seen_in_any_spelling() {
    let area = |id: &str| Some(Locations::Area(id.to_owned()));
    for (path, asked) in [
        ("/_apis/ResourceAreas", Some(Locations::Areas)),
        ("/_apis/resourceareas/", Some(Locations::Areas)),
        ("/_apis/resourceareas/1", area("1")),
        ("/P/_apis/Resource%41reas", Some(Locations::Areas)),
        ("/_APIS//RESOURCEAREAS", Some(Locations::Areas)),
        ("/_apis/connectionData", Some(Locations::Services)),
        (
            "/_apis/Location/ServiceDefinitions/x",
            Some(Locations::Services),
        ),
        ("/ResourceAreas", None),
        ("/ResourceAreas/_apis/projects", None),
        ("/_apis/projects", None),
    ] {
        assert_eq!(Locations::asked_by(path), asked, "{path}");
    }
}
