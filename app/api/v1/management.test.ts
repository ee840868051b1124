import { globSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { updateBuiltInRoles } from "../../../lib/access/roles/mutations.ts";
import { systemContext } from "../../../lib/context.ts";
import { createPerson } from "../../../lib/identity/people/mutations.ts";
import { createSession } from "../../../lib/identity/sessions/mutations.ts";
import { issueToken } from "../../../lib/identity/tokens/mutations.ts";
import {
  createTestInstallation,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import * as dryRun from "./access/dry-run/route.ts";
import * as simulate from "./access/simulate/route.ts";
import * as approveRequest from "./access-requests/[id]/approve/route.ts";
import * as endRequest from "./access-requests/[id]/end/route.ts";
import * as refuseRequest from "./access-requests/[id]/refuse/route.ts";
import * as accessRequest from "./access-requests/[id]/route.ts";
import * as withdrawRequest from "./access-requests/[id]/withdraw/route.ts";
import * as requestChoices from "./access-requests/choices/route.ts";
import * as requestNotice from "./access-requests/notice/route.ts";
import * as accessRequests from "./access-requests/route.ts";
import * as connectionsOfAgent from "./agents/[id]/connections/route.ts";
import * as revokingAgent from "./agents/[id]/revoke/route.ts";
import * as agent from "./agents/[id]/route.ts";
import * as joinToken from "./agents/join-tokens/[id]/route.ts";
import * as joinTokens from "./agents/join-tokens/route.ts";
import * as agents from "./agents/route.ts";
import * as alertChannel from "./alert-channels/[id]/route.ts";
import * as alertChannelTest from "./alert-channels/[id]/test/route.ts";
import * as alertChannels from "./alert-channels/route.ts";
import * as firings from "./alerts/[id]/firings/route.ts";
import * as alert from "./alerts/[id]/route.ts";
import * as alertPreview from "./alerts/preview/route.ts";
import * as alerts from "./alerts/route.ts";
import * as apiKeys from "./api-keys/route.ts";
import * as application from "./applications/[id]/route.ts";
import * as previousSecret from "./applications/[id]/secret/previous/route.ts";
import * as secret from "./applications/[id]/secret/route.ts";
import * as applications from "./applications/route.ts";
import * as banner from "./banner/route.ts";
import * as healthOfCluster from "./clusters/[id]/health/route.ts";
import * as namespaces from "./clusters/[id]/namespaces/route.ts";
import * as cluster from "./clusters/[id]/route.ts";
import * as importing from "./clusters/import/route.ts";
import * as clusters from "./clusters/route.ts";
import * as membersOfDepartment from "./departments/[id]/members/route.ts";
import * as department from "./departments/[id]/route.ts";
import * as departments from "./departments/route.ts";
import * as gateway from "./gateway/route.ts";
import * as grant from "./grants/[id]/route.ts";
import * as grants from "./grants/route.ts";
import * as group from "./groups/[id]/route.ts";
import * as groups from "./groups/route.ts";
import * as kubeconfig from "./kubeconfig/route.ts";
import * as login from "./logins/[id]/route.ts";
import * as logins from "./logins/route.ts";
import * as me from "./me/route.ts";
import * as factorOptions from "./me/second-factor/options/route.ts";
import * as ownFactor from "./me/second-factor/route.ts";
import * as confirmingAuthenticator from "./me/security/authenticator/confirm/route.ts";
import * as authenticator from "./me/security/authenticator/route.ts";
import * as passkey from "./me/security/passkeys/[id]/route.ts";
import * as passkeyOptions from "./me/security/passkeys/options/route.ts";
import * as passkeys from "./me/security/passkeys/route.ts";
import * as password from "./me/security/password/route.ts";
import * as recoveryCodes from "./me/security/recovery-codes/route.ts";
import * as security from "./me/security/route.ts";
import * as membersOfNodePool from "./node-pools/[id]/members/route.ts";
import * as nodePool from "./node-pools/[id]/route.ts";
import * as nodePools from "./node-pools/route.ts";
import * as authorize from "./oauth/authorize/route.ts";
import * as answerDevice from "./oauth/device/answer/route.ts";
import * as findDevice from "./oauth/device/find/route.ts";
import * as membersOfProject from "./projects/[id]/members/route.ts";
import * as project from "./projects/[id]/route.ts";
import * as projects from "./projects/route.ts";
import * as provider from "./providers/[id]/route.ts";
import * as providerTest from "./providers/[id]/test/route.ts";
import * as providers from "./providers/route.ts";
import * as recordStatus from "./record-status/route.ts";
import * as downloadOfRecording from "./recordings/[id]/download/route.ts";
import * as endOfSession from "./recordings/[id]/end/route.ts";
import * as playbackOfRecording from "./recordings/[id]/playback/route.ts";
import * as recording from "./recordings/[id]/route.ts";
import * as searchOfRecording from "./recordings/[id]/search/route.ts";
import * as segmentOfRecording from "./recordings/[id]/segments/[seq]/route.ts";
import * as watchOfSession from "./recordings/[id]/watch/route.ts";
import * as runningSessions from "./recordings/running/route.ts";
import * as restoringRole from "./roles/[id]/restore/route.ts";
import * as role from "./roles/[id]/route.ts";
import * as versionOfRole from "./roles/[id]/versions/[version]/route.ts";
import * as versionsOfRole from "./roles/[id]/versions/route.ts";
import * as checkingRole from "./roles/check/route.ts";
import * as roles from "./roles/route.ts";
import * as scimToken from "./scim-tokens/[id]/route.ts";
import * as scimTokens from "./scim-tokens/route.ts";
import * as session from "./sessions/[id]/route.ts";
import * as otherSessions from "./sessions/others/route.ts";
import * as sessions from "./sessions/route.ts";
import * as retention from "./settings/retention/route.ts";
import * as settings from "./settings/route.ts";
import * as discardingLetters from "./streams/[id]/dead-letters/discard/route.ts";
import * as replayingLetters from "./streams/[id]/dead-letters/replay/route.ts";
import * as deadLetters from "./streams/[id]/dead-letters/route.ts";
import * as pausingStream from "./streams/[id]/pause/route.ts";
import * as streamReplay from "./streams/[id]/replays/[replayId]/route.ts";
import * as streamMeasure from "./streams/[id]/replays/measure/route.ts";
import * as streamReplays from "./streams/[id]/replays/route.ts";
import * as resumingStream from "./streams/[id]/resume/route.ts";
import * as stream from "./streams/[id]/route.ts";
import * as testingStream from "./streams/[id]/test/route.ts";
import * as streamExample from "./streams/example/route.ts";
import * as streams from "./streams/route.ts";
import * as tryingStream from "./streams/try/route.ts";
import * as downloadOfTerminal from "./terminals/[id]/downloads/[downloadId]/route.ts";
import * as terminal from "./terminals/[id]/route.ts";
import * as ticketsOfTerminal from "./terminals/[id]/tickets/route.ts";
import * as terminals from "./terminals/route.ts";
import * as token from "./tokens/[id]/route.ts";
import * as tokens from "./tokens/route.ts";
import * as userLogins from "./users/[id]/logins/route.ts";
import * as user from "./users/[id]/route.ts";
import * as factorOfUser from "./users/[id]/second-factor/route.ts";
import * as userSessions from "./users/[id]/sessions/route.ts";
import * as userTokens from "./users/[id]/tokens/route.ts";
import * as localUser from "./users/local/[id]/route.ts";
import * as setUpOfLocal from "./users/local/[id]/set-up/route.ts";
import * as localUsers from "./users/local/route.ts";
import * as users from "./users/route.ts";
import * as webhook from "./webhooks/[id]/route.ts";
import * as webhookSecret from "./webhooks/[id]/secret/route.ts";
import * as webhookTest from "./webhooks/[id]/test/route.ts";
import * as webhooks from "./webhooks/route.ts";

type Role = "administrator" | "auditor" | "user" | "nobody";
type Handler = (request: Request, route: { params: Promise<unknown> }) => Promise<Response>;

const ctx = systemContext("test");
const bearers: Record<Role, string | null> = { administrator: null, auditor: null, user: null, nobody: null };
let installation: TestInstallation;

beforeAll(async () => {
  installation = await createTestInstallation({
    OIDC_ADMINISTRATOR_GROUPS: "administrator",
    OIDC_AUDITOR_GROUPS: "auditor",
    ...NO_DEMO,
  });
  await updateBuiltInRoles({ ctx });
  for (const role of ["administrator", "auditor", "user"] as const) {
    const person = await createPerson({
      ctx,
      input: { email: `${role}@acme.example`, name: role, groups: [role] },
    });
    bearers[role] = (await issueToken({ ctx, input: { name: "test", userId: person.id } })).token;
  }
});
afterAll(() => installation.close());

interface Call {
  as?: Role;
  query?: string;
  version?: string;
  id?: string;
  seq?: string;
  downloadId?: string;
  replayId?: string;
  body?: unknown;
}

async function call(handler: Handler, { as = "administrator", query = "", body, ...params }: Call = {}) {
  const bearer = bearers[as];
  const request = new Request(`http://localhost:3000/api/v1/x${query}`, {
    method: body === undefined ? "GET" : "POST",
    headers: bearer === null ? {} : { authorization: `Bearer ${bearer}` },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  const text = await response.text();
  const json = response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : null;
  return { status: response.status, headers: response.headers, text, body: json };
}

const ID = "00000000-0000-4000-8000-000000000000";
const CLUSTER = {
  name: "prod",
  endpoint: "https://192.0.2.1:6443",
  credential: { kind: "token", token: "cluster-s3cret" },
};
const GRANT = {
  role: "developer",
  subjectKind: "group",
  subject: "user",
  cluster: null,
  namespaces: ["payments"],
};

type Row = [string, Handler, Call, number[]];

/** Projects, departments and node pools are asked for alike. */
const scopes = (
  path: string,
  all: Record<"GET" | "POST", Handler>,
  one: Record<"GET" | "PATCH" | "DELETE", Handler>,
  members: Record<"GET", Handler>,
): Row[] => [
  [`GET /${path}`, all.GET, {}, [200, 200, 403, 401]],
  [`POST /${path}`, all.POST, { body: {} }, [400, 403, 403, 401]],
  [`GET /${path}/:id`, one.GET, { id: ID }, [404, 404, 403, 401]],
  [`PATCH /${path}/:id`, one.PATCH, { id: ID, body: {} }, [404, 403, 403, 401]],
  [`DELETE /${path}/:id`, one.DELETE, { id: ID }, [404, 403, 403, 401]],
  [`GET /${path}/:id/members`, members.GET, { id: ID }, [404, 404, 403, 401]],
];

describe("who may", () => {
  // administrator, auditor, user, nobody
  const rows: Row[] = [
    ["GET /clusters", clusters.GET, {}, [200, 200, 403, 401]],
    ["POST /clusters", clusters.POST, { body: {} }, [400, 403, 403, 401]],
    ["GET /clusters/:id", cluster.GET, { id: ID }, [404, 404, 403, 401]],
    ["PATCH /clusters/:id", cluster.PATCH, { id: ID, body: {} }, [404, 403, 403, 401]],
    ["DELETE /clusters/:id", cluster.DELETE, { id: ID }, [404, 403, 403, 401]],
    ["POST /clusters/import", importing.POST, { body: {} }, [400, 403, 403, 401]],
    ["POST /clusters/:id/health", healthOfCluster.POST, { id: ID }, [404, 404, 403, 401]],
    ["GET /clusters/:id/namespaces", namespaces.GET, { id: ID }, [400, 403, 403, 401]],
    ["GET /applications", applications.GET, {}, [200, 200, 403, 401]],
    ["POST /applications", applications.POST, { body: {} }, [400, 403, 403, 401]],
    ["PATCH /applications/:id", application.PATCH, { id: ID, body: { enabled: true } }, [404, 403, 403, 401]],
    ["POST /applications/:id/secret", secret.POST, { id: ID }, [404, 403, 403, 401]],
    ["DELETE /applications/:id/secret/previous", previousSecret.DELETE, { id: ID }, [404, 403, 403, 401]],
    ["GET /roles", roles.GET, {}, [200, 200, 403, 401]],
    ["POST /roles", roles.POST, { body: {} }, [400, 403, 403, 401]],
    ["POST /roles/check", checkingRole.POST, { body: {} }, [400, 400, 403, 401]],
    ["GET /roles/:id", role.GET, { id: ID }, [404, 404, 403, 401]],
    ["PUT /roles/:id", role.PUT, { id: ID, body: {} }, [400, 403, 403, 401]],
    ["DELETE /roles/:id", role.DELETE, { id: ID }, [404, 403, 403, 401]],
    ["GET /roles/:id/versions", versionsOfRole.GET, { id: ID }, [404, 404, 403, 401]],
    ["GET /roles/:id/versions/:version", versionOfRole.GET, { id: ID, version: "1" }, [404, 404, 403, 401]],
    ["POST /roles/:id/restore", restoringRole.POST, { id: ID, body: {} }, [400, 403, 403, 401]],
    ["PATCH /roles/:id", role.PATCH, { id: ID, body: { record: "off" } }, [404, 403, 403, 401]],
    ["GET /grants", grants.GET, {}, [200, 200, 403, 401]],
    ["POST /grants", grants.POST, { body: {} }, [400, 403, 403, 401]],
    ["PATCH /grants/:id", grant.PATCH, { id: ID, body: { expiresAt: null } }, [404, 403, 403, 401]],
    ["GET /access-requests", accessRequests.GET, {}, [200, 200, 200, 401]],
    ["POST /access-requests", accessRequests.POST, { body: {} }, [400, 400, 400, 401]],
    ["GET /access-requests/choices", requestChoices.GET, {}, [200, 200, 200, 401]],
    ["GET /access-requests/notice", requestNotice.GET, {}, [200, 200, 200, 401]],
    ["GET /access-requests/:id", accessRequest.GET, { id: ID }, [404, 404, 404, 401]],
    ["POST /access-requests/:id/approve", approveRequest.POST, { id: ID, body: {} }, [404, 404, 404, 401]],
    [
      "POST /access-requests/:id/refuse",
      refuseRequest.POST,
      { id: ID, body: { word: "no" } },
      [404, 404, 404, 401],
    ],
    ["POST /access-requests/:id/withdraw", withdrawRequest.POST, { id: ID }, [404, 404, 404, 401]],
    ["POST /access-requests/:id/end", endRequest.POST, { id: ID, body: {} }, [404, 404, 404, 401]],
    ["GET /agents", agents.GET, {}, [200, 200, 403, 401]],
    ["GET /agents/:id", agent.GET, { id: ID }, [404, 404, 403, 401]],
    ["PATCH /agents/:id", agent.PATCH, { id: ID, body: {} }, [404, 403, 403, 401]],
    ["DELETE /agents/:id", agent.DELETE, { id: ID }, [404, 403, 403, 401]],
    ["POST /agents/:id/revoke", revokingAgent.POST, { id: ID, body: {} }, [404, 403, 403, 401]],
    ["GET /agents/:id/connections", connectionsOfAgent.GET, { id: ID }, [404, 404, 403, 401]],
    ["GET /agents/join-tokens", joinTokens.GET, {}, [200, 200, 403, 401]],
    ["POST /agents/join-tokens", joinTokens.POST, { body: {} }, [400, 403, 403, 401]],
    ["GET /agents/join-tokens/:id", joinToken.GET, { id: ID }, [404, 404, 403, 401]],
    ["DELETE /agents/join-tokens/:id", joinToken.DELETE, { id: ID }, [404, 403, 403, 401]],
    ["GET /streams", streams.GET, {}, [200, 200, 403, 401]],
    ["POST /streams", streams.POST, { body: {} }, [400, 403, 403, 401]],
    ["GET /streams/example", streamExample.GET, {}, [200, 200, 403, 401]],
    ["POST /streams/try", tryingStream.POST, { body: {} }, [400, 403, 403, 401]],
    ["GET /streams/:id", stream.GET, { id: ID }, [404, 404, 403, 401]],
    ["PATCH /streams/:id", stream.PATCH, { id: ID, body: {} }, [404, 403, 403, 401]],
    ["DELETE /streams/:id", stream.DELETE, { id: ID }, [404, 403, 403, 401]],
    ["POST /streams/:id/pause", pausingStream.POST, { id: ID }, [404, 403, 403, 401]],
    ["POST /streams/:id/resume", resumingStream.POST, { id: ID }, [404, 403, 403, 401]],
    ["POST /streams/:id/test", testingStream.POST, { id: ID }, [404, 403, 403, 401]],
    [
      "POST /streams/:id/replays",
      streamReplays.POST,
      { id: ID, body: { surface: "requests", from: 1, to: 2 } },
      [404, 403, 403, 401],
    ],
    [
      "GET /streams/:id/replays/measure",
      streamMeasure.GET,
      { id: ID, query: "?surface=requests&from=1&to=2" },
      [404, 404, 403, 401],
    ],
    [
      "DELETE /streams/:id/replays/:replayId",
      streamReplay.DELETE,
      { id: ID, replayId: ID },
      [404, 403, 403, 401],
    ],
    ["GET /streams/:id/dead-letters", deadLetters.GET, { id: ID }, [404, 404, 403, 401]],
    [
      "POST /streams/:id/dead-letters/replay",
      replayingLetters.POST,
      { id: ID, body: { all: true } },
      [404, 403, 403, 401],
    ],
    [
      "POST /streams/:id/dead-letters/discard",
      discardingLetters.POST,
      { id: ID, body: { all: true } },
      [404, 403, 403, 401],
    ],
    ["GET /alerts", alerts.GET, {}, [200, 200, 403, 401]],
    ["POST /alerts", alerts.POST, { body: {} }, [400, 400, 403, 401]],
    ["POST /alerts/preview", alertPreview.POST, { body: {} }, [400, 400, 403, 401]],
    ["PATCH /alerts/:id", alert.PATCH, { id: ID, body: { enabled: true } }, [404, 404, 403, 401]],
    ["DELETE /alerts/:id", alert.DELETE, { id: ID }, [404, 404, 403, 401]],
    ["GET /alerts/:id/firings", firings.GET, { id: ID }, [404, 404, 403, 401]],
    ["GET /alert-channels", alertChannels.GET, {}, [200, 200, 403, 401]],
    ["POST /alert-channels", alertChannels.POST, { body: {} }, [400, 400, 403, 401]],
    [
      "PATCH /alert-channels/:id",
      alertChannel.PATCH,
      { id: ID, body: { enabled: true } },
      [404, 404, 403, 401],
    ],
    ["DELETE /alert-channels/:id", alertChannel.DELETE, { id: ID }, [404, 404, 403, 401]],
    ["POST /alert-channels/:id/test", alertChannelTest.POST, { id: ID }, [404, 404, 403, 401]],
    ["GET /webhooks", webhooks.GET, {}, [200, 200, 403, 401]],
    ["POST /webhooks", webhooks.POST, { body: {} }, [400, 403, 403, 401]],
    ["PATCH /webhooks/:id", webhook.PATCH, { id: ID, body: { enabled: true } }, [404, 403, 403, 401]],
    ["DELETE /webhooks/:id", webhook.DELETE, { id: ID }, [404, 403, 403, 401]],
    ["POST /webhooks/:id/secret", webhookSecret.POST, { id: ID }, [404, 403, 403, 401]],
    ["POST /webhooks/:id/test", webhookTest.POST, { id: ID }, [404, 403, 403, 401]],
    ["DELETE /grants/:id", grant.DELETE, { id: ID }, [404, 403, 403, 401]],
    ...scopes("projects", projects, project, membersOfProject),
    ...scopes("departments", departments, department, membersOfDepartment),
    ...scopes("node-pools", nodePools, nodePool, membersOfNodePool),
    [
      "POST /access/simulate",
      simulate.POST,
      { body: { cluster: ID, verb: "get", resource: "pods" } },
      [400, 400, 400, 401],
    ],
    ["POST /access/dry-run", dryRun.POST, { body: {} }, [400, 400, 403, 401]],
    ["GET /users", users.GET, {}, [200, 200, 403, 401]],
    ["POST /users", users.POST, { body: {} }, [400, 403, 403, 401]],
    ["PATCH /users/:id", user.PATCH, { id: ID, body: { enabled: true } }, [404, 403, 403, 401]],
    ["GET /users/:id/tokens", userTokens.GET, { id: ID }, [404, 404, 403, 401]],
    ["GET /users/:id/sessions", userSessions.GET, { id: ID }, [404, 404, 403, 401]],
    ["DELETE /users/:id/sessions", userSessions.DELETE, { id: ID }, [404, 403, 403, 401]],
    ["GET /users/:id/logins", userLogins.GET, { id: ID }, [404, 404, 403, 401]],
    ["GET /logins", logins.GET, {}, [200, 200, 200, 401]],
    ["DELETE /logins/:id", login.DELETE, { id: ID }, [404, 404, 404, 401]],
    // A token lets nobody in.
    ["POST /oauth/authorize", authorize.POST, { body: {} }, [400, 400, 400, 401]],
    ["POST /oauth/device/find", findDevice.POST, { body: { userCode: "x" } }, [403, 403, 403, 401]],
    [
      "POST /oauth/device/answer",
      answerDevice.POST,
      { body: { userCode: "x", answer: "approve" } },
      [403, 403, 403, 401],
    ],
    ["GET /sessions", sessions.GET, {}, [200, 200, 200, 401]],
    ["DELETE /sessions/:id", session.DELETE, { id: ID }, [404, 404, 404, 401]],
    // A token is none of the sessions.
    ["DELETE /sessions/others", otherSessions.DELETE, {}, [403, 403, 403, 401]],
    ["GET /users/:id", user.GET, { id: ID }, [404, 404, 403, 401]],
    ["GET /groups", groups.GET, {}, [200, 200, 403, 401]],
    ["GET /groups/:id", group.GET, { id: ID }, [404, 404, 403, 401]],
    ["GET /providers", providers.GET, {}, [200, 200, 403, 401]],
    ["POST /providers", providers.POST, { body: {} }, [400, 403, 403, 401]],
    ["GET /providers/:id", provider.GET, { id: ID }, [404, 404, 403, 401]],
    ["PATCH /providers/:id", provider.PATCH, { id: ID, body: {} }, [404, 403, 403, 401]],
    ["DELETE /providers/:id", provider.DELETE, { id: ID }, [404, 403, 403, 401]],
    ["POST /providers/:id/test", providerTest.POST, { id: ID }, [404, 403, 403, 401]],
    ["GET /scim-tokens", scimTokens.GET, {}, [200, 200, 403, 401]],
    ["POST /scim-tokens", scimTokens.POST, { body: {} }, [400, 403, 403, 401]],
    ["DELETE /scim-tokens/:id", scimToken.DELETE, { id: ID }, [404, 403, 403, 401]],
    ["GET /api-keys", apiKeys.GET, {}, [200, 200, 403, 401]],
    ["GET /settings", settings.GET, {}, [200, 200, 403, 401]],
    ["GET /settings/retention", retention.GET, { query: "?days=30" }, [200, 200, 403, 401]],
    ["GET /banner", banner.GET, {}, [200, 200, 200, 200]],
    ["PATCH /settings", settings.PATCH, { body: {} }, [400, 403, 403, 401]],
    ["GET /tokens", tokens.GET, {}, [200, 200, 200, 401]],
    ["POST /tokens", tokens.POST, { body: { name: "another" } }, [201, 201, 201, 401]],
    ["DELETE /tokens/:id", token.DELETE, { id: ID }, [404, 404, 404, 401]],
    ["GET /recordings/running", runningSessions.GET, {}, [200, 200, 200, 401]],
    ["GET /recordings/:id", recording.GET, { id: ID }, [404, 404, 404, 401]],
    ["GET /recordings/:id/playback", playbackOfRecording.GET, { id: ID }, [404, 404, 403, 401]],
    ["GET /recordings/:id/segments/:seq", segmentOfRecording.GET, { id: ID, seq: "0" }, [404, 404, 403, 401]],
    ["GET /recordings/:id/search", searchOfRecording.GET, { id: ID, query: "?q=rm" }, [404, 404, 403, 401]],
    ["GET /recordings/:id/download", downloadOfRecording.GET, { id: ID }, [404, 404, 403, 401]],
    ["GET /recordings/:id/watch", watchOfSession.GET, { id: ID }, [404, 404, 403, 401]],
    [
      "POST /recordings/:id/end",
      endOfSession.POST,
      { id: ID, body: { reason: "why" } },
      [404, 404, 403, 401],
    ],
    ["POST /users/local", localUsers.POST, { body: {} }, [400, 403, 403, 401]],
    ["DELETE /users/local/:id", localUser.DELETE, { id: ID }, [404, 403, 403, 401]],
    ["POST /users/local/:id/set-up", setUpOfLocal.POST, { id: ID }, [404, 403, 403, 401]],
    ["DELETE /users/:id/second-factor", factorOfUser.DELETE, { id: ID }, [404, 403, 403, 401]],
    // A person's in the console: a bearer token is not enough.
    ["GET /me/security", security.GET, {}, [403, 403, 403, 401]],
    ["POST /me/security/authenticator", authenticator.POST, {}, [403, 403, 403, 401]],
    ["DELETE /me/security/authenticator", authenticator.DELETE, {}, [403, 403, 403, 401]],
    [
      "POST /me/security/authenticator/confirm",
      confirmingAuthenticator.POST,
      { body: { code: "123456" } },
      [403, 403, 403, 401],
    ],
    [
      "POST /me/security/passkeys",
      passkeys.POST,
      { body: { name: "key", response: { id: "x", response: {} } } },
      [403, 403, 403, 401],
    ],
    ["POST /me/security/passkeys/options", passkeyOptions.POST, {}, [403, 403, 403, 401]],
    ["DELETE /me/security/passkeys/:id", passkey.DELETE, { id: ID }, [403, 403, 403, 401]],
    ["POST /me/security/recovery-codes", recoveryCodes.POST, {}, [403, 403, 403, 401]],
    [
      "PUT /me/security/password",
      password.PUT,
      { body: { current: "x", password: "a new long password" } },
      [403, 403, 403, 401],
    ],
    ["POST /me/second-factor", ownFactor.POST, { body: { code: "123456" } }, [403, 403, 403, 401]],
    ["POST /me/second-factor/options", factorOptions.POST, {}, [403, 403, 403, 401]],
    // A person's in the console: bearer tokens open none.
    ["GET /terminals", terminals.GET, {}, [403, 403, 403, 401]],
    ["POST /terminals", terminals.POST, { body: { clusterId: ID } }, [403, 403, 403, 401]],
    ["DELETE /terminals/:id", terminal.DELETE, { id: ID }, [403, 403, 403, 401]],
    ["POST /terminals/:id/tickets", ticketsOfTerminal.POST, { id: ID }, [403, 403, 403, 401]],
    [
      "GET /terminals/:id/downloads/:downloadId",
      downloadOfTerminal.GET,
      { id: ID, downloadId: ID },
      [403, 403, 403, 401],
    ],
    ["GET /record-status", recordStatus.GET, {}, [200, 200, 200, 401]],
    ["GET /me", me.GET, {}, [200, 200, 200, 401]],
    ["GET /gateway", gateway.GET, {}, [200, 200, 200, 401]],
    ["POST /kubeconfig", kubeconfig.POST, { body: {} }, [404, 404, 404, 401]],
  ];
  test.each(rows)("%s", async (_name, handler, input, expected) => {
    const roles: Role[] = ["administrator", "auditor", "user", "nobody"];
    const answers = await Promise.all(roles.map((as) => call(handler, { ...input, as })));
    expect(answers.map(({ status }) => status)).toEqual(expected);
    for (const { status, body, headers } of answers) {
      if (status >= 400)
        expect(body).toMatchObject({ code: expect.any(String), message: expect.any(String) });
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  // What is read of the record is each person's own or everyone's; the API's tests of those ask as both. A token is asked for by nobody yet.
  const ASKED_ELSEWHERE =
    /^\w+ \/(?:request-audit|event-history|recordings(?:$|\/count|\/histogram|\/facets|\/live|\/export|\/:id\/related)|audit\/log|overview|saved-views|token$|token\/|oauth\/device$|sign-in\/)/;

  test("is asked of every operation", async () => {
    const files = globSync("**/route.ts", { cwd: import.meta.dirname });
    const operations = files.map(async (file) => {
      const path = file.replace(/\/route\.ts$/, "").replaceAll(/\[(\w+)\]/g, ":$1");
      const handlers: object = await import(new URL(file, import.meta.url).href);
      const methods = Object.keys(handlers).filter((name) => name === name.toUpperCase());
      return methods.map((method) => `${method} /${path}`);
    });
    const own = (await Promise.all(operations)).flat().filter((name) => !ASKED_ELSEWHERE.test(name));
    expect(rows.map(([name]) => name).toSorted()).toEqual(own.toSorted());
  });
});

describe("an administrator", () => {
  test("registers, changes and removes a cluster, and never sees its credential", async () => {
    const created = await call(clusters.POST, { body: CLUSTER });
    expect(created).toMatchObject({ status: 201, body: { name: "prod", credentialKind: "token" } });
    expect((await call(clusters.POST, { body: CLUSTER })).status).toBe(409);
    const { id } = created.body;
    const moved = { endpoint: "https://192.0.2.2" };
    expect(await call(cluster.PATCH, { id, body: moved })).toMatchObject({
      status: 400,
      body: { code: "invalid_argument", details: [{ field: "credential" }] },
    });
    const changed = await call(cluster.PATCH, { id, body: { ...moved, credential: CLUSTER.credential } });
    expect(changed).toMatchObject({ status: 200, body: { endpoint: "https://192.0.2.2" } });
    const listed = await call(clusters.GET);
    expect(listed.body.clusters).toMatchObject([{ id }]);
    for (const { text } of [created, changed, listed]) expect(text).not.toContain("s3cret");
    expect((await call(cluster.DELETE, { id })).status).toBe(204);
    expect((await call(clusters.GET)).body.clusters).toEqual([]);
  });

  test("imports a kubeconfig longer than any other body, and is told from where on it is too long", async () => {
    const withLength = (length: number) => ({ body: { kubeconfig: `contexts: []\n#${"x".repeat(length)}` } });
    expect(await call(importing.POST, withLength(400_000))).toMatchObject({
      status: 400,
      body: { details: [{ field: "kubeconfig", takes: expect.stringContaining("at least one context") }] },
    });
    expect(await call(importing.POST, withLength(600_000))).toMatchObject({
      status: 413,
      body: { message: expect.stringContaining("larger than 512 KB") },
    });
    expect((await call(tokens.POST, { body: { name: "x".repeat(70_000) } })).status).toBe(413);
  });

  test("grants a role by which the person gets a kubeconfig that works as kubectl reads it", async () => {
    await call(clusters.POST, { body: CLUSTER });
    const granted = await call(grants.POST, { body: GRANT });
    expect(granted).toMatchObject({
      status: 201,
      body: { role: { name: "developer" }, subject: { name: "user" } },
    });
    expect((await call(me.GET, { as: "user" })).body).toMatchObject({
      email: "user@acme.example",
      consoleRole: "user",
      grants: [{ namespaces: ["payments"] }],
      clusters: [{ name: "prod" }],
    });
    const downloaded = await call(kubeconfig.POST, { as: "user", body: { name: "laptop" } });
    expect(downloaded.headers.get("content-disposition")).toBe('attachment; filename="kubeconfig.yaml"');
    const config = parse(downloaded.text);
    expect(config.clusters[0].cluster.server).toBe("https://localhost:8443");
    expect(config.clusters[0].cluster["certificate-authority-data"]).toBeTruthy();
    expect(config.users).toMatchObject([
      { name: "user@acme.example", user: { token: expect.stringMatching(/^kw_/) } },
    ]);
    const own = (await call(tokens.GET, { as: "user" })).body.tokens;
    const laptop = own.find(({ name }: { name: string }) => name === "laptop");
    expect(laptop).toMatchObject({ cluster: "prod", scopes: ["kubernetes"] });
    const issue = (body: object) => call(tokens.POST, { as: "user", body: { name: "another", ...body } });
    expect(await issue({ cluster: "elsewhere" })).toMatchObject({
      status: 400,
      body: { details: [{ field: "cluster", got: "elsewhere" }] },
    });
    expect(await issue({ cluster: "prod", scopes: ["kubernetes", "audit:read"] })).toMatchObject({
      status: 400,
      body: { details: [{ field: "scopes" }] },
    });
    expect((await call(token.DELETE, { as: "user", id: laptop.id })).status).toBe(204);
    expect((await call(grant.DELETE, { id: granted.body.id })).status).toBe(204);
    expect((await call(grants.GET)).body.grants).toEqual([]);
  });

  test("makes an application, whose secret is shown once", async () => {
    const created = await call(applications.POST, { body: { name: "siem" } });
    expect(created).toMatchObject({
      status: 201,
      body: { consoleRole: "auditor", secret: expect.stringMatching(/^kws_/) },
    });
    expect((await call(applications.GET)).text).not.toContain("kws_");
    const { id } = created.body;
    const rotated = await call(secret.POST, { id });
    expect(rotated.body.secret).not.toBe(created.body.secret);
    expect((await call(application.PATCH, { id, body: { enabled: false } })).body).toMatchObject({
      enabled: false,
    });
  });

  test("sees anybody's tokens and sessions and revokes them; an auditor only sees, a user neither", async () => {
    const { body } = await call(users.GET);
    const person = body.users.find((each: { name: string }) => each.name === "user");
    const expires = new Date(Date.now() + 3_600_000);
    const sessionToken = crypto.randomUUID();
    const signingIn = { ...ctx, sourceIp: "203.0.113.9", userAgent: "Firefox" };
    await createSession({
      ctx: signingIn,
      input: { userId: person.id, provider: "oidc", sessionToken, expires },
    });
    const { token: value, id } = await issueToken({ ctx, input: { name: "stolen", userId: person.id } });
    const asked = { id: person.id };

    const listed = await call(userTokens.GET, { ...asked, as: "auditor" });
    expect(listed.body.tokens).toContainEqual(
      expect.objectContaining({ id, name: "stolen", revokedAt: null }),
    );
    const listedSessions = await call(userSessions.GET, { ...asked, as: "auditor" });
    expect(listedSessions.body.sessions).toMatchObject([{ sourceIp: "203.0.113.9", userAgent: "Firefox" }]);
    for (const { text } of [listed, listedSessions]) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(sessionToken);
    }
    const sessionId = listedSessions.body.sessions[0].id;
    expect((await call(token.DELETE, { id, as: "auditor" })).status).toBe(404);
    expect((await call(session.DELETE, { id: sessionId, as: "auditor" })).status).toBe(404);

    expect((await call(token.DELETE, { id })).status).toBe(204);
    expect((await call(session.DELETE, { id: sessionId })).status).toBe(204);
    const tokensNow = (await call(userTokens.GET, asked)).body.tokens;
    expect(tokensNow.find((each: { id: string }) => each.id === id).revokedAt).not.toBeNull();
    expect((await call(userSessions.GET, asked)).body.sessions).toEqual([]);
    const events = (await readEvents(installation)).filter(({ operation }) => operation === "Revoke");
    expect(events.slice(-2)).toMatchObject([
      { entityType: "ApiKey", entityName: "stolen", actorName: "administrator@acme.example" },
      { entityType: "Session", entityName: "user@acme.example", before: { sourceIp: "203.0.113.9" } },
    ]);
  });

  test("disables a person, but not themselves", async () => {
    const { body } = await call(users.GET);
    const idOf = (name: string) => body.users.find((each: { name: string }) => each.name === name).id;
    expect((await call(user.PATCH, { id: idOf("administrator"), body: { enabled: false } })).status).toBe(
      400,
    );
    expect((await call(user.PATCH, { id: idOf("user"), body: { enabled: false } })).body).toMatchObject({
      enabled: false,
      disabledBy: "administrator",
    });
    await expect.poll(async () => (await call(me.GET, { as: "user" })).status).toBe(401);
  });
});

describe("a wrong body is answered with the field, what it got and what it takes, and no secret", () => {
  test.each<[string, Handler, object, string]>([
    ["clusters name", clusters.POST, { ...CLUSTER, name: "a/b" }, "name"],
    ["clusters endpoint", clusters.POST, { ...CLUSTER, endpoint: "https://127.0.0.1" }, "endpoint"],
    ["clusters unknown", clusters.POST, { ...CLUSTER, passwort: "s3cret" }, "passwort"],
    ["grants role", grants.POST, { ...GRANT, role: "nobody" }, "role"],
    ["grants namespaces", grants.POST, { ...GRANT, namespaces: ["Not_A_Namespace"] }, "namespaces.0"],
    ["grants expiry", grants.POST, { ...GRANT, expiresAt: "tomorrow" }, "expiresAt"],
    ["applications name", applications.POST, { name: "UPPER" }, "name"],
    ["users name", users.POST, { email: "bidi@acme.example", name: "Alice\u202eecila" }, "name"],
    ["users groups", users.POST, { email: "bidi@acme.example", name: "x", groups: ["a\u0007"] }, "groups.0"],
    ["grants group", grants.POST, { ...GRANT, subject: "admins\u200e" }, "subject"],
    ["tokens name", tokens.POST, { name: "laptop\u2067" }, "name"],
    ["kubeconfig name", kubeconfig.POST, { name: "laptop\u2067" }, "name"],
    ["users email", users.POST, { email: "system:admin", name: "x" }, "email"],
  ])("%s", async (_name, handler, body, field) => {
    const answer = await call(handler, { body });
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_argument", details: [{ field }] } });
    expect(answer.text).not.toContain("s3cret");
  });
});

describe("a parameter that an address does not take", () => {
  test.each<[string, Handler]>([
    ["me", me.GET],
    ["users", users.GET],
    ["settings", settings.GET],
  ])("is an error: %s", async (_name, handler) => {
    expect(await call(handler, { query: "?x=1" })).toMatchObject({
      status: 400,
      body: { code: "invalid_argument", details: [{ field: "x", got: "an unknown parameter" }] },
    });
  });
});

test("an Authorization header of another kind says what is taken", async () => {
  const request = new Request("http://localhost:3000/api/v1/me", {
    headers: { authorization: "Basic eA==" },
  });
  const response = await me.GET(request, { params: Promise.resolve({}) });
  expect(response.status).toBe(401);
  expect((await response.json()).message).toBe(
    "The Authorization header holds no bearer token. Send it as: Bearer <token>.",
  );
});

test("a wrong cluster is answered with all its wrong fields at once", async () => {
  const endpoint = "ftp://root:s3cret@10.0.0.1";
  const body = { name: "Bad Name!!", endpoint, credential: { kind: "token", token: "" } };
  const answer = await call(clusters.POST, { body });
  const fields = answer.body.details.map(({ field }: { field: string }) => field);
  expect(fields).toEqual(["name", "endpoint", "credential.token"]);
  expect(answer.text).not.toContain("s3cret");
  const empty = await call(clusters.POST, { body: { ...body, name: "", endpoint: "" } });
  expect(empty.body.details.map(({ field }: { field: string }) => field)).toEqual(fields);
});
