import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../test/installation.ts";
import { secondFactorExercises } from "../test/second-factor-exercises.ts";
import { createDepartment, deleteDepartment, updateDepartment } from "./access/departments/mutations.ts";
import { createGrant, revokeGrant, updateGrant } from "./access/grants/mutations.ts";
import { createNodePool, deleteNodePool, updateNodePool } from "./access/node-pools/mutations.ts";
import { createProject, deleteProject, updateProject } from "./access/projects/mutations.ts";
import {
  approveAccessRequest,
  createAccessRequest,
  endAccessRequest,
  refuseAccessRequest,
  withdrawAccessRequest,
} from "./access/requests/changes/mutations.ts";
import { RoleDocument } from "./access/roles/document/schema.ts";
import {
  createRole,
  deleteRole,
  replaceRole,
  restoreRole,
  updateBuiltInRoles,
  updateRole,
} from "./access/roles/mutations.ts";
import { createAlert, deleteAlert, updateAlert } from "./alerts/alerts/mutations.ts";
import {
  createAlertChannel,
  deleteAlertChannel,
  testAlertChannel,
  updateAlertChannel,
} from "./alerts/channels/mutations.ts";
import { createSavedView, deleteSavedView, updateSavedView } from "./audit/views/mutations.ts";
import { registerCluster, removeCluster, updateCluster } from "./clusters/mutations.ts";
import { installConfig, loadConfig } from "./config.ts";
import { type Context, systemContext } from "./context.ts";
import { issueApplicationToken } from "./identity/application-tokens/mutations.ts";
import {
  boundApplication,
  createApplication,
  endPreviousSecret,
  rotateApplicationSecret,
  setApplicationEnabled,
} from "./identity/applications/mutations.ts";
import { revokeLogin } from "./identity/logins/mutations.ts";
import { answerAuthorization } from "./identity/oauth/authorize/mutations.ts";
import { beginDeviceRequest } from "./identity/oauth/device/begin-device-request.ts";
import { answerDevice } from "./identity/oauth/device/mutations.ts";
import { redeemGrant } from "./identity/oauth/grants/mutations.ts";
import { revokeLoginToken, revokePresentedToken } from "./identity/oauth/mutations.ts";
import {
  createPerson,
  setPersonEnabled,
  updatePersonGroups,
  withdrawPerson,
} from "./identity/people/mutations.ts";
import { followProviders } from "./identity/provider-changes/mutations.ts";
import {
  createProvider,
  removeProvider,
  testProvider,
  updateProvider,
} from "./identity/provider-store/mutations.ts";

import {
  createScimGroup,
  deleteScimGroup,
  patchScimGroup,
  replaceScimGroup,
} from "./identity/scim/groups/mutations.ts";

import { createScimToken, revokeScimToken } from "./identity/scim/tokens/mutations.ts";
import {
  createScimUser,
  deleteScimUser,
  patchScimUser,
  replaceScimUser,
} from "./identity/scim/users/mutations.ts";
import { findSession } from "./identity/sessions/find-session.ts";
import {
  createSession,
  endSession,
  endSessionsAtProvider,
  revokeOtherSessions,
  revokeSession,
  revokeSessionsOf,
} from "./identity/sessions/mutations.ts";

