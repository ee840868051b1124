// Bytes of a request's body at the console and the API: the server measures them as they come, before anybody looks at the request.

export const MOST_BODY_BYTES = 64 * 1024;

/** SCIM clients send a group with all its members. */
export const SCIM_PATH = "/scim/v2";
export const MOST_SCIM_BYTES = 1024 * 1024;

/** Another request that may be longer: a kubeconfig of many clusters, each with certificates of its own. */
export const KUBECONFIG_IMPORT_PATH = "/api/v1/clusters/import";
export const MOST_KUBECONFIG_BYTES = 512 * 1024;

/** Where identity providers post SAML responses, as forms: one of somebody with 5,000 groups is long. */
export const SAML_ANSWER_PATH = "/api/auth/callback/";
export const MOST_SAML_ANSWER_BYTES = 1536 * 1024;

/** Identity providers in the console: a SAML provider's metadata may be long. */
export const PROVIDERS_PATH = "/api/v1/providers";
export const MOST_PROVIDER_BYTES = 768 * 1024;
