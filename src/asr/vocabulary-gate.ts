import { ServiceError } from '../domain/service-error.ts';

/**
 * Text only, by construction: a recogniser whose vocabulary can name an emotion, a sound event or a trait of
 * the speaker (SenseVoice's `<|ANGRY|>`, `<|Laughter|>`, ...) is refused before its weights are read. What
 * the decoder has no token for, it cannot say.
 */

/** Features as named in docs/no-emotion.md, and how tokens that carry them look. */
const PROHIBITED: readonly (readonly [feature: string, pattern: RegExp])[] = [
  [
    'emotion',
    /^(emo\w*|happy|happiness|sad|sadness|angry|anger|fear|fearful|disgust|disgusted|surprised?|frustrated?|neutral|calm|excited|bored|contempt|joy|sentiment\w*|positive|negative)$/,
  ],
  [
    'sound-event',
    /^(event\w*|laugh\w*|cry\w*|cough\w*|sneeze\w*|breath\w*|sigh\w*|sob\w*|applause|music|bgm|noise|scream\w*|yawn\w*|speech|sing\w*)$/,
  ],
  [
    'prosody',
    /^(prosody|stress|pitch\w*|loud\w*|whisper\w*|shout\w*|emphasis|tempo|speed\w*|hesitation\w*)$/,
  ],
  ['biometrics', /^(male|female|gender\w*|age\w*|child|adult|elderly|accent\w*|speaker\w*|spk\w*)$/],
];

/** The control tokens of Whisper (openai/whisper, tokenizer.py), old names included. */
const CONTROL = new Set([
  'endoftext',
  'startoftranscript',
  'translate',
  'transcribe',
  'startoflm',
  'startofprev',
  'nospeech',
  'nocaptions',
  'notimestamps',
]);

/** Codes of all of Whisper's languages (openai/whisper, tokenizer.py, LANGUAGES). */
const LANGUAGES = new Set(
  (
    'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la ' +
    'mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be ' +
    'tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue'
  ).split(' '),
);

/**
 * `tokens`: the whole vocabulary. Only tokens in brackets are judged (`<|...|>`, `<...>`, `[...]`): ordinary
 * word pieces are what people say.
 */
export function checkVocabulary(file: string, tokens: Iterable<string>): void {
  for (const token of tokens) {
    const name = /^(?:<\|(.+)\|>|<([^<>]+)>|\[([^[\]]+)\])$/.exec(token)?.slice(1).find(Boolean);
    if (name === undefined) continue;
    const isControl = token.startsWith('<|') && (CONTROL.has(name) || LANGUAGES.has(name));
    if (isControl || (token.startsWith('<|') && /^\d+\.\d\d$/.test(name))) continue;
    const feature = prohibitedFeature(name);
    if (feature) {
      throw new ServiceError(
        'prohibited-by-design',
        `${file}: the token ${token} lets this model report ${feature}; Sotto recognises words only, choose a model without it`,
        { detail: { feature } },
      );
    }
    if (token.startsWith('<|')) {
      throw new ServiceError(
        'failed-precondition',
        `${file}: ${token} is not a token of Whisper; models with added control tokens are not accepted`,
      );
    }
  }
}

function prohibitedFeature(name: string): string | undefined {
  const words = name.toLowerCase().split(/[^a-z]+/);
  return PROHIBITED.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0];
}
