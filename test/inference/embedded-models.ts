import { fileURLToPath } from 'node:url';

/** The models in the repository, for tests that want a real one. */
export const NER_FOLDER = fileURLToPath(new URL('../../models/embedded/ner', import.meta.url));
export const SENTIMENT_FOLDER = fileURLToPath(new URL('../../models/embedded/sentiment', import.meta.url));
