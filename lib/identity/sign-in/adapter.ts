import { PrismaAdapter } from "@next-auth/prisma-adapter";
import type { Adapter, AdapterUser } from "next-auth/adapters";
import type { User } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { log } from "../../log.ts";
import { createSession, endSession } from "../sessions/mutations.ts";
import type { Attempt } from "./attempt.ts";

/**
 * next-auth's way to the database. Reading is its own adapter's; what changes something is ours, so that it has its event, a session
 * is stored by its hash, and of the provider's tokens only the refresh token is kept, sealed (admitPerson).
 */
export function baseAdapter(): Adapter {
  // The adapter is typed for the client that Prisma generates into node_modules; it uses these models alone.
  const prisma = PrismaAdapter(database() as unknown as Parameters<typeof PrismaAdapter>[0]);
  return {
    getUser: prisma.getUser,
    // An address is no person: two providers' people may have the same.
    getUserByEmail: refuse("getUserByEmail"),
    getUserByAccount: refuse("getUserByAccount"),
    // A sign-in makes a session of its own, whoever was signed in before: next-auth would keep the old one.
    getSessionAndUser: async () => null,
    createSession: refuse("createSession"),
    deleteSession: refuse("deleteSession"),
    // A session's life is fixed when it begins.
    updateSession: async () => null,
    createUser: refuse("createUser"),
    updateUser: refuse("updateUser"),
    linkAccount: refuse("linkAccount"),
  };
}

/** To sign in: admitPerson has made the person and the account known by the time next-auth asks for them. */
export function signInAdapter(attempt: Attempt): Adapter {
  const { ctx, provider, sessionToken: replaces } = attempt;
  return {
    ...baseAdapter(),
    getUserByAccount: ({ providerAccountId }) => findPerson(provider.issuer, providerAccountId),
    createSession: async (session) => {
      try {
        await createSession({
          ctx,
          input: { ...session, provider: provider.id, atProvider: attempt.atProvider, replaces },
        });
      } catch (error) {
        log.error({ err: error }, "a session could not be stored");
        attempt.failure = "the session could not be stored";
        throw error;
      }
      attempt.succeeded = true;
      return session;
    },
  };
}

/** To sign out. next-auth takes the cookie away also where the session goes on: `onFailure` hears of that. */
export function signOutAdapter(ctx: Context, onFailure: (error: unknown) => void): Adapter {
  return {
    ...baseAdapter(),
    deleteSession: (sessionToken) => endSession({ ctx, input: { sessionToken } }).catch(onFailure),
  };
}

/** next-auth asks by its own name of the provider; who it is, is for the issuer to say. */
async function findPerson(issuer: string, providerAccountId: string): Promise<AdapterUser | null> {
  const account = await database().account.findUnique({
    where: { issuer_providerAccountId: { issuer, providerAccountId } },
    include: { user: true },
  });
  return account ? adapterUser(account.user) : null;
}

function adapterUser({ id, name, email, emailVerified }: User): AdapterUser {
  return { id, name, email: email ?? "", emailVerified };
}

function refuse(method: string): () => never {
  return () => {
    throw new Error(`next-auth's ${method} has no part in this: people are made known by admitPerson alone`);
  };
}
