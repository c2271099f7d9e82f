/** Finds in a name, in English, Dutch, German, French and Italian, that it asks for a prohibited feature. */
import { readingsOf } from './fold-name.ts';
import { type ProhibitedFeature, prohibited } from './prohibited-features.ts';

/**
 * Whole names without accents. An entry of several words matches them in this order, next to each other, however
 * they are joined (`voicePrint`, `voice_print`, `voice-print`, `voiceprint`); a plural with s matches as well.
 */
const NAMES: Readonly<Record<ProhibitedFeature, readonly string[]>> = {
  emotion: [
    ...['emo', 'affective', 'affect recognition', 'affect detection', 'mood', 'humeur', 'umore', 'feeling'],
    ...[
      'anger',
      'angry',
      'happiness',
      'sadness',
      'gevoel',
      'gevoelen',
      'gefuhl',
      'gefuhle',
      'gefuehl',
      'gefuehle',
    ],
    ...['tone of voice', 'voice sentiment', 'audio sentiment', 'acoustic sentiment', 'vocal sentiment'],
    ...[
      'sentiment audio',
      'sentiment voice',
      'sentiment from audio',
      'sentiment from voice',
      'speech sentiment',
    ],
    ...['sentimento vocale', 'sentiment vocal', 'stem sentiment', 'stimmung', 'etat d ame', 'stato d animo'],
    ...['frustration', 'frustratie', 'colere', 'rabbia', 'woede', 'wut', 'laughter', 'crying'],
  ],
  prosody: [
    ...[
      'f0',
      'pitch',
      'loudness',
      'speech rate',
      'speaking rate',
      'voice tone',
      'vocal tone',
      'jitter shimmer',
    ],
    ...[
      'shimmer',
      'spreektempo',
      'stemhoogte',
      'tonhohe',
      'tonhoehe',
      'stimmlage',
      'debit de parole',
      'tono di voce',
    ],
    ...['ton de la voix', 'hauteur de voix', 'voice energy', 'speech tempo', 'sprechtempo'],
  ],
  stress: ['stress', 'stressed', 'fatigue', 'voice tension', 'vocal tension', 'burnout', 'vermoeidheid'],
  arousal: ['valence', 'excitement', 'agitation', 'eccitazione'],
  'voice-biometrics': [
    ...[
      'voice print',
      'voice embedding',
      'voice id',
      'voice authentication',
      'voice verification',
      'voice match',
    ],
    ...['stem afdruk', 'stem print', 'stem profiel', 'stimm abdruck', 'stimm profil', 'stimm vergleich'],
    ...['empreinte vocale', 'impronta vocale', 'voice signature', 'voice profile', 'signature vocale'],
  ],
  'speaker-identification': [
    ...[
      'speaker id',
      'speaker identification',
      'speaker verification',
      'speaker recognition',
      'speaker embedding',
    ],
    ...[
      'speaker enrollment',
      'speaker enrolment',
      'speaker profile',
      'speaker vector',
      'x vector',
      'd vector',
    ],
    ...[
      'sprecher erkennung',
      'spreker herkenning',
      'stem herkenning',
      'stimm erkennung',
      'identification du locuteur',
    ],
    ...['reconnaissance du locuteur', 'riconoscimento del parlante', 'identificazione del parlante'],
    ...['riconoscimento vocale del parlante', 'verification du locuteur', 'who is speaking'],
  ],
  'voice-diarization': ['segmentation en locuteurs', 'speaker clustering', 'speaker turns by voice'],
  accent: [
    'accent',
    'accento',
    'accenti',
    'ethnicity',
    'origin detection',
    'native speaker detection',
    'herkomst',
  ],
  age: [
    ...[
      'age',
      'speaker age',
      'age group',
      'age detection',
      'sprecher alter',
      'eta del parlante',
      'stima eta',
    ],
    ...['stima dell eta', 'fascia d eta', 'estimation de l age', 'tranche d age'],
  ],
  gender: [
    'sex',
    'sexe',
    'speaker sex',
    'genre du locuteur',
    'genere',
    'genere del parlante',
    'male or female',
  ],
  'health-from-voice': [
    ...[
      'voice health',
      'health from voice',
      'voice disease',
      'cough detection',
      'intoxication',
      'drunkenness',
    ],
    ...[
      'sante vocale',
      'salute dalla voce',
      'gezondheid uit stem',
      'dementia from voice',
      'parkinson from voice',
    ],
  ],
  deception: [
    ...[
      'lie detection',
      'lie detector',
      'lying',
      'credibility',
      'leugen detectie',
      'mensonge',
      'menzogna',
      'bugia',
    ],
    ...['voice risk analysis', 'lugen detektion', 'luegen detektion', 'lugen detektor', 'leugen detector'],
  ],
};

