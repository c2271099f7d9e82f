import { describe, expect, test } from 'vitest';
import { checkVocabulary } from '../../src/asr/vocabulary-gate.ts';
import { ServiceError } from '../../src/domain/service-error.ts';

function refusal(...tokens: string[]): ServiceError | undefined {
  try {
    checkVocabulary('tokenizer.json', tokens);
    return undefined;
  } catch (error) {
    return error as ServiceError;
  }
}

describe('the vocabulary gate', () => {
  // SenseVoice: FunAudioLLM/SenseVoice, model.py; emotion2vec; Whisper fine-tunes with tags for speakers.
  test.each([
    ['<|HAPPY|>', 'emotion'],
    ['<|ANGRY|>', 'emotion'],
    ['<|sad|>', 'emotion'],
    ['<|EMO_UNKNOWN|>', 'emotion'],
    ['<|NEUTRAL|>', 'emotion'],
    ['<angry>', 'emotion'],
    ['[laughter]', 'emotion'],
    ['<|Applause|>', 'emotion'],
    ['<|Event_UNK|>', 'emotion'],
    ['<|BGM|>', 'emotion'],
    ['<|Cough|>', 'health-from-voice'],
    ['<|pitch_high|>', 'prosody'],
    ['<|female|>', 'gender'],
    ['<|spk0|>', 'speaker-identification'],
  ])('refuses %s as %s', (token, feature) => {
    const error = refusal('hello', '<|en|>', token);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ kind: 'prohibited-by-design', detail: { feature } });
    expect(error!.message).toContain(token);
  });

  test('refuses control tokens Whisper does not have', () => {
    expect(refusal('<|withitn|>')).toMatchObject({ kind: 'failed-precondition' });
  });

  test.each(['happy', 'Ġangry', 'Ġ[', '<', '<|endoftext|>', '<|yue|>', '<|nocaptions|>', '<|29.98|>'])(
    'accepts %s',
    (token) => {
      expect(refusal(token)).toBeUndefined();
    },
  );
});
