import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { DryRunInput, DryRunLine } from "../../../lib/access/dry-run/schema.ts";
import {
  CreateGrantInput,
  GrantList,
  GrantView,
  ListGrantsQuery,
  RevokeGrantInput,
  UpdateGrantInput,
} from "../../../lib/access/grants/schema.ts";
import { SimulateInput, Simulation } from "../../../lib/access/simulator/schema.ts";
import {
  DownloadKubeconfigInput,
  GatewayAddress,
  ImportedCluster,
  ImportKubeconfigInput,
} from "../../../lib/clusters/kubeconfig/schema.ts";
import { ClusterNamespaces, ListNamespacesQuery } from "../../../lib/clusters/namespaces/schema.ts";
import {
  ClusterHealth,
  ClusterView,
  ClusterWithHealth,
  RegisterClusterInput,
  UpdateClusterInput,
} from "../../../lib/clusters/schema.ts";
import {
  ApplicationView,
  ApplicationWithSecret,
  CreateApplicationInput,
  RotateSecretInput,
  UpdateApplicationInput,
} from "../../../lib/identity/applications/schema.ts";
import { LoginView } from "../../../lib/identity/logins/schema.ts";
import { Me } from "../../../lib/identity/me/schema.ts";
import {
  CreatePersonInput,
  GroupsPage,
  GroupView,
  ListGroupsQuery,
  ListPeopleQuery,
  PeoplePage,
  PersonView,
  SetPersonEnabledInput,
} from "../../../lib/identity/people/schema.ts";
import { CreatedScimToken, CreateScimTokenInput, ScimTokenView } from "../../../lib/identity/scim/schema.ts";
import { EndedSessions, SessionView } from "../../../lib/identity/sessions/schema.ts";
import {
  AccessTokenView,
  ApiKeyView,
  IssuedToken,
  IssueTokenInput,
} from "../../../lib/identity/tokens/schema.ts";
import {
  Banner,
  ChangeSettingsInput,
  RetentionEffect,
  RetentionQuery,
  SettingList,
} from "../../../lib/settings/schema.ts";
import { IdParameter } from "../id-parameter.ts";
import { describeOperation, type Refusal } from "./operation.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });
const READ = [401, 403] as const;
const CHANGE = [400, 401, 403, 404, 409] as const;

interface Change {
  id: string;
  summary: string;
  body?: z.ZodType;
  answer?: z.ZodType;
}

const read = (tag: string, id: string, summary: string, answer: z.ZodType) =>
  describeOperation({ id, summary, tag, answers: json(answer), refusals: READ });
const readOf = (tag: string, id: string, summary: string, answer: z.ZodType) =>
  describeOperation({
    id,
    summary,
    tag,
    path: IdParameter,
    answers: json(answer),
    refusals: [401, 403, 404],
  });
const make = (tag: string, { id, summary, body, answer }: Change, refusals: readonly Refusal[] = CHANGE) =>
  describeOperation({ id, summary, tag, body, status: "201", answers: json(answer!), refusals });
const change = (tag: string, { id, summary, body, answer }: Change) =>
  describeOperation({ id, summary, tag, body, path: IdParameter, answers: json(answer!), refusals: CHANGE });
const remove = (tag: string, id: string, summary: string) =>
  describeOperation({
    id,
    summary,
    tag,
    path: IdParameter,
    status: "204",
    answers: {},
    refusals: [401, 403, 404],
  });

const CLUSTERS = "Clusters";
const ACCESS = "Access";
const PEOPLE = "People";
const APPLICATIONS = "Applications";
const TOKENS = "Tokens";

