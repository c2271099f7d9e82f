export * from './archive-counts.ts';
export * from './archive-item.ts';
export * from './archive-job.ts';
export * from './archive-result.ts';
export * from './archive-worker.ts';
export { ItemKeys, type ItemOwner } from './item-keys.ts';
