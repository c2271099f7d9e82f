import { Role } from '../src/gen/sotto/v1/party.ts';
import { LawfulBasis, Notice } from '../src/gen/sotto/v1/policy.ts';
import { AudioEncoding, type StreamTranscribeRequest } from '../src/gen/sotto/v1/transcription.ts';
import { DEMO_RATE_HZ } from './demo-calls.ts';

/** The first message of a live call with everything switched on: words, partials, sentiment. */
export function liveConfig(
  language: string,
  options: { readonly interimResults: boolean; readonly endpointMs: number },
): StreamTranscribeRequest {
  return {
    message: {
      $case: 'config',
      value: {
        audio: {
          encoding: AudioEncoding.AUDIO_ENCODING_MULAW,
          sampleRateHertz: DEMO_RATE_HZ,
          channels: [{ role: Role.ROLE_CALLER }, { role: Role.ROLE_AGENT }],
        },
        recognition: {
          languageCodes: [language],
          wordInfo: true,
          hotWords: [],
          redaction: undefined,
          sentiment: true,
          prohibitedFeatures: [],
          features: [],
        },
        declaration: {
          purpose: 'live-assistance',
          lawfulBasis: LawfulBasis.LAWFUL_BASIS_CONSENT,
          notice: Notice.NOTICE_ANNOUNCED,
          callId: '',
          subjects: [],
        },
        interimResults: options.interimResults,
        interimInterval: undefined,
        endpointSilence: { seconds: 0, nanos: options.endpointMs * 1e6 },
        resumable: false,
        waitForStart: false,
        resume: undefined,
      },
    },
  };
}
