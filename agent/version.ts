import project from "../package.json" with { type: "json" };

/** The agent's version, which is the gateway's of the same release. */
export const { version } = project;
