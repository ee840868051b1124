import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";

interface Options {
  challenge: string;
  user?: { id: string };
  rp?: { id?: string };
  rpId?: string;
}

/** What a page's address and a key's habits are, where they are not what they should be. */
interface Deviation {
  origin?: string;
  rpId?: string;
  userHandle?: string;
}

const USER_PRESENT_AND_VERIFIED = 0x05;
const HAS_CREDENTIAL = 0x40;
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest();

/** An authenticator without a device (Web Authentication Level 3, section 6): one ES256 key that signs what it is asked, for whom it is told. */
export class SoftwareAuthenticator {
  readonly #key: KeyObject;
  readonly #publicKey: { x: Buffer; y: Buffer };
  readonly #id = randomBytes(32);
  readonly #origin: string;
  #userHandle: string | undefined;
  #counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#key = privateKey;
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    this.#publicKey = { x: Buffer.from(x, "base64url"), y: Buffer.from(y, "base64url") };
  }

  /** navigator.credentials.create() */
  create(options: Options, { origin, rpId }: Deviation = {}) {
    this.#userHandle = options.user?.id;
    const credential = Buffer.concat([
      Buffer.alloc(16),
      Buffer.from([this.#id.length >> 8, this.#id.length & 0xff]),
      this.#id,
      this.#coseKey(),
    ]);
    const authData = this.#authData(rpId ?? options.rp?.id ?? "", credential);
    const attestation = new Map<string, unknown>([
      ["fmt", "none"],
      ["attStmt", new Map()],
      ["authData", new Uint8Array(authData)],
    ]);
    return this.#answer({
      clientDataJSON: this.#clientData("webauthn.create", options, origin).toString("base64url"),
      attestationObject: base64url(isoCBOR.encode(attestation as never)),
      transports: ["internal"],
    });
  }

  /** navigator.credentials.get() */
  get(options: Options, { origin, rpId, userHandle }: Deviation = {}) {
    this.#counter += 1;
    const authData = this.#authData(rpId ?? options.rpId ?? "");
    const clientData = this.#clientData("webauthn.get", options, origin);
    const signature = sign("sha256", Buffer.concat([authData, sha256(clientData)]), this.#key);
    return this.#answer({
      clientDataJSON: clientData.toString("base64url"),
      authenticatorData: authData.toString("base64url"),
      signature: signature.toString("base64url"),
      userHandle: userHandle ?? this.#userHandle,
    });
  }

  #answer(response: Record<string, unknown>) {
    const id = this.#id.toString("base64url");
    return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
  }

  #clientData(type: string, { challenge }: Options, origin = this.#origin): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }), "utf8");
  }

  #authData(rpId: string, credential: Buffer = Buffer.alloc(0)): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.#counter);
    const flags = USER_PRESENT_AND_VERIFIED | (credential.length > 0 ? HAS_CREDENTIAL : 0);
    return Buffer.concat([sha256(rpId), Buffer.of(flags), counter, credential]);
  }

  #coseKey(): Buffer {
    const { x, y } = this.#publicKey;
    const key = new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(x)],
      [-3, new Uint8Array(y)],
    ]);
    return Buffer.from(isoCBOR.encode(key as never));
  }
}
