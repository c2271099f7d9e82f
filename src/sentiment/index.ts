export { type SentimentModel, type SentimentModelOptions, startSentimentModel } from './sentiment-model.ts';
