# The server and the command line, for CPUs: docker build -t sotto .

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install scripts are needed: the image brings its own Node and ffmpeg.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force \
  # Libraries for other systems than this one.
  && cd node_modules/onnxruntime-node/bin/napi-v6 \
  && find . -mindepth 1 -maxdepth 1 ! -name linux -exec rm -r {} + \
  && find linux -mindepth 1 -maxdepth 1 ! -name "$(node -p process.arch)" -exec rm -r {} +

FROM scratch AS files
WORKDIR /app
COPY package.json LICENSE README.md ./
COPY proto ./proto
COPY models/embedded ./models/embedded
COPY models/catalog.json ./models/
COPY demo/calls ./demo/calls
COPY src ./src

FROM node:24-bookworm-slim AS cpu
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=files /app ./
# Proves that the models load here, and compiles what the recogniser would else compile at its first start.
RUN node src/cli/sotto.ts doctor
# Nothing under /app is written, so that the root file system can be read-only; nobody but root may change it.
ENV NODE_ENV=production SOTTO_METRICS_HOST=0.0.0.0
USER 1000:1000
EXPOSE 50051 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "/app/src/cli/sotto.ts", "health"]
# Node would ignore signals as process 1 without handlers; `sotto` has them.
ENTRYPOINT ["node", "/app/src/cli/sotto.ts"]
CMD ["serve"]
