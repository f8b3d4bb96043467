//! What Databricks, or something on the way to it, refuses is called what it is.

use super::*;

#[tokio::test]
async fn what_the_sandbox_refuses_is_explained() {
    for (change, part) in [
        (
            (|settings| settings.token = Secret::new("dapi-other")) as fn(&mut DatabricksSettings),
            "set DATABRICKS_TOKEN",
        ),
        (|settings| settings.warehouse_id = "gone".to_owned(), "there is no usable SQL warehouse gone"),
        (|settings| settings.catalog = "nope".to_owned(), "there is no catalog nope"),
        (|settings| settings.schema = "nope".to_owned(), "there is no schema nope in the catalog retail_systems_dev"),
    ] {
        let (_sandbox, mut settings, _folder) = sandbox(DatabricksOptions::default()).await;
        change(&mut settings);
        let failure = read(&settings, &[7], QUICK).await.unwrap_err().to_string();
        assert!(failure.contains(part), "{failure}");
        let tested = test_connection(&settings, &mut |_| {}, &CancellationToken::new()).await.unwrap_err();
        assert!(tested.to_string().contains(part), "{tested}");
    }
    let faults = DatabricksFaults { expired_token: true, ..DatabricksFaults::default() };
    let (_sandbox, settings, _folder) = sandbox(DatabricksOptions { faults, ..DatabricksOptions::default() }).await;
    let failure = read(&settings, &[7], QUICK).await.unwrap_err().to_string();
    assert!(failure.contains("wrong or has expired; make a new one"), "{failure}");
}

#[tokio::test]
async fn failed_statements_are_explained() {
    for (message, part) in [
        ("[TABLE_OR_VIEW_NOT_FOUND] The table or view cannot be found.", "a state table is not in retail_systems_dev"),
        ("[INSUFFICIENT_PERMISSIONS] Insufficient privileges", "ask for USE CATALOG on retail_systems_dev"),
        ("PERMISSION_DENIED: User does not have USE SCHEMA on Schema", "ask for USE CATALOG on retail_systems_dev"),
        ("[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column", "has other columns than it should"),
        ("Warehouse 5a4d was stopped", "does not run; start it"),
        (
            "[DIVIDE_BY_ZERO] warehouse_day column",
            "the statement failed (BAD_REQUEST). Databricks says: [DIVIDE_BY_ZERO]",
        ),
        ("[UC_NO_PERM] cannot inline view v: user lacks SELECT", "says: [UC_NO_PERM] cannot inline view v"),
        ("The warehouse_day of the cluster is odd", "the statement failed (BAD_REQUEST)"),
        ("Inline byte limit exceeded.", "the statement failed (BAD_REQUEST). Databricks says: Inline byte limit"),
        ("Something else\nhappened to dapi0123456789abcdef", "says: Something else happened to (secret)"),
        ("Something else happened to dapi%30123456789abcdef", "says: Something else happened to (secret)"),
    ] {
        let error = json!({ "error_code": "BAD_REQUEST", "message": message });
        let answer = json!({ "statement_id": "a-1", "status": { "state": "FAILED", "error": error } });
        let failure = failure_of(answer).await;
        assert!(failure.starts_with("Databricks: ") && failure.contains(part), "{failure}");
    }
    let state = |state: &str| json!({ "statement_id": "a-1", "status": { "state": state } });
    assert!(failure_of(state("CANCELED")).await.contains("somebody cancelled the statement"));
    assert!(failure_of(state("CLOSED")).await.contains("closed the statement"));
    assert!(failure_of(json!({ "hello": 1 })).await.contains("is no Databricks workspace"));
    assert!(
        failure_of(json!({ "statement_id": "../x", "status": { "state": "PENDING" } })).await.contains("no Databricks")
    );
}

/// Message about a request that is refused like this, and the number of attempts.
async fn refusal(status: u16, headers: &'static str, body: &str) -> (String, usize) {
    let body = body.to_owned();
    let server = TestServer::start(move |_, _| TestReply::Whole(status, headers, body.clone())).await;
    let failure = read(&settings(&server.url(), TOKEN), &[7], QUICK).await.unwrap_err().to_string();
    (failure, server.count())
}

