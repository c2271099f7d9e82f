import { type ProhibitedFeature, prohibited } from '../domain/prohibited-features.ts';
import { prohibitedFeatureOf } from '../domain/prohibited-names.ts';
import { ServiceError } from '../domain/service-error.ts';

/**
 * Text only, by construction: a recogniser whose vocabulary can name an emotion, a sound event or a trait of
 * the speaker (SenseVoice's `<|ANGRY|>`, `<|Laughter|>`, ...) is refused before its weights are read. What
 * the decoder has no token for, it cannot say.
 */

/** How tokens look that say more than words; the rest is found by name. */
const PROHIBITED: readonly (readonly [feature: ProhibitedFeature, pattern: RegExp])[] = [
  [
    'emotion',
    /^(emo\w*|happy|sad|fear|fearful|disgust|disgusted|surprised?|frustrated?|neutral|calm|excited|bored|contempt|joy|sentiment\w*|positive|negative)$/,
  ],
  // What the voice does besides speaking, and what is heard around it.
  [
    'emotion',
    /^(event\w*|laugh\w*|cry\w*|sigh\w*|sob\w*|scream\w*|applause|music|bgm|noise|speech|sing\w*)$/,
  ],
  ['health-from-voice', /^(cough\w*|sneeze\w*|breath\w*|yawn\w*)$/],
  ['prosody', /^(pitch\w*|loud\w*|whisper\w*|shout\w*|emphasis|tempo|speed\w*|hesitation\w*)$/],
  ['gender', /^(male|female)$/],
  ['age', /^(child|adult|elderly)$/],
  ['speaker-identification', /^(speaker\w*|spk\w*)$/],
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
    if (feature)
      throw prohibited(feature, `${file}: the token ${token}, with which this model could report it`);
    if (token.startsWith('<|')) {
      throw new ServiceError(
        'failed-precondition',
        `${file}: ${token} is not a token of Whisper; models with added control tokens are not accepted`,
      );
    }
  }
}

function prohibitedFeature(name: string): ProhibitedFeature | undefined {
  const words = name.toLowerCase().split(/[^a-z]+/);
  const pattern = PROHIBITED.find(([, shape]) => words.some((word) => shape.test(word)));
  return pattern?.[0] ?? prohibitedFeatureOf(name);
}