export const managementPaths: ZodOpenApiPathsObject = {
  "/api/v1/me": {
    get: describeOperation({
      id: "getMe",
      summary: "Who one is, one's grants, and the clusters they open",
      tag: "Authentication",
      answers: json(
        Me.extend({
          grants: z.array(GrantView),
          clusters: z.array(z.object({ id: z.string(), name: z.string() })),
        }),
      ),
      refusals: [401],
    }),
  },
  "/api/v1/clusters": {
    get: read(
      CLUSTERS,
      "listClusters",
      "Registered clusters",
      z.object({ clusters: z.array(ClusterWithHealth) }),
    ),
    post: make(CLUSTERS, {
      id: "registerCluster",
      summary: "Register a cluster",
      body: RegisterClusterInput,
      answer: ClusterView,
    }),
  },
  "/api/v1/clusters/{id}": {
    get: change(CLUSTERS, { id: "getCluster", summary: "One cluster", answer: ClusterWithHealth }),
    patch: change(CLUSTERS, {
      id: "updateCluster",
      summary: "Change a cluster",
      body: UpdateClusterInput,
      answer: ClusterView,
    }),
    delete: remove(CLUSTERS, "removeCluster", "Remove a cluster, and take back the grants on it"),
  },
  "/api/v1/clusters/{id}/health": {
    post: describeOperation({
      id: "checkCluster",
      summary: "Call a cluster now, and say what keeps calls from working or makes them unsafe",
      tag: CLUSTERS,
      path: IdParameter,
      answers: json(ClusterHealth),
      refusals: [401, 403, 404, 429],
    }),
  },
  "/api/v1/clusters/{id}/namespaces": {
    get: describeOperation({
      id: "listNamespaces",
      summary: "The namespaces of a cluster, as a role sees them",
      tag: CLUSTERS,
      path: IdParameter,
      query: ListNamespacesQuery,
      answers: json(ClusterNamespaces),
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/clusters/import": {
    post: describeOperation({
      id: "importKubeconfig",
      summary: "Register every context of a kubeconfig",
      tag: CLUSTERS,
      body: ImportKubeconfigInput,
      answers: json(z.object({ clusters: z.array(ImportedCluster) })),
      refusals: [400, 401, 403],
    }),
  },
  "/api/v1/gateway": {
    get: describeOperation({
      id: "getGateway",
      summary: "Where kubectl reaches the gateway, for a kubeconfig without tokens",
      tag: TOKENS,
      answers: json(GatewayAddress),
      refusals: [401],
    }),
  },
  "/api/v1/kubeconfig": {
    post: describeOperation({
      id: "downloadKubeconfig",
      summary: "A kubeconfig with a new token of one's own",
      tag: TOKENS,
      body: DownloadKubeconfigInput,
      answers: { "application/yaml": "A kubeconfig." },
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/tokens": {
    get: read(TOKENS, "listTokens", "One's own tokens", z.object({ tokens: z.array(AccessTokenView) })),
    post: make(TOKENS, {
      id: "issueAccessToken",
      summary: "A token of one's own, shown once",
      body: IssueTokenInput,
      answer: IssuedToken,
    }),
  },
  "/api/v1/tokens/{id}": { delete: remove(TOKENS, "revokeToken", "Revoke a token; what runs with it ends") },
  "/api/v1/api-keys": {
    get: read(TOKENS, "listApiKeys", "Everybody's keys that count", z.object({ keys: z.array(ApiKeyView) })),
  },
  "/api/v1/grants": {
    get: describeOperation({
      id: "listGrants",
      summary: "Grants that are not revoked, a page at a time",
      tag: ACCESS,
      query: ListGrantsQuery,
      answers: json(GrantList),
      refusals: [400, 401, 403],
    }),
    post: make(ACCESS, {
      id: "createGrant",
      summary: "Grant a role",
      body: CreateGrantInput,
      answer: GrantView,
    }),
  },
  "/api/v1/access/simulate": {
    post: describeOperation({
      id: "simulateCall",
      summary: "Whether a call would be allowed, and which grant, role and rule says so; nothing is called",
      tag: ACCESS,
      body: SimulateInput,
      answers: json(Simulation),
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/access/dry-run": {
    post: describeOperation({
      id: "dryRunRole",
      summary:
        "Which recorded calls a changed role would have refused or allowed: progress, then the result, a line each",
      tag: ACCESS,
      body: DryRunInput,
      answers: { "application/x-ndjson": DryRunLine },
      refusals: [400, 401, 403, 404, 429],
    }),
  },
  "/api/v1/grants/{id}": {
    patch: change(ACCESS, {
      id: "updateGrant",
      summary: "Give a grant another end",
      body: UpdateGrantInput,
      answer: GrantView,
    }),
    delete: describeOperation({
      id: "revokeGrant",
      summary: "Revoke a grant; what runs under it ends",
      tag: ACCESS,
      path: IdParameter,
      query: RevokeGrantInput,
      status: "204",
      answers: {},
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/users": {
    get: describeOperation({
      id: "listPeople",
      summary: "People, a page at a time",
      tag: PEOPLE,
      query: ListPeopleQuery,
      answers: json(PeoplePage),
      refusals: [400, 401, 403],
    }),
    post: make(PEOPLE, {
      id: "createPerson",
      summary: "Make a person known before they sign in",
      body: CreatePersonInput,
      answer: PersonView,
    }),
  },
  "/api/v1/users/{id}": {
    get: readOf(PEOPLE, "getPerson", "One person, with all of their groups", PersonView),
    patch: change(PEOPLE, {
      id: "setPersonEnabled",
      summary: "Disable a person, or take that back",
      body: SetPersonEnabledInput,
      answer: PersonView,
    }),
  },
  "/api/v1/users/{id}/tokens": {
    get: readOf(PEOPLE, "listTokensOf", "A person's tokens", z.object({ tokens: z.array(AccessTokenView) })),
  },
  "/api/v1/users/{id}/sessions": {
    get: readOf(
      PEOPLE,
      "listSessionsOf",
      "A person's sessions",
      z.object({ sessions: z.array(SessionView) }),
    ),
    delete: describeOperation({
      id: "revokeSessionsOf",
      summary: "Revoke all sessions of a person; what was made in them ends",
      tag: PEOPLE,
      path: IdParameter,
      answers: json(EndedSessions),
      refusals: [401, 403, 404],
    }),
  },
  "/api/v1/users/{id}/logins": {
    get: readOf(
      PEOPLE,
      "listLoginsOf",
      "A person's logins of the command line that count",
      z.object({ logins: z.array(LoginView) }),
    ),
  },
  "/api/v1/logins": {
    get: read(
      TOKENS,
      "listLogins",
      "One's own logins of the command line that count",
      z.object({ logins: z.array(LoginView) }),
    ),
  },
  "/api/v1/logins/{id}": {
    delete: remove(TOKENS, "revokeLogin", "End a login of the command line; what runs with it ends"),
  },
  "/api/v1/sessions": {
    get: read(TOKENS, "listSessions", "One's own sessions", z.object({ sessions: z.array(SessionView) })),
  },
  "/api/v1/sessions/others": {
    delete: describeOperation({
      id: "revokeOtherSessions",
      summary: "Revoke all of one's own sessions but the one that asks; what was made in them ends",
      tag: TOKENS,
      answers: json(EndedSessions),
      refusals: [401, 403],
    }),
  },
  "/api/v1/sessions/{id}": {
    delete: remove(PEOPLE, "revokeSession", "Revoke a session; what was made in it ends"),
  },
  "/api/v1/scim-tokens": {
    get: read(
      PEOPLE,
      "listScimTokens",
      "Tokens of SCIM clients, without themselves",
      z.object({ tokens: z.array(ScimTokenView) }),
    ),
    post: make(PEOPLE, {
      id: "createScimToken",
      summary: "Make a token for an identity provider's SCIM client; it is shown once",
      body: CreateScimTokenInput,
      answer: CreatedScimToken,
    }),
  },
  "/api/v1/scim-tokens/{id}": {
    delete: remove(PEOPLE, "revokeScimToken", "Revoke a SCIM token; the people and groups stay as they are"),
  },
  "/api/v1/groups": {
    get: describeOperation({
      id: "listGroups",
      summary: "Groups, a page at a time",
      tag: PEOPLE,
      query: ListGroupsQuery,
      answers: json(GroupsPage),
      refusals: [400, 401, 403],
    }),
  },
  "/api/v1/groups/{id}": { get: readOf(PEOPLE, "getGroup", "One group", GroupView) },
  "/api/v1/applications": {
    get: read(
      APPLICATIONS,
      "listApplications",
      "Applications",
      z.object({ applications: z.array(ApplicationView) }),
    ),
    post: make(APPLICATIONS, {
      id: "createApplication",
      summary: "Make an application; its secret is shown once",
      body: CreateApplicationInput,
      answer: ApplicationWithSecret,
    }),
  },
  "/api/v1/applications/{id}": {
    patch: change(APPLICATIONS, {
      id: "updateApplication",
      summary: "Disable an application or take that back, or change its scopes and networks: its tokens end",
      body: UpdateApplicationInput,
      answer: ApplicationView,
    }),
  },
  "/api/v1/applications/{id}/secret": {
    post: change(APPLICATIONS, {
      id: "rotateApplicationSecret",
      summary: "Another secret, shown once; the one before may count beside it for a while",
      body: RotateSecretInput.optional(),
      answer: ApplicationWithSecret,
    }),
  },
  "/api/v1/applications/{id}/secret/previous": {
    delete: remove(
      APPLICATIONS,
      "endPreviousSecret",
      "End the secret before the present one, and its tokens",
    ),
  },
  "/api/v1/settings": {
    get: read("Settings", "listSettings", "The configuration in effect, without its secrets", SettingList),
    patch: describeOperation({
      id: "changeSettings",
      summary: "Change settings while it runs, all of them or none",
      tag: "Settings",
      body: ChangeSettingsInput,
      answers: json(SettingList),
      refusals: [400, 401, 403, 409],
    }),
  },
  "/api/v1/settings/retention": {
    get: describeOperation({
      id: "getRetentionEffect",
      summary: "What the next night would remove of the record with another audit.retention_days",
      tag: "Settings",
      query: RetentionQuery,
      answers: json(RetentionEffect),
      refusals: [400, 401, 403],
    }),
  },
  "/api/v1/banner": {
    get: describeOperation({
      id: "getBanner",
      summary: "What administrators tell everybody; needs no sign-in",
      tag: "Settings",
      answers: json(Banner),
      refusals: [],
      anonymous: true,
    }),
  },
};