const KEPT_OUT: &str =
    "Databricks does not let this machine in from its network; connect to the company's network or VPN";
const NO_TOKENS: &str = "does not let the token's user work by this kind of token";
const NO_USER: &str = "the token's user is deactivated, or not in this workspace";
const NO_WORKSPACE: &str = "is disabled or gone; check DATABRICKS_HOST";
const NO_WAREHOUSE: &str = "the token's user may not use the SQL warehouse 5a4db0c5f00dcafe";
const BAD_TOKEN: &str = "Databricks does not accept the token";
const UNEXPLAINED: &str = "Databricks, or something on the way to it, refuses the request (HTTP 403)";

/// Refusals that the platform documents or that were observed, in each of their forms.
#[tokio::test]
async fn each_refusal_is_called_what_it_is() {
    let json = |code: &str, message: &str| json!({ "error_code": code, "message": message }).to_string();
    let gateway = |message: &str| json!({ "error_code": 403, "message": message }).to_string();
    let page = |text: &str| {
        format!("<html><head><title>Error 403</title><style>p {{}}</style></head><body><p>{text}</p></body></html>")
    };
    let blocked = "Source IP address: 192.0.2.7 is blocked by Databricks IP ACL for workspace: 1234 [ReqId: x]";
    for (status, body, meaning) in [
        (403, gateway(blocked), KEPT_OUT),
        (403, blocked.to_owned(), KEPT_OUT),
        (403, page(blocked), KEPT_OUT),
        (401, gateway(blocked), KEPT_OUT),
        (400, json("BAD_REQUEST", blocked), KEPT_OUT),
        (404, page(blocked), KEPT_OUT),
        (403, json("PERMISSION_DENIED", blocked), KEPT_OUT),
        (403, "Unauthorized network access to workspace: 1234".to_owned(), KEPT_OUT),
        (403, gateway("Unauthorized network access to workspace: 1234"), KEPT_OUT),
        (403, gateway("Public access is not allowed for workspace: 1234"), KEPT_OUT),
        (403, page("The workspace has Private Link enabled"), KEPT_OUT),
        (403, json("", "IP access list check failed"), KEPT_OUT),
        (403, page("Your IP address is not in the allowlist"), KEPT_OUT),
        (
            403,
            json!({ "error": { "code": "Forbidden", "message": "denied by the network policy" } }).to_string(),
            KEPT_OUT,
        ),
        (
            403,
            json!({ "error": "access_denied", "error_description": "AADSTS53003: Conditional Access" }).to_string(),
            KEPT_OUT,
        ),
        (403, page("Blocked by the company's web proxy"), KEPT_OUT),
        (403, gateway("Invalid access token. [ReqId: x]"), BAD_TOKEN),
        (403, page("Invalid access token."), BAD_TOKEN),
        (400, json("BAD_REQUEST", "Invalid access token"), BAD_TOKEN),
        (403, gateway("Access token expired"), BAD_TOKEN),
        (401, json("UNAUTHENTICATED", "Request had invalid authentication credentials"), BAD_TOKEN),
        (401, gateway("Credential was not sent or was of an unsupported type for this API."), BAD_TOKEN),
        (401, "Unauthorized".to_owned(), BAD_TOKEN),
        (403, gateway("Provided access token does not have required scopes: sql"), "its scopes leave that out"),
        (
            403,
            json("PERMISSION_DENIED", "This API is disabled for users without the databricks-sql-access entitlement."),
            "lacks an entitlement",
        ),
        (403, json("PERMISSION_DENIED", "Personal access tokens are disabled for this workspace"), NO_TOKENS),
        (403, gateway("Token authentication is not enabled"), NO_TOKENS),
        (403, gateway("The token was disabled by an administrator"), NO_TOKENS),
        (403, json("PERMISSION_DENIED", "User does not have permission to use tokens."), NO_TOKENS),
        (403, gateway("User is deactivated"), NO_USER),
        (403, gateway("User a@example.com is inactive in workspace 1234"), NO_USER),
        (401, json("PERMISSION_DENIED", "The service principal is not active"), NO_USER),
        (403, gateway("User is not a member of this workspace"), NO_USER),
        (
            403,
            json!({ "schemas": ["urn:ietf:params:scim:api"], "detail": "User not found", "status": "403" }).to_string(),
            NO_USER,
        ),
        (403, json("WORKSPACE_DISABLED", "It is off"), NO_WORKSPACE),
        (403, gateway("Workspace 1234 has been disabled"), NO_WORKSPACE),
        (403, page("This workspace was cancelled"), NO_WORKSPACE),
        (403, json("PERMISSION_DENIED", "The subscription has ended"), NO_WORKSPACE),
        (404, json("NOT_FOUND", "Workspace 1234 does not exist"), NO_WORKSPACE),
        (
            403,
            gateway("Unauthorized access to Org: 1234"),
            "does not let this user in, or not from this machine's network",
        ),
        (
            403,
            page("Access to this workspace is denied"),
            "does not let this user in, or not from this machine's network",
        ),
        (
            403,
            json(
                "PERMISSION_DENIED",
                "network-team@example.com is not authorized to use or monitor this SQL Endpoint.",
            ),
            NO_WAREHOUSE,
        ),
        (403, json("PERMISSION_DENIED", "User not authorized"), NO_WAREHOUSE),
        (403, page("Forbidden"), UNEXPLAINED),
        (403, "Request blocked. Sign in: your session token is missing".to_owned(), UNEXPLAINED),
        (403, json!({ "message": "Forbidden" }).to_string(), UNEXPLAINED),
        (404, json("FEATURE_DISABLED", "The SQL API is off"), "is switched off in this workspace"),
        (404, json("ENDPOINT_NOT_FOUND", "No API found for 'POST /sql/statements'"), "is another of Databricks' hosts"),
        (404, json("NOT_FOUND", "The statement a-1 was not found"), "does not know the statement any more"),
        (404, json("RESOURCE_DOES_NOT_EXIST", "SQL warehouse 5a does not exist"), "there is no usable SQL warehouse"),
        (400, json("INVALID_PARAMETER_VALUE", "5a4db is not a valid endpoint id."), "there is no usable SQL warehouse"),
        (
            400,
            json("INVALID_PARAMETER_VALUE", "Byte limit out of range"),
            "refuses the request (HTTP 400, INVALID_PARAMETER_VALUE)",
        ),
        (400, json("MALFORMED_REQUEST", "Invalid JSON given"), "refuses the request (HTTP 400, MALFORMED_REQUEST)"),
        (
            400,
            json("MALFORMED_REQUEST", "Could not parse request object: Unrecognized token 'x'"),
            "refuses the request (HTTP 400, MALFORMED_REQUEST)",
        ),
        (
            400,
            json("INVALID_PARAMETER_VALUE", "Invalid value for page_token"),
            "refuses the request (HTTP 400, INVALID_PARAMETER_VALUE)",
        ),
        (
            403,
            json("PERMISSION_DENIED", "User jane@industrial.example is not authorized"),
            "may not use the SQL warehouse",
        ),
        (403, json("PERMISSION_DENIED", "User vpclark@example.com has no permission"), "may not use the SQL warehouse"),
        (404, page("Not here"), "no Databricks workspace answers at"),
        (407, page("Sign in"), "the network's proxy asks for a sign-in"),
        (429, json("REQUEST_LIMIT_EXCEEDED", "Too many requests"), "has too much to do (HTTP 429)"),
        (429, json("RESOURCE_EXHAUSTED", "Too many queries"), "has too much to do (HTTP 429)"),
        (503, json("TEMPORARILY_UNAVAILABLE", "Later"), "is not available at the moment (HTTP 503)"),
        (503, json("WORKSPACE_TEMPORARILY_UNAVAILABLE", "Later"), "is not available at the moment (HTTP 503)"),
        (503, page("Down for maintenance"), "Databricks answers HTTP 503 Service Unavailable"),
        (504, json("DEADLINE_EXCEEDED", "Slow"), "in the time that it allows itself (HTTP 504)"),
        (500, json("INTERNAL_ERROR", "Oops"), "Databricks answers HTTP 500"),
    ] {
        let (failure, requests) = refusal(status, "", &body).await;
        assert!(failure.contains(meaning), "{body}\n{failure}\nexpected: {meaning}");
        assert!(failure.contains("says: ") && !failure.contains(['<', '{']), "{body}\n{failure}");
        assert_eq!(failure.contains("make a new one"), meaning == BAD_TOKEN, "{failure}");
        assert_eq!(requests, if matches!(status, 429 | 502..=504) { QUICK.attempts as usize } else { 1 }, "{failure}");
    }
}

