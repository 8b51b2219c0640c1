# The api, the projector and, for a single machine, everything under one supervisor: one image, three commands.
#   node apps/api/dist/main.js           the default
#   node apps/projector/dist/main.js
#   node apps/supervisor/dist/main.js    with embedded stores in /data, unless the addresses of engines are set

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci
RUN npm run build
# What the image runs is dist/ and package.json of each package.
RUN find apps libs engines -mindepth 2 -maxdepth 2 ! -name dist ! -name package.json -exec rm -rf {} +

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY . .
# The dashboard is bundled and needs no package at run time.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev \
      --workspace apps/api --workspace apps/projector --workspace engines/process --workspace apps/supervisor \
 && mkdir -p /collected \
 && find node_modules apps/*/node_modules libs/*/node_modules engines/*/node_modules -maxdepth 0 -exec cp -a --parents {} /collected \;

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
RUN install -d -o node -g node -m 0700 /data
COPY --from=dependencies /collected ./
COPY --from=build /app/package.json /app/openapi.json ./
COPY --from=build /app/apps ./apps
COPY --from=build /app/libs ./libs
COPY --from=build /app/engines ./engines
COPY deploy ./deploy
USER node
VOLUME /data
EXPOSE 3000
# No core is left behind, which would hold keys.
ENTRYPOINT ["/bin/sh", "-c", "ulimit -c 0; exec \"$0\" \"$@\""]
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-old-space-size=512", "--max-semi-space-size=16", "--v8-pool-size=1", "apps/api/dist/main.js"]
