#!/usr/bin/env bash
# What bench/gpu/run.ts needs on a machine without network, in pieces that a transfer with a size limit takes:
# Node, the packages that the server runs on, and onnxruntime's CUDA provider. The repository itself goes its own way.
#
#     bench/gpu/pack.sh OUT [PROVIDERS] [PIECE_MIB]
#
# OUT gets piece-000, piece-001, ... and SHA256SUMS. PROVIDERS is a folder that `sotto setup-gpu` filled on a machine
# with network (libonnxruntime_providers_cuda.so and _shared.so); without, the CPU is all there is.
set -euo pipefail
out=${1:?usage: pack.sh OUT [PROVIDERS] [PIECE_MIB]}
providers=${2:-}
piece_mib=${3:-20}
cd "$(dirname "$0")/../.."
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$out" "$stage/bin"
rm -f "$out"/piece-* "$out"/SHA256SUMS
cp -L "$(npx node -p process.execPath)" "$stage/bin/node"
strip "$stage/bin/node" 2>/dev/null || true
# The packages of production, as npm knows them: no compilers, no linters, no other platforms.
# It exits with 1 where optional packages of other platforms are not there.
{ npm ls --omit=dev --all --parseable 2>/dev/null || true; } | sed -n 's|.*/node_modules/|node_modules/|p' | sort -u |
  grep -vE '^node_modules/(node|node-bin-[^/]*|@bufbuild/buf(-[^/]*)?|@biomejs|@rolldown|lightningcss[^/]*|@typescript|dprint-node)(/|$)' \
    >"$stage/packages"
tar -ch --exclude='*/bin/napi-v*/darwin' --exclude='*/bin/napi-v*/win32' --exclude='*/bin/napi-v*/linux/arm64' \
  --exclude='node_modules/*/node_modules/.cache' --files-from "$stage/packages" | tar -x -C "$stage"
if [ -n "$providers" ]; then
  binaries=$(dirname "$(find "$stage/node_modules/onnxruntime-node/bin" -name 'onnxruntime_binding.node' | head -1)")
  cp -L "$providers"/libonnxruntime_providers_*.so "$binaries/"
fi
rm "$stage/packages"
tar -c -C "$stage" . | xz -T0 -6 | split -b "${piece_mib}M" -d -a 3 - "$out/piece-"
(cd "$out" && sha256sum piece-* >SHA256SUMS)
du -ch "$out"/piece-* | tail -1
