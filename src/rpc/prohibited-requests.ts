/** What may be asked for and is refused: by the names of the protocol, or by any other. */
import { type ProhibitedFeature, prohibited } from '../domain/prohibited-features.ts';
import { prohibitedFeatureOf } from '../domain/prohibited-names.ts';
import { invalidArgument } from '../domain/service-error.ts';
import { ProhibitedFeature as ProhibitedFeatureMessage } from '../gen/sotto/v1/policy.ts';

const FEATURE_NAMES = new Map<ProhibitedFeatureMessage, ProhibitedFeature>([
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_EMOTION, 'emotion'],
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_PROSODY, 'prosody'],
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_STRESS, 'stress'],
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_AROUSAL, 'arousal'],
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_VOICE_BIOMETRICS, 'voice-biometrics'],
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_SPEAKER_IDENTIFICATION, 'speaker-identification'],
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_VOICE_DIARIZATION, 'voice-diarization'],
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_ACCENT, 'accent'],
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_AGE, 'age'],
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_GENDER, 'gender'],
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_HEALTH_FROM_VOICE, 'health-from-voice'],
  [ProhibitedFeatureMessage.PROHIBITED_FEATURE_DECEPTION, 'deception'],
]);

export function refuseProhibited(features: readonly ProhibitedFeatureMessage[], field: string): void {
  for (const [index, feature] of features.entries()) {
    if (feature === ProhibitedFeatureMessage.PROHIBITED_FEATURE_UNSPECIFIED) continue;
    const name = FEATURE_NAMES.get(feature);
    if (name === undefined) throw invalidArgument(`${field}[${index}]`, 'is no known feature');
    throw prohibited(name, `${field}[${index}]`);
  }
}

/** There are none: what is offered has a field of its own. */
export function refuseFeatures(names: readonly string[], field: string): void {
  for (const [index, name] of names.entries()) {
    refuseNamed(name, `${field}[${index}]`);
    throw invalidArgument(
      `${field}[${index}]`,
      'is no feature; what Sotto offers has a field of its own, such as sentiment or word_info',
    );
  }
}

/** A name that is not known, but asks for something prohibited, gets that answer. */
export function refuseNamed(name: string, field: string): void {
  const feature = prohibitedFeatureOf(name);
  if (feature) throw prohibited(feature, field);
}
