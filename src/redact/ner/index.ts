export { type ModelTaggerOptions, startModelTagger } from './model-tagger.ts';