#[tokio::test]
async fn a_refusal_that_stands_in_headers_alone_is_read_there() {
    for (status, headers, meaning) in [
        (403, "x-databricks-reason-phrase: Public access is not allowed for workspace: 1\r\n", KEPT_OUT),
        (403, "x-databricks-reason-phrase: Invalid access token.\r\n", BAD_TOKEN),
        (403, "", UNEXPLAINED),
        (401, "", BAD_TOKEN),
        (303, "location: https://x.example/login.html?error=private-link-validation-error:9&k=s3cret\r\n", KEPT_OUT),
        (302, "location: https://login.example/oauth2?x=s3cret\r\n", "to login.example to sign in"),
        (302, "location: /login.html?next_url=s3cret\r\n", "to sign in, as for a browser"),
        (301, "location: https://other.example/s3cret\r\n", "a redirect to other.example, which is not followed"),
        (301, "", "a redirect, which is not followed"),
    ] {
        let (failure, requests) = refusal(status, headers, "").await;
        assert!(failure.contains(meaning) && !failure.contains("s3cret"), "{headers}\n{failure}");
        assert_eq!(requests, 1, "{failure}");
    }
}

#[tokio::test]
async fn a_page_in_place_of_an_answer_is_called_one() {
    let page =
        format!("\u{feff}<!DOCTYPE html><html><title>Guest Wi-Fi</title><script>x</script>Sign in {TOKEN}</html>");
    let (failure, _) = refusal(200, "", &page).await;
    assert!(failure.contains("a web page answers at http://127.0.0.1"), "{failure}");
    assert!(failure.ends_with("The page says: Guest Wi-Fi Sign in (secret)"), "{failure}");
    let long = format!("<html>Sign in {}", "<script>".repeat(1 << 20));
    let (failure, _) = in_time(refusal(200, "", &long)).await;
    assert!(failure.ends_with("The page says: Sign in"), "{failure}");
}

