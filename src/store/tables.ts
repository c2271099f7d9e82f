/** Rows as the queries see them; the migrations say how they are stored. */
// biome-ignore lint/complexity/noBannedTypes: the first table comes with the vault.
export type Tables = {};
