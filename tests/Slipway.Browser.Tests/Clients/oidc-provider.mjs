// A real OpenID provider on a port of its own, with the pages that it comes with: anybody signs in by name, with any password.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [packages, life] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(createRequire(pathToFileURL(packages + "/")).resolve("oidc-provider")));

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "slipway",
      client_secret: "a secret of the page",
      // Of a native client the port may be any (RFC 8252, section 7.3).
      application_type: "native",
      redirect_uris: ["http://127.0.0.1/sign-in/oidc/back"],
      post_logout_redirect_uris: ["http://127.0.0.1/sign-in"],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], groups: ["groups"] },
    scopes: ["openid", "offline_access", "email", "groups"],
    // Most providers put what scopes ask for into the id_token; by the letter it is at the userinfo endpoint alone.
    conformIdTokenClaims: false,
    ttl: { IdToken: Number(life), AccessToken: 600, Grant: 3600, Interaction: 600, Session: 3600, RefreshToken: 3600 },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: true, groups: [`friends-of-${id}`] }) }),
    rotateRefreshToken: true,
  });
  provider.Client.prototype.postLogoutRedirectUriAllowed = (address) => /^http:\/\/127\.0\.0\.1:\d+\/sign-in$/.test(address);
  server.on("request", provider.callback());
  for (const event of ["grant.success", "grant.error", "authorization.error", "end_session.success", "server_error"])
    provider.on(event, (context, error) => console.log([event, context.oidc?.params?.grant_type, error?.message, error?.error_detail].filter(Boolean).join(" ")));
  const grants = new Set();
  provider.on("refresh_token.saved", (token) => grants.add(token.grantId));
  // Takes back what it gave, as an administrator does.
  process.stdin.on("data", async () => {
    for (const grant of grants) await provider.RefreshToken.revokeByGrantId(grant);
    console.log("taken back");
  });
  process.stdin.on("end", () => process.exit());
  console.log(`Provider at ${issuer}`);
});