#[tokio::test]
async fn a_statement_that_is_kept_out_by_the_network_is_called_so() {
    for message in [
        "PERMISSION_DENIED: Unauthorized network access to workspace: 1234. SQLSTATE: KCUC4",
        "[UC_REQUEST_FAILED] Source IP address: 192.0.2.7 is blocked by Databricks IP ACL for workspace: 1234",
    ] {
        let error = json!({ "error_code": "BAD_REQUEST", "message": message });
        let answer = json!({ "statement_id": "a-1", "status": { "state": "FAILED", "error": error } });
        let failure = failure_of(answer).await;
        assert!(failure.contains(KEPT_OUT) && failure.contains("1234"), "{failure}");
    }
}

#[tokio::test]
async fn an_encoded_answer_is_called_so() {
    for (status, headers, message) in [
        (200, "content-encoding: gzip\r\n", "the answer is compressed (gzip), which nobody asked for"),
        (200, "content-encoding: br\r\n", "compressed (br)"),
        (403, "content-encoding: zstd\r\n", "The answer says: the answer is compressed (zstd)"),
    ] {
        let (failure, requests) = refusal(status, headers, "{}").await;
        assert!(failure.contains(message), "{failure}");
        assert_eq!(requests, 1, "{failure}");
    }
    let marked = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n\x1F\x8B\x08\x00".to_vec();
    let server = TestServer::start(move |_, _| TestReply::Bytes(marked.clone())).await;
    let failure = read(&settings(&server.url(), TOKEN), &[7], QUICK).await.unwrap_err().to_string();
    assert!(failure.contains("compressed (gzip, which no header says)"), "{failure}");
    assert!(server.requests.lock().unwrap()[0].contains("accept-encoding: identity\r\n"));
}
