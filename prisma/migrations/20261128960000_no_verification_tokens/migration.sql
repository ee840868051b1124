-- Links by e-mail, which next-auth kept here, have never been a way to sign in: no version read or wrote it.
DROP TABLE "verification_tokens";
