import { describe, expect, it } from 'vitest';
import { CONFIG_KEYS } from '../../src/config/keys.ts';
import { defaultConfig, loadConfig } from '../../src/config.ts';
import { prohibitedFeatureOf } from '../../src/domain/prohibited-names.ts';
import { ServiceError } from '../../src/domain/service-error.ts';

describe('prohibited features in the configuration', () => {
  it.each([
    ['emotion', 'emotion'],
    ['EMOTION_DETECTION', 'emotion'],
    ['detectEmotions', 'emotion'],
    ['emotie-herkenning', 'emotion'],
    ['émotion', 'emotion'],
    ['riconoscimento_emozioni', 'emotion'],
    ['Gefühl', 'emotion'],
    ['sentiment.fromAudio', 'emotion'],
    ['prosody', 'prosody'],
    ['pitchTracking', 'prosody'],
    ['speaking-rate', 'prosody'],
    ['stressLevel', 'stress'],
    ['callerStress', 'stress'],
    ['arousal', 'arousal'],
    ['voicePrint', 'voice-biometrics'],
    ['voiceprint', 'voice-biometrics'],
    ['VOICE_BIOMETRICS', 'voice-biometrics'],
    ['Stimmabdruck', 'voice-biometrics'],
    ['speaker_embedding', 'speaker-identification'],
    ['speaker.verification', 'speaker-identification'],
    ['diarization', 'voice-diarization'],
    ['speakerDiarisation', 'voice-diarization'],
    ['accentDetection', 'accent'],
    ['callerAge', 'age'],
    ['leeftijd', 'age'],
    ['gender', 'gender'],
    ['Geschlecht', 'gender'],
    ['vocal_biomarkers', 'health-from-voice'],
    ['lieDetection', 'deception'],
  ])('%s asks for %s', (name, feature) => {
    expect(prohibitedFeatureOf(name)).toBe(feature);
  });

  it.each([
    'language',
    'maxMessageBytes',
    'storage',
    'message',
    'usage',
    'pageSize',
    'sentiment',
    'HEALTH',
    'models',
  ])('%s asks for nothing prohibited', (name) => expect(prohibitedFeatureOf(name)).toBeUndefined());

  it('no key of ours is prohibited', () => {
    for (const { path, variable } of CONFIG_KEYS) {
      expect(prohibitedFeatureOf(path), path).toBeUndefined();
      expect(prohibitedFeatureOf(variable), variable).toBeUndefined();
    }
  });

  it.each([
    [{ emotion: { enabled: true } }],
    [{ sentiment: { enabled: true, audio: true } }],
    [{ recognition: { speakerDiarization: true } }],
    [{ recognition: { features: ['words', 'prosody'] } }],
    [{ analysis: { kind: 'stress' } }],
    [{ redaction: { operators: { EMOTION: 'keep' } } }],
    [{ speaker: { embedding: true } }],
  ])('%j is refused as prohibited, not as unknown', (value) => {
    expect(() => defaultConfig(value as object)).toThrowError(
      expect.objectContaining({
        kind: 'prohibited-by-design',
        message: expect.stringContaining('refused by design'),
      }),
    );
  });

  it('a variable is refused as prohibited too', () => {
    const environment = { SOTTO_RECOGNITION_EMOTION: 'true' };
    expect(() => loadConfig({ environment })).toThrowError(ServiceError);
    expect(() => loadConfig({ environment })).toThrowError(
      expect.objectContaining({
        kind: 'prohibited-by-design',
        detail: expect.objectContaining({ feature: 'emotion' }),
      }),
    );
  });
});
