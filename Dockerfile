# The server and the command line.
#   docker build -t sotto .                          for CPUs
#   docker build --target cuda -t sotto:cuda .       for NVIDIA GPUs

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

FROM nvidia/cuda:13.0.2-cudnn-runtime-ubuntu24.04 AS cuda
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --gid 1001 node && useradd --uid 1001 --gid node --no-create-home node \
  && install -d -o 1001 -g 1001 -m 700 /var/lib/sotto
COPY --from=dependencies /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=files /app ./
# The provider of the very onnxruntime in node_modules. What it needs of the driver comes with the host, so that here
# doctor looks at the rest, on the CPU.
RUN node src/cli/sotto.ts setup-gpu --from pypi && node src/cli/sotto.ts doctor
ENV NODE_ENV=production SOTTO_METRICS_HOST=0.0.0.0 SOTTO_ENGINE_EXECUTION_PROVIDERS=cuda,cpu
USER 1001:1001
EXPOSE 50051 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
  CMD ["node", "/app/src/cli/sotto.ts", "health"]
ENTRYPOINT ["node", "/app/src/cli/sotto.ts"]
CMD ["serve"]

FROM node:24-bookworm-slim AS cpu
# The folder is where a volume goes for what is kept; Docker gives the volume its owner.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o 1000 -g 1000 -m 700 /var/lib/sotto
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
