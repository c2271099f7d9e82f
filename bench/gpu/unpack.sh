#!/usr/bin/env bash
# On the machine without network: keeps the pieces that have come, and when all are there, unpacks them.
#
#     bench/gpu/unpack.sh PIECES KEEP        # PIECES: this transfer's folder, with SHA256SUMS; KEEP: a folder that stays
#
# Exit 0: KEEP/bin/node is ready, and node_modules of this repository points to KEEP. Exit 3: pieces are missing yet.
set -euo pipefail
pieces=${1:?usage: unpack.sh PIECES KEEP}
keep=${2:?usage: unpack.sh PIECES KEEP}
cd "$(dirname "$0")/../.."
mkdir -p "$keep/pieces"
if [ ! -x "$keep/bin/node" ]; then
  cp "$pieces"/SHA256SUMS "$keep/pieces/"
  cp "$pieces"/piece-* "$keep/pieces/" 2>/dev/null || true
  cd "$keep/pieces"
  while read -r _ name; do
    [ -f "$name" ] || { echo "missing yet: $name"; exit 3; }
  done <SHA256SUMS
  sha256sum --check --quiet SHA256SUMS
  cat piece-* | tar -xJ -C "$keep"
  rm piece-*
  cd - >/dev/null
fi
[ -e node_modules ] || ln -s "$keep/node_modules" node_modules
"$keep/bin/node" --version
