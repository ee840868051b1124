// What an agent asks the gateway for, at the port of the Kubernetes proxy.

/** GET with an Upgrade: the agent's connection. Its head is an {@link AgentIntroduction} and a proof ("connect"). */
export const CONNECT_PATH = "/tunnel/v1/connect";
/** POST {@link JoinRequest}, answered with {@link JoinAnswer}. */
export const JOIN_PATH = "/tunnel/v1/join";
/** POST {@link RenewRequest} with a proof ("renew"), answered with {@link RenewAnswer}. */
export const RENEW_PATH = "/tunnel/v1/renew";
/** GET: the authority of the port's certificate, PEM; 404 where the administrator's own certificate is served. Trusted only when it fits the join token's pin. */
export const AUTHORITY_PATH = "/ca.crt";

/** `Upgrade: kubewitness-tunnel`: after the 101 the connection's bytes are HTTP/2. Tried first: a third of WebSocket's CPU. */
export const RAW_PROTOCOL = "kubewitness-tunnel";
/** The subprotocol of `Upgrade: websocket`, for proxies that pass nothing else: binary messages, whose borders mean nothing, are the bytes of HTTP/2. */
export const WEBSOCKET_SUBPROTOCOL = "kubewitness-tunnel.v1";
/** The largest WebSocket message that either side takes, bytes. */
export const MOST_MESSAGE_BYTES = 1024 * 1024;

/** Of a join or renew request's body. */
export const MOST_BODY_BYTES = 16 * 1024;
