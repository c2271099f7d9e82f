export { privacyService } from './privacy-service.ts';
export type { ServiceFacts } from './processing-record.ts';
export { subjectIdentifier } from './subject-message.ts';
