import { PrismaAdapter } from "@next-auth/prisma-adapter";
import type { Adapter, AdapterSession, AdapterUser } from "next-auth/adapters";
import type { User } from "../../../prisma/generated/client.ts";
import { issuerInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import { database } from "../../db/connection.ts";
import { createSession, endSession } from "../sessions/mutations.ts";
import { hashSessionToken } from "../sessions/token.ts";
import { attempt } from "./attempt.ts";

/**
 * next-auth's way to the database. Reading is its own adapter's; what changes something is ours, so that it has its event, a session
 * is stored by its hash, and of the provider's tokens only the refresh token is kept, sealed (admitPerson).
 */
export function createAdapter(): Adapter {
  // The adapter is typed for the client that Prisma generates into node_modules; it uses these models alone.
  const prisma = PrismaAdapter(database() as unknown as Parameters<typeof PrismaAdapter>[0]);
  return {
    getUser: prisma.getUser,
    getUserByEmail: prisma.getUserByEmail,
    getUserByAccount,
    getSessionAndUser,
    createSession: async (session) => {
      const { ctx, sessionToken: replaces } = attempt();
      await createSession({ ctx, input: { ...session, replaces } });
      return session;
    },
    deleteSession: async (sessionToken) => {
      await endSession({ ctx: attempt().ctx, input: { sessionToken } });
    },
    // A session's life is fixed when it begins.
    updateSession: async () => null,
    createUser: refuse("createUser"),
    updateUser: refuse("updateUser"),
    linkAccount: refuse("linkAccount"),
  };
}

/** next-auth asks by its own name of the provider; who it is, is for the issuer to say. */
async function getUserByAccount({ providerAccountId }: { providerAccountId: string }) {
  const issuer = issuerInEffect(config());
  const account = await database().account.findUnique({
    where: { issuer_providerAccountId: { issuer, providerAccountId } },
    include: { user: true },
  });
  return account ? adapterUser(account.user) : null;
}

async function getSessionAndUser(
  sessionToken: string,
): Promise<{ session: AdapterSession; user: AdapterUser } | null> {
  const session = await database().session.findUnique({
    where: { sessionToken: hashSessionToken(sessionToken) },
    include: { user: true },
  });
  if (!session?.user.enabled) return null;
  return {
    session: { sessionToken, userId: session.userId, expires: session.expires },
    user: adapterUser(session.user),
  };
}

function adapterUser({ id, name, email, emailVerified }: User): AdapterUser {
  return { id, name, email: email ?? "", emailVerified };
}

/** admitPerson has made the person and the account known by the time next-auth would. */
function refuse(method: string): () => never {
  return () => {
    throw new Error(`${method}: people are made known by admitPerson alone`);
  };
}