import { admitPerson } from "./identity/sign-in/mutations.ts";
import { issueToken, issueTokens, revokeToken } from "./identity/tokens/mutations.ts";
import { requestSessionEnd } from "./recordings/live/mutations.ts";
import { testSession } from "./recordings/store/testing/recorded.ts";
import { changeSettings } from "./settings/mutations.ts";
import { discardDeadLetters, replayDeadLetters } from "./streams/dead-letters/mutations.ts";
import { createStream, pauseStream, removeStream, resumeStream, updateStream } from "./streams/mutations.ts";
import { cancelReplay, replayRange } from "./streams/replays/mutations.ts";
import { testStream, tryStream } from "./streams/trial/mutations.ts";
import { removeAgent, revokeAgent, updateAgent } from "./tunnels/agents/mutations.ts";
import {
  joinAgent,
  makeJoinToken,
  renewCertificate,
  withdrawJoinToken,
} from "./tunnels/joining/mutations.ts";
import { agentKey, joinedAgent } from "./tunnels/testing/joining-agent.ts";
import {
  createWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from "./webhooks/mutations.ts";

// Every exported function of a file named mutations.ts changes something, and what changes something writes an event. A new one has to
// be added here, with an exercise of it.

const ctx = systemContext("test");
let installation: TestInstallation;

beforeAll(async () => {
  installation = await createTestInstallation();
  // The demo's own provider is there once it has started.
  const { data, ...config } = installation.config;
  const { providers } = loadConfig({ env: { ...NO_DEMO, KUBEWITNESS_DATA: data }, cwd: data });
  installConfig({ ...config, data, providers });
});
afterAll(() => installation.close());

let made = 0;
const unique = (what: string) => `${what}-${++made}`;
const newPerson = (groups: string[] = []) =>
  createPerson({ ctx, input: { email: `${unique("person")}@acme.example`, name: "A Person", groups } });
const newToken = async () => issueToken({ ctx, input: { name: "t", userId: (await newPerson()).id } });
const newApplication = () => createApplication({ ctx, input: { name: unique("application") } });
const newCluster = () =>
  registerCluster({
    ctx,
    input: {
      name: unique("cluster"),
      endpoint: "https://192.0.2.1:6443",
      credential: { kind: "token", token: "s3cret" },
    },
  });
const newProvider = () => {
  const id = unique("provider");
  const settings = { issuer: `http://127.0.0.1:1/${id}`, clientId: "x", clientSecret: "s3cret" };
  return createProvider({ ctx, input: { id, kind: "oidc", ...settings } });
};
const newProject = () =>
  createProject({
    ctx,
    input: { name: unique("project"), members: [{ clusters: ["prod-*"], namespaces: ["payments"] }] },
  });
const newDepartment = async () =>
  createDepartment({ ctx, input: { name: unique("department"), projects: [(await newProject()).id] } });
const newNodePool = () =>
  createNodePool({
    ctx,
    input: { name: unique("pool"), members: [{ clusters: ["*"], nodeLabels: { pool: "gpu" } }] },
  });
const newGrant = async () => {
  await updateBuiltInRoles({ ctx });
  return createGrant({
    ctx,
    input: { role: "developer", subjectKind: "group", subject: unique("group"), cluster: null },
  });
};
const newRole = () => {
  const rules = [{ effect: "allow" as const, apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
  const document = RoleDocument.parse({
    apiVersion: "kubewitness.io/v1",
    kind: "Role",
    metadata: { name: unique("role") },
    spec: { rules },
  });
  return createRole({ ctx, input: { document } });
};
/** Somebody who may ask for a role. */
const newAsker = async (): Promise<Context> => {
  await updateBuiltInRoles({ ctx });
  const requests = { requestable: true, approverRoles: [] };
  await installation.prisma.role.update({ where: { name: "developer" }, data: { requests } });
  const { id, name, email } = await newPerson();
  const nobodyElse = { consoleRole: "user" as const, groups: [], groupIds: [] };
  return { ...ctx, actor: { kind: "user", id, name, email, ...nobodyElse } };
};
const newRequest = (asker: Context) =>
  createAccessRequest({
    ctx: asker,
    input: { role: "developer", cluster: null, durationMs: 60_000, reason: "a test" },
  });
const newStream = () =>
  createStream({ ctx, input: { name: unique("stream"), kind: "file", surfaces: { events: {} } } });
const newDeadLetter = async () => {
  const { id } = await newStream();
  const letter = { streamId: id, surface: "events", no: 1, reason: "refused", text: "{}" };
  await installation.prisma.streamDeadLetter.create({ data: { ...letter, happenedAt: new Date() } });
  return { id };
};
const newReplay = async () => {
  const { id } = await newStream();
  return replayRange({ ctx, input: { id, surface: "events", from: 1, to: 1 } });
};
const newWebhook = () =>
  createWebhook({ ctx, input: { name: unique("webhook"), url: "https://192.0.2.1/hook" } });
const newJoinToken = async () => makeJoinToken({ ctx, input: { cluster: (await newCluster()).id } });
const newAgent = async () => joinedAgent({ admin: ctx, stranger: ctx }, { cluster: (await newCluster()).id });
const SESSION_AT_PROVIDER = "of the provider";
const newSession = async (of?: string) => {
  const userId = of ?? (await newPerson()).id;
  const sessionToken = unique("session");
  await createSession({
    ctx,
    input: {
      userId,
      provider: "oidc",
      sessionToken,
      expires: new Date(Date.now() + 60_000),
      atProvider: { id: SESSION_AT_PROVIDER, signOut: null },
    },
  });
  return { sessionToken, userId };
};
const PROVIDER = {
  id: "oidc",
  formerIssuer: null,
  allowedDomains: [],
  linkVerifiedEmail: false,
  nameSetting: (field: string) => field,
};
const OF_PROVIDER = { issuer: "demo", emailVerified: true, groups: { names: [], leftOut: null } };
const identity = () => {
  const subject = unique("subject");
  return { subject, email: `${subject}@acme.example`, name: "Somebody", ...OF_PROVIDER };
};

const SCIM_CLIENT = { issuer: "demo" };
const newScimUser = () =>
  createScimUser({
    ctx,
    input: { client: SCIM_CLIENT, resource: { userName: `${unique("scim")}@acme.example` } },
  });
const newScimGroup = () =>
  createScimGroup({ ctx, input: { client: SCIM_CLIENT, resource: { displayName: unique("scim") } } });
const newScimToken = () => createScimToken({ ctx, input: { name: unique("scim"), provider: "oidc" } });

const newView = async () => {
  const { id, name, email } = await newPerson();
  const actor = {
    kind: "user" as const,
    id,
    name,
    email,
    consoleRole: "user" as const,
    groups: [],
    groupIds: [],
  };
  const own = { ...ctx, actor };
  const input = { surface: "request_audit" as const, name: unique("view"), query: "", shared: false };
  return { own, view: await createSavedView({ ctx: own, input }) };
};

const newAlertChannel = () =>
  createAlertChannel({
    ctx,
    input: { name: unique("channel"), to: { kind: "slack", url: "https://192.0.2.1/services/x" } },
  });
const newAlert = async () => {
  const channels = [(await newAlertChannel()).id];
  return createAlert({ ctx, input: { name: unique("alert"), surface: "request_audit", channels } });
};
const VERIFIER = "v".repeat(43);
const CALLBACK = "http://127.0.0.1:45678/callback";
/** Somebody at a browser, and what the command line asks them for. */
const newPersonAtBrowser = async (): Promise<Context> => {
  const { sessionToken } = await newSession();
  return { ...ctx, ...(await findSession(sessionToken))! };
};
const approveCommandLine = (own: Context) =>
  answerAuthorization({
    ctx: own,
    input: {
      answer: "approve",
      request: {
        response_type: "code",
        client_id: "kubewitness-cli",
        redirect_uri: CALLBACK,
        code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
        code_challenge_method: "S256",
      },
    },
  });
const redeemApproved = async ({ redirectTo }: { redirectTo: string }) => {
  const code = new URL(redirectTo).searchParams.get("code")!;
  const input = { kind: "authorization_code" as const, code, redirectUri: CALLBACK, verifier: VERIFIER };
  return redeemGrant({ ctx, input });
};
const newLogin = async () => redeemApproved(await approveCommandLine(await newPersonAtBrowser()));
const newDevice = async () => {
  const form = "client_id=kubewitness-cli";
  const { user_code: userCode } = await beginDeviceRequest({ ctx, authorization: null, form });
  return { own: await newPersonAtBrowser(), userCode };
};

const RUNNING_SESSION = testSession();

interface Exercise {
  /** What has to be there before; its events do not count. */
  prepare?: () => Promise<unknown>;
  run: (prepared: never) => Promise<unknown>;
  /** The events that the mutation writes, at least: operation and entity type. */
  writes: string[];
}

function exercise<P>(
  prepare: () => Promise<P>,
  run: (prepared: P) => Promise<unknown>,
  ...writes: string[]
): Exercise {
  return { prepare, run: run as Exercise["run"], writes };
}
const nothing = async () => undefined;

const EXERCISES: Record<string, Exercise> = {
  "tunnels/joining makeJoinToken": exercise(nothing, newJoinToken, "Create TunnelAgent"),
  "tunnels/joining withdrawJoinToken": exercise(
    newJoinToken,
    ({ id }) => withdrawJoinToken({ ctx, input: { id } }),
    "Withdraw TunnelAgent",
  ),
  "tunnels/joining joinAgent": exercise(
    async () => ({ ...(await newJoinToken()), ...(await agentKey()) }),
    ({ token, certificateRequest }) =>
      joinAgent({ ctx, input: { token, certificateRequest, name: null, tags: [], version: "1" } }),
    "Join TunnelAgent",
  ),
  "tunnels/joining renewCertificate": exercise(
    newAgent,
    async ({ agentId }) => {
      const { certificateRequest } = await agentKey();
      return renewCertificate({ ctx, input: { agentId, certificateRequest } });
    },
    "Rotate TunnelAgent",
  ),
  "tunnels/agents updateAgent": exercise(
    newAgent,
    ({ agentId: id }) => updateAgent({ ctx, input: { id, tags: ["eu"] } }),
    "Update TunnelAgent",
  ),
  "tunnels/agents revokeAgent": exercise(
    newAgent,
    ({ agentId: id }) => revokeAgent({ ctx, input: { id } }),
    "Revoke TunnelAgent",
  ),
  "tunnels/agents removeAgent": exercise(
    newAgent,
    ({ agentId: id }) => removeAgent({ ctx, input: { id } }),
    "Delete TunnelAgent",
  ),
  "settings changeSettings": exercise(
    nothing,
    () => changeSettings({ ctx, input: { changes: [{ name: "tokens.lifetime", value: "12h" }] } }),
    "Update Settings",
  ),
  "access/grants createGrant": exercise(
    () => updateBuiltInRoles({ ctx }),
    newGrant,
    "Create Group",
    "Create AccessGrant",
  ),
  "access/grants revokeGrant": exercise(
    newGrant,
    ({ id }) => revokeGrant({ ctx, input: { id } }),
    "Revoke AccessGrant",
  ),
  "access/departments createDepartment": exercise(nothing, newDepartment, "Create Department"),
  "access/departments updateDepartment": exercise(
    newDepartment,
    async ({ id }) => updateDepartment({ ctx, input: { id, projects: [(await newProject()).name] } }),
    "Update Department",
  ),
  "access/departments deleteDepartment": exercise(
    newDepartment,
    ({ id }) => deleteDepartment({ ctx, input: { id } }),
    "Delete Department",
  ),
  "access/node-pools createNodePool": exercise(nothing, newNodePool, "Create NodePool"),
  "access/node-pools updateNodePool": exercise(
    newNodePool,
    ({ id }) => updateNodePool({ ctx, input: { id, description: "with GPUs" } }),
    "Update NodePool",
  ),
  "access/node-pools deleteNodePool": exercise(
    newNodePool,
    ({ id }) => deleteNodePool({ ctx, input: { id } }),
    "Delete NodePool",
  ),
  "access/projects createProject": exercise(nothing, newProject, "Create Project"),
  "access/projects updateProject": exercise(
    newProject,
    ({ id }) => updateProject({ ctx, input: { id, name: unique("renamed") } }),
    "Update Project",
  ),
  "access/projects deleteProject": exercise(
    newProject,
    ({ id }) => deleteProject({ ctx, input: { id } }),
    "Delete Project",
  ),
  "access/grants updateGrant": exercise(
    newGrant,
    ({ id }) => updateGrant({ ctx, input: { id, expiresAt: new Date(Date.now() + 60_000).toISOString() } }),
    "Update AccessGrant",
  ),
  "access/requests/changes createAccessRequest": exercise(
    newAsker,
    (asker) => newRequest(asker),
    "Create AccessRequest",
  ),
  "access/requests/changes approveAccessRequest": exercise(
    async () => newRequest(await newAsker()),
    ({ id }) => approveAccessRequest({ ctx, input: { id } }),
    "Create AccessGrant",
    "Approve AccessRequest",
  ),
  "access/requests/changes refuseAccessRequest": exercise(
    async () => newRequest(await newAsker()),
    ({ id }) => refuseAccessRequest({ ctx, input: { id, word: "no" } }),
    "Refuse AccessRequest",
  ),
  "access/requests/changes withdrawAccessRequest": exercise(
    async () => {
      const asker = await newAsker();
      return { asker, request: await newRequest(asker) };
    },
    ({ asker, request: { id } }) => withdrawAccessRequest({ ctx: asker, input: { id } }),
    "Withdraw AccessRequest",
  ),
  "access/requests/changes endAccessRequest": exercise(
    async () => {
      const { id } = await newRequest(await newAsker());
      return approveAccessRequest({ ctx, input: { id } });
    },
    ({ id }) => endAccessRequest({ ctx, input: { id } }),
    "Revoke AccessGrant",
    "End AccessRequest",
  ),
  "access/roles updateBuiltInRoles": exercise(
    async () => {
      await installation.prisma.grant.deleteMany();
      await installation.prisma.role.deleteMany();
    },
    () => updateBuiltInRoles({ ctx }),
    "Create Role",
  ),
  "access/roles createRole": exercise(nothing, newRole, "Create Role"),
  "access/roles replaceRole": exercise(
    newRole,
    ({ id, version, document }) => replaceRole({ ctx, input: { id, version, document } }),
    "Update Role",
  ),
  "access/roles restoreRole": exercise(
    newRole,
    ({ id, version }) => restoreRole({ ctx, input: { id, version, restore: 1 } }),
    "Restore Role",
  ),
  "access/roles deleteRole": exercise(newRole, ({ id }) => deleteRole({ ctx, input: { id } }), "Delete Role"),
  "access/roles updateRole": exercise(
    async () => {
      await updateBuiltInRoles({ ctx });
      return installation.prisma.role.findFirstOrThrow();
    },
    ({ id }) => updateRole({ ctx, input: { id, record: "required" } }),
    "Update Role",
  ),
  "audit/views createSavedView": exercise(nothing, newView, "Create SavedView"),
  "audit/views updateSavedView": exercise(
    newView,
    ({ own, view }) => updateSavedView({ ctx: own, input: { id: view.id, shared: true } }),
    "Update SavedView",
  ),
  "audit/views deleteSavedView": exercise(
    newView,
    ({ own, view }) => deleteSavedView({ ctx: own, input: { id: view.id } }),
    "Delete SavedView",
  ),
  "clusters registerCluster": exercise(nothing, newCluster, "Create Cluster"),
  "clusters updateCluster": exercise(
    newCluster,
    ({ id }) => updateCluster({ ctx, input: { id, name: unique("renamed") } }),
    "Update Cluster",
  ),
  "clusters removeCluster": exercise(
    async () => {
      const cluster = await newCluster();
      await updateBuiltInRoles({ ctx });
      const grant = { role: "developer", subjectKind: "group" as const, subject: unique("group") };
      await createGrant({ ctx, input: { ...grant, cluster: cluster.name } });
      return cluster;
    },
    ({ id }) => removeCluster({ ctx, input: { id } }),
    "Delete Cluster",
    "Revoke AccessGrant",
  ),
  "identity/application-tokens issueApplicationToken": exercise(
    newApplication,
    ({ id, secret }) =>
      issueApplicationToken({
        ctx,
        input: { grantType: "client_credentials", clientId: id, clientSecret: secret },
      }),
    "Login Login",
  ),
  "alerts/alerts createAlert": exercise(nothing, newAlert, "Create Alert"),
  "alerts/alerts updateAlert": exercise(
    newAlert,
    ({ id }) => updateAlert({ ctx, input: { id, moreThan: 3 } }),
    "Update Alert",
  ),
  "alerts/alerts deleteAlert": exercise(
    newAlert,
    ({ id }) => deleteAlert({ ctx, input: { id } }),
    "Delete Alert",
  ),
  "alerts/channels createAlertChannel": exercise(nothing, newAlertChannel, "Create Alert"),
  "alerts/channels updateAlertChannel": exercise(
    newAlertChannel,
    ({ id }) => updateAlertChannel({ ctx, input: { id, enabled: false } }),
    "Update Alert",
  ),
  "alerts/channels deleteAlertChannel": exercise(
    newAlertChannel,
    ({ id }) => deleteAlertChannel({ ctx, input: { id } }),
    "Delete Alert",
  ),
  "alerts/channels testAlertChannel": exercise(
    async () => {
      const channel = await newAlertChannel();
      // It is called by nobody, at once.
      await installation.prisma.alertChannel.update({ where: { id: channel.id }, data: { secret: null } });
      return channel;
    },
    ({ id }) => testAlertChannel({ ctx, input: { id } }),
    "Start Alert",
  ),
  "identity/logins revokeLogin": exercise(
    async () => {
      await newLogin();
      return installation.prisma.commandLineLogin.findFirstOrThrow({ where: { endedAt: null } });
    },
    ({ id }) => revokeLogin({ ctx, input: { id } }),
    "Revoke Session",
  ),
  "identity/oauth/authorize answerAuthorization": exercise(
    newPersonAtBrowser,
    approveCommandLine,
    "Approve Login",
  ),
  "identity/oauth/device answerDevice": exercise(
    newDevice,
    ({ own, userCode }) => answerDevice({ ctx: own, input: { userCode, answer: "refuse" } }),
    "Refuse Login",
  ),
  "identity/oauth/grants redeemGrant": exercise(
    async () => approveCommandLine(await newPersonAtBrowser()),
    redeemApproved,
    "Login Login",
  ),
  "identity/oauth revokeLoginToken": exercise(
    newLogin,
    ({ refresh_token: token }) => revokeLoginToken({ ctx, input: { token } }),
    "Revoke Session",
  ),
  "identity/applications createApplication": exercise(nothing, newApplication, "Create Applications"),
  "identity/applications rotateApplicationSecret": exercise(
    newApplication,
    ({ id }) => rotateApplicationSecret({ ctx, input: { id } }),
    "Rotate Applications",
  ),
  "identity/applications endPreviousSecret": exercise(
    async () => {
      const { id } = await newApplication();
      return rotateApplicationSecret({ ctx, input: { id, keepOldForMs: 60_000 } });
    },
    ({ id }) => endPreviousSecret({ ctx, input: { id } }),
    "Revoke Applications",
  ),
  "identity/applications boundApplication": exercise(
    newApplication,
    ({ id }) => boundApplication({ ctx, input: { id, scopes: ["audit:read"] } }),
    "Update Applications",
  ),
  "identity/applications setApplicationEnabled": exercise(
    newApplication,
    ({ id }) => setApplicationEnabled({ ctx, input: { id, enabled: false } }),
    "Disable Applications",
  ),
  "identity/oauth revokePresentedToken": exercise(
    async () => {
      const { id: userId } = await newPerson();
      const { token } = await issueToken({ ctx, input: { name: "t", userId } });
      const actor = { kind: "user", id: userId, name: "A Person", email: "", consoleRole: "user" } as const;
      return { token, own: { ...ctx, actor: { ...actor, groups: [], groupIds: [] } } };
    },
    ({ own, token }) => revokePresentedToken({ ctx: own, input: { token } }),
    "Revoke ApiKey",
  ),
  "identity/people createPerson": exercise(
    nothing,
    () => newPerson([unique("group")]),
    "Create User",
    "Create Group",
    "Update Group",
  ),
  "identity/people setPersonEnabled": exercise(
    newPerson,
    ({ id }) => setPersonEnabled({ ctx, input: { id, enabled: false } }),
    "Disable User",
  ),
  "identity/people withdrawPerson": exercise(
    newPerson,
    ({ id }) => withdrawPerson({ ctx, input: { id, reason: "gone" } }),
    "Disable User",
  ),
  "identity/people updatePersonGroups": exercise(
    () => newPerson(["old"]),
    ({ id }) => updatePersonGroups({ ctx, input: { id, groups: ["new"] } }),
    "Update Group",
  ),
  "identity/provider-changes followProviders": exercise(
    nothing,
    () => followProviders({ ctx }),
    "Update Settings",
  ),
  "identity/provider-store createProvider": exercise(nothing, newProvider, "Create Provider"),
  "identity/provider-store updateProvider": exercise(
    newProvider,
    ({ id }) => updateProvider({ ctx, input: { id, enabled: false } }),
    "Disable Provider",
  ),
  "identity/provider-store removeProvider": exercise(
    newProvider,
    ({ id }) => removeProvider({ ctx, input: { id } }),
    "Delete Provider",
  ),
  "identity/provider-store testProvider": exercise(
    newProvider,
    ({ id }) => testProvider({ ctx, input: { id } }),
    "View Provider",
  ),
  "identity/scim/groups createScimGroup": exercise(nothing, () => newScimGroup(), "Create Group"),
  "identity/scim/groups replaceScimGroup": exercise(
    newScimGroup,
    (id) => {
      const resource = { displayName: unique("renamed") };
      return replaceScimGroup({ ctx, input: { client: SCIM_CLIENT, id, resource } });
    },
    "Update Group",
  ),
  "identity/scim/groups patchScimGroup": exercise(
    newScimGroup,
    (id) => {
      const operations = [{ op: "replace" as const, path: "displayName", value: unique("renamed") }];
      return patchScimGroup({ ctx, input: { client: SCIM_CLIENT, id, operations } });
    },
    "Update Group",
  ),
  "identity/scim/groups deleteScimGroup": exercise(
    newScimGroup,
    (id) => deleteScimGroup({ ctx, input: { client: SCIM_CLIENT, id } }),
    "Delete Group",
  ),
  "identity/scim/tokens createScimToken": exercise(nothing, () => newScimToken(), "Create ApiKey"),
  "identity/scim/tokens revokeScimToken": exercise(
    newScimToken,
    ({ id }) => revokeScimToken({ ctx, input: { id } }),
    "Revoke ApiKey",
  ),
  "identity/scim/users createScimUser": exercise(nothing, () => newScimUser(), "Create User"),
  "identity/scim/users replaceScimUser": exercise(
    newScimUser,
    ({ id, userName }) => {
      const resource = { userName, displayName: unique("Name"), active: false };
      return replaceScimUser({ ctx, input: { client: SCIM_CLIENT, id, resource } });
    },
    "Update User",
    "Disable User",
  ),
  "identity/scim/users patchScimUser": exercise(
    newScimUser,
    ({ id }) => {
      const operations = [{ op: "replace" as const, path: "active", value: "False" }];
      return patchScimUser({ ctx, input: { client: SCIM_CLIENT, id, operations } });
    },
    "Disable User",
  ),
  "identity/scim/users deleteScimUser": exercise(
    newScimUser,
    ({ id }) => deleteScimUser({ ctx, input: { client: SCIM_CLIENT, id } }),
    "Delete User",
  ),
  "identity/sessions createSession": exercise(nothing, () => newSession(), "Login Login"),
  "identity/sessions endSession": exercise(
    () => newSession(),
    (input) => endSession({ ctx, input }),
    "Logout Login",
  ),
  "identity/sessions endSessionsAtProvider": exercise(
    () => newSession(),
    () =>
      endSessionsAtProvider({
        ctx,
        input: { provider: "oidc", issuer: "x", sessionId: SESSION_AT_PROVIDER, subject: null },
      }),
    "Logout Login",
  ),
  "identity/sessions revokeSession": exercise(
    async () => {
      await newSession();
      return installation.prisma.session.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
    },
    ({ id }) => revokeSession({ ctx, input: { id } }),
    "Revoke Session",
  ),
  "identity/sessions revokeOtherSessions": exercise(
    async () => {
      const { userId } = await newSession();
      const { sessionToken } = await newSession(userId);
      return { ...ctx, ...(await findSession(sessionToken))! };
    },
    (own) => revokeOtherSessions({ ctx: own }),
    "Revoke Session",
  ),
  "identity/sessions revokeSessionsOf": exercise(
    () => newSession(),
    ({ userId: id }) => revokeSessionsOf({ ctx, input: { id } }),
    "Revoke Session",
  ),
  "identity/sign-in admitPerson": exercise(
    nothing,
    () => admitPerson({ ctx, input: { provider: PROVIDER, identity: identity(), refreshToken: null } }),
    "Create User",
  ),
  "identity/tokens issueToken": exercise(nothing, newToken, "Create ApiKey"),
  "identity/tokens issueTokens": exercise(
    newPerson,
    ({ id: userId }) => issueTokens({ ctx, input: { userId, tokens: [{ name: "t" }] } }),
    "Create ApiKey",
  ),
  "identity/tokens revokeToken": exercise(
    newToken,
    ({ id }) => revokeToken({ ctx, input: { id } }),
    "Revoke ApiKey",
  ),
  "recordings/live requestSessionEnd": exercise(
    async () => {
      const { recordingId: id, ...session } = RUNNING_SESSION;
      await installation.prisma.recordingRunning.create({
        data: {
          recordingId: id,
          startedAt: new Date(session.startedAt),
          owner: id,
          entry: RUNNING_SESSION,
        },
      });
      return { id };
    },
    ({ id }) => requestSessionEnd({ ctx, input: { id, reason: "a change is to be rolled back" } }),
    "End Recording",
  ),
  "streams createStream": exercise(nothing, newStream, "Create Stream"),
  "streams updateStream": exercise(
    newStream,
    ({ id }) => updateStream({ ctx, input: { id, rateLimit: 10 } }),
    "Update Stream",
  ),
  "streams pauseStream": exercise(newStream, ({ id }) => pauseStream({ ctx, input: { id } }), "Pause Stream"),
  "streams resumeStream": exercise(
    async () => {
      const { id } = await newStream();
      return pauseStream({ ctx, input: { id } });
    },
    ({ id }) => resumeStream({ ctx, input: { id } }),
    "Resume Stream",
  ),
  "streams removeStream": exercise(
    newStream,
    ({ id }) => removeStream({ ctx, input: { id } }),
    "Delete Stream",
  ),
  "streams/replays replayRange": exercise(nothing, newReplay, "Replay Stream"),
  "streams/replays cancelReplay": exercise(
    newReplay,
    ({ id, replays }) => cancelReplay({ ctx, input: { id, replayId: replays[0]!.id } }),
    "Replay Stream",
  ),
  "streams/dead-letters replayDeadLetters": exercise(
    newDeadLetter,
    ({ id }) => replayDeadLetters({ ctx, input: { id, all: true } }),
    "Replay Stream",
  ),
  "streams/dead-letters discardDeadLetters": exercise(
    newDeadLetter,
    ({ id }) => discardDeadLetters({ ctx, input: { id, all: true } }),
    "Delete Stream",
  ),
  "streams/trial testStream": exercise(
    newStream,
    ({ id }) => testStream({ ctx, input: { id } }),
    "Start Stream",
  ),
  "streams/trial tryStream": exercise(
    newStream,
    ({ id }) => tryStream({ ctx, input: { id, kind: "file" } }),
    "Start Stream",
  ),
  "webhooks createWebhook": exercise(nothing, newWebhook, "Create Webhook"),
  "webhooks updateWebhook": exercise(
    newWebhook,
    ({ id }) => updateWebhook({ ctx, input: { id, enabled: false } }),
    "Update Webhook",
  ),
  "webhooks rotateWebhookSecret": exercise(
    newWebhook,
    ({ id }) => rotateWebhookSecret({ ctx, input: { id } }),
    "Rotate Webhook",
  ),
  "webhooks deleteWebhook": exercise(
    newWebhook,
    ({ id }) => deleteWebhook({ ctx, input: { id } }),
    "Delete Webhook",
  ),
  "webhooks testWebhook": exercise(
    async () => {
      const { id } = await newWebhook();
      // Where it is refused at once: nobody is called.
      await installation.prisma.webhook.update({ where: { id }, data: { url: "https://127.0.0.1/hook" } });
      return { id };
    },
    ({ id }) => testWebhook({ ctx, input: { id } }),
    "Start Webhook",
  ),
};

for (const [name, [prepare, run, ...writes]] of Object.entries(secondFactorExercises(() => installation))) {
  EXERCISES[name] = { prepare, run, writes };
}

async function listMutations(): Promise<string[]> {
  const files = globSync("**/mutations.ts", { cwd: import.meta.dirname });
  const names = await Promise.all(
    files.map(async (file) => {
      const module: Record<string, unknown> = await import(path.join(import.meta.dirname, file));
      const functions = Object.keys(module).filter((name) => typeof module[name] === "function");
      return functions.map((name) => `${path.dirname(file)} ${name}`);
    }),
  );
  return names.flat().sort();
}

test("every mutation of lib has its exercise here", async () => {
  const mutations = await listMutations();
  expect(mutations.length).toBeGreaterThan(15);
  expect(Object.keys(EXERCISES).sort()).toEqual(mutations);
});

describe("a mutation writes its event", () => {
  test.each(Object.entries(EXERCISES))("%s", async (_name, { prepare, run, writes }) => {
    const prepared = (await prepare?.()) as never;
    const before = await lastEventNo(installation);
    await run(prepared);
    const events = await readEvents(installation, before);
    const written = events.map(({ operation, entityType }) => `${operation} ${entityType}`);
    expect(written).toEqual(expect.arrayContaining(writes));
    for (const event of events) {
      expect(event.status).toBe("Succeeded");
      expect(event.entityId).toBeTruthy();
      expect(JSON.stringify(event)).not.toMatch(/s3cret|whsec_|kw[sp]?_[A-Za-z0-9_-]{43}/);
    }
  });
});

describe("a mutation that fails writes none", () => {
  test("and changes nothing", async () => {
    const { name } = await newCluster();
    const before = await lastEventNo(installation);
    const input = { name, endpoint: "https://192.0.2.9", credential: { kind: "none" as const } };
    await expect(registerCluster({ ctx, input })).rejects.toMatchObject({ code: "conflict" });
    expect(await lastEventNo(installation)).toBe(before);
  });
});
