/**
 * What Sotto refuses by design: it listens to what is said, never to how.
 * Regulation (EU) 2024/1689 (AI Act) Art. 3(39), Art. 5(1)(f) and Annex III 1(c); GDPR Art. 9.
 */
import { ServiceError } from './service-error.ts';

export const PROHIBITED_FEATURES = [
  'emotion',
  'prosody',
  'stress',
  'arousal',
  'voice-biometrics',
  'speaker-identification',
  'voice-diarization',
  'accent',
  'age',
  'gender',
  'health-from-voice',
  'deception',
] as const;
export type ProhibitedFeature = (typeof PROHIBITED_FEATURES)[number];

/** Article that the refusal cites, by feature. */
export const PROHIBITION_SOURCE: Readonly<Record<ProhibitedFeature, string>> = {
  emotion: 'AI Act Art. 5(1)(f)',
  prosody: 'AI Act Art. 3(39), 5(1)(f)',
  stress: 'AI Act Art. 5(1)(f)',
  arousal: 'AI Act Art. 5(1)(f)',
  'voice-biometrics': 'GDPR Art. 9(1); AI Act Annex III 1(a)',
  'speaker-identification': 'GDPR Art. 9(1); AI Act Annex III 1(a)',
  'voice-diarization': 'GDPR Art. 9(1)',
  accent: 'GDPR Art. 9(1); AI Act Art. 5(1)(g)',
  age: 'AI Act Annex III 1(b)',
  gender: 'AI Act Annex III 1(b)',
  'health-from-voice': 'GDPR Art. 9(1)',
  deception: 'AI Act Art. 5(1)(f)',
};

/** The refusal; `where` names the field, key, file or model that asked. */
export function prohibited(feature: ProhibitedFeature, where: string): ServiceError {
  return new ServiceError(
    'prohibited-by-design',
    `${where}: ${feature} is refused by design (PROHIBITED_BY_DESIGN: ${PROHIBITION_SOURCE[feature]}); leave it out. ` +
      'Sotto listens to what is said, never to how: see docs/no-emotion.md',
    { detail: { field: where, feature } },
  );
}
