import type { ClientResponse } from "../answer/client-response.ts";
import type { ClientRequest } from "../request/client-request.ts";

/** One ordinary request and its response: on a connection that node:http reads, or one that the gateway's front does. */
export interface ClientExchange extends ClientRequest, ClientResponse {}
