# The reverse tunnel's agent as an image:
#
#     npm run agent
#     docker build --file deploy/agent.Dockerfile --tag kubewitness-agent:0.1.0 .
#
# NODE is an image with Node 24 whose distribution you keep current.
ARG NODE=node:24-slim
FROM ${NODE}
# For KUBEWITNESS_AGENT_STATE outside Kubernetes: a volume that is made of it is the agent's alone.
RUN install -d -o 65532 -g 65532 -m 0700 /var/lib/kubewitness-agent
COPY dist/kubewitness-agent.mjs /kubewitness-agent.mjs
USER 65532:65532
# Without a shell between, so that SIGTERM reaches the agent, which then lets calls end.
ENTRYPOINT ["node", "/kubewitness-agent.mjs"]
