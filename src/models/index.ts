export type { Catalog, CatalogModel, Device, Profile } from './catalog.ts';
export { DEVICES, findModel, isDownloadable, readCatalog } from './catalog.ts';
export { DEFAULT_TRANSFER } from './download.ts';
export {
  type GpuLibrariesOptions,
  type InstalledLibrary,
  installGpuLibraries,
  ONNXRUNTIME_VERSION,
} from './gpu-libraries.ts';
export type { ModelFolders, ModelState, VerifiedFile } from './installed.ts';
export { modelStates, removeModel, verifyModels } from './installed.ts';
export type { Origin, PullObserver } from './pull.ts';
export { PUBLISHED_AT, pullModel } from './pull.ts';
