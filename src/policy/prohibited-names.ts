import { type ProhibitedFeature, prohibited } from './prohibited-features.ts';

/**
 * Words that name a prohibited feature, in English, Dutch, German, French and Italian, without accents.
 * An entry of several words matches them in this order, next to each other, however they are joined
 * (`voicePrint`, `voice_print`, `voice-print`, `voiceprint`).
 */
const NAMES: Readonly<Record<ProhibitedFeature, readonly string[]>> = {
  emotion: [
    ...['emotion', 'emotions', 'emotional', 'emotie', 'emoties', 'emotionen', 'emozione', 'emozioni'],
    ...[
      'affect',
      'affective',
      'mood',
      'moods',
      'stemming',
      'stimmung',
      'humeur',
      'umore',
      'gefuehl',
      'gefuhl',
    ],
    ...['anger', 'angry', 'happiness', 'sadness', 'feelings', 'feeling', 'gevoel', 'tone of voice'],
    ...['voice sentiment', 'audio sentiment', 'acoustic sentiment', 'sentiment audio', 'sentiment voice'],
    ...['sentiment from audio', 'sentiment from voice'],
  ],
  prosody: [
    ...[
      'prosody',
      'prosodic',
      'prosodie',
      'prosodia',
      'intonation',
      'intonatie',
      'intonazione',
      'pitch',
      'f0',
    ],
    ...['loudness', 'speech rate', 'speaking rate', 'voice tone', 'vocal tone', 'jitter shimmer', 'shimmer'],
  ],
  stress: ['stress', 'stressed', 'stresslevel', 'tension', 'fatigue', 'stress level'],
  arousal: ['arousal', 'valence', 'excitement', 'agitation', 'opwinding', 'erregung'],
  'voice-biometrics': [
    ...['voice print', 'voice prints', 'voice biometrics', 'voice biometric', 'biometrics', 'biometric'],
    ...['biometrie', 'biometria', 'voice embedding', 'voice id', 'stem afdruk', 'stimm abdruck'],
    ...['empreinte vocale', 'impronta vocale', 'voice authentication', 'voice verification'],
  ],
  'speaker-identification': [
    ...['speaker identification', 'speaker id', 'speaker verification', 'speaker recognition'],
    ...[
      'speaker embedding',
      'speaker embeddings',
      'speaker enrollment',
      'speaker profile',
      'speaker profiles',
    ],
    ...['sprecher erkennung', 'spreker herkenning', 'identification du locuteur', 'xvector', 'ecapa'],
  ],
  'voice-diarization': ['diarization', 'diarisation', 'diarize', 'diarise', 'diarisatie', 'diarisierung'],
  accent: ['accent', 'accents', 'dialect', 'dialekt', 'akzent', 'accento', 'ethnicity', 'origin detection'],
  age: ['age', 'ages', 'speaker age', 'leeftijd', 'sprecher alter', 'age group', 'age detection'],
  gender: ['gender', 'speaker sex', 'geslacht', 'geschlecht', 'genre du locuteur', 'genere', 'sex'],
  'health-from-voice': [
    ...['voice health', 'health from voice', 'vocal biomarker', 'vocal biomarkers', 'depression'],
    ...['cough detection', 'intoxication', 'voice disease'],
  ],
  deception: [
    ...['deception', 'lie detection', 'lie detector', 'lying', 'truthfulness', 'leugen detectie'],
    ...['lugen detektion', 'luegen detektion', 'mensonge', 'menzogna', 'credibility'],
  ],
};

/** Every entry without the gaps between its words, so that any way of joining them is found. */
const FEATURE_BY_NAME: ReadonlyMap<string, ProhibitedFeature> = new Map(
  Object.entries(NAMES).flatMap(([feature, names]) =>
    names.map((name) => [name.replaceAll(' ', ''), feature as ProhibitedFeature] as const),
  ),
);
const MAX_WORDS = 4;

/**
 * The prohibited feature that a name asks for, if any. Names are compared word by word, so that `language` is
 * not `age` and `maxMessageBytes` is nothing at all.
 */
export function prohibitedFeatureOf(name: string): ProhibitedFeature | undefined {
  const words = wordsOf(name);
  for (let length = Math.min(MAX_WORDS, words.length); length >= 1; length--) {
    for (let start = 0; start + length <= words.length; start++) {
      const feature = FEATURE_BY_NAME.get(words.slice(start, start + length).join(''));
      if (feature) return feature;
    }
  }
  return undefined;
}

/** Throws `prohibited-by-design` for the first key or text in `tree` that asks for a feature; `where` names its file. */
export function refuseProhibitedNames(tree: unknown, where: string): void {
  if (typeof tree === 'string') {
    const feature = prohibitedFeatureOf(tree);
    if (feature) throw prohibited(feature, where);
  } else if (typeof tree === 'object' && tree !== null) {
    for (const [key, child] of Object.entries(tree)) {
      const at = `${where}: ${key}`;
      refuseProhibitedNames(key, at);
      refuseProhibitedNames(child, at);
    }
  }
}

function wordsOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
}