/** Stems that mean the feature in any word that has them, compounds of Dutch and German above all. */
const STEMS: readonly (readonly [ProhibitedFeature, RegExp])[] = [
  // Not demotion, remotion.
  [
    'emotion',
    /(?<![dr])emotion|emotie|emozion|emotiv|gefuhls|gefuehls|gevoelens|^stemmings|^stimmungs|^mood(?:detec|anal|recog)/,
  ],
  ['prosody', /prosod|intonat|intonaz|^pitch(?:track|detec|contour|level|anal)/],
  ['stress', /stress(?:level|niveau|detec|erkenn|herken|anal|score|index)/],
  ['arousal', /arousal|opwinding|erregung/],
  // Not invoice print.
  ['voice-biometrics', /biometr|(?<!in)voiceprint|stemafdruk|stimmabdruck/],
  [
    'speaker-identification',
    /(?:speaker|sprecher|spreker)(?:ident|verif|recog|embed|enrol|erkenn|herken)|^ecapa|xvector/,
  ],
  ['voice-diarization', /diari[sz]/],
  ['accent', /^(?:accent|akzent)(?:detec|recog|erkenn|herken|class|anal)|dialect|dialekt|dialett|akzent/],
  [
    'age',
    /leeftijd|^age(?:detec|estim|recog|class|predict)|^alters?(?:schatz|schaetz|erkenn|grupp)|sprecheralter/,
  ],
  ['gender', /(?<!en)gender|geschlecht|geslacht/],
  ['health-from-voice', /biomarker|depressi(?:on|e)/],
  ['deception', /decept|liedetec|l(?:eu|u|ue)gende[tc]|menzogn|polygraph|truthful/],
];

/** What sounds like it and asks for nothing: inclusive wording, software tests, sales. */
const INNOCENT =
  /\b(?:gender[ -_]?(?:neutral\w*|inclusi\w*|equality|pay gap)|geschlechts?neutral\w*|genderneutraal|(?:stress|load)[ -_]?test(?:s|ing)?|sales[ -_]?pitch(?:es)?|elevator[ -_]?pitch(?:es)?)\b/gi;

/** Every entry without the gaps between its words, so that any way of joining them is found. */
const FEATURE_BY_NAME: ReadonlyMap<string, ProhibitedFeature> = new Map(
  Object.entries(NAMES).flatMap(([feature, names]) =>
    names.map((name) => [name.replaceAll(' ', ''), feature as ProhibitedFeature] as const),
  ),
);
const MAX_WORDS = 5;

/**
 * The prohibited feature that a name asks for, if any. Names are compared word by word, so that `language` is
 * not `age` and `maxMessageBytes` is nothing at all.
 */
export function prohibitedFeatureOf(name: string): ProhibitedFeature | undefined {
  for (const words of readingsOf(name.replace(INNOCENT, ' '))) {
    const feature = featureInWords(words);
    if (feature) return feature;
  }
  return undefined;
}

function featureInWords(words: readonly string[]): ProhibitedFeature | undefined {
  for (let length = Math.min(MAX_WORDS, words.length); length >= 1; length--) {
    for (let start = 0; start + length <= words.length; start++) {
      const joined = words.slice(start, start + length).join('');
      const feature = FEATURE_BY_NAME.get(joined) ?? FEATURE_BY_NAME.get(joined.replace(/e?s$/, ''));
      if (feature) return feature;
    }
  }
  return STEMS.find(([, stem]) => words.some((word) => stem.test(word)))?.[0];
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
